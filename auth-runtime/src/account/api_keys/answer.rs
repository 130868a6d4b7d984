use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Serialize, Serializer};

use crate::{
    clock::{UnixTime, rfc3339},
    extract::Json,
    store::{ApiKeyLimit, ApiKeyRecord},
    token::ApiKey,
};

/// The properties of a key that its owner may see. Neither the key nor its hash is among them.
#[derive(Serialize)]
pub(crate) struct Shown {
    id: String,
    name: String,
    /// The beginning of the key.
    display: String,
    scopes: Vec<String>,
    limit: Option<ApiKeyLimit>,
    #[serde(serialize_with = "rfc3339")]
    created_at: UnixTime,
    #[serde(serialize_with = "rfc3339_or_null")]
    expires_at: Option<UnixTime>,
    #[serde(serialize_with = "rfc3339_or_null")]
    last_used_at: Option<UnixTime>,
    #[serde(serialize_with = "rfc3339_or_null")]
    revoked_at: Option<UnixTime>,
    replaced_by: Option<String>,
    active: bool,
}

impl Shown {
    pub(crate) fn new(key: ApiKeyRecord, now: UnixTime) -> Self {
        Self {
            active: !key.has_ended(now),
            id: key.id,
            name: key.name,
            display: key.display,
            scopes: key.scopes,
            limit: key.limit,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
            replaced_by: key.replaced_by,
        }
    }
}

/// Returns the answer with a new key. It is the only answer that ever shows the key.
pub(crate) fn created(key: &ApiKey, record: ApiKeyRecord, now: UnixTime) -> Response {
    #[derive(Serialize)]
    struct Created<'a> {
        key: &'a str,
        #[serde(flatten)]
        shown: Shown,
    }
    (StatusCode::CREATED, Json(Created { key: key.expose(), shown: Shown::new(record, now) })).into_response()
}

fn rfc3339_or_null<S: Serializer>(time: &Option<UnixTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => rfc3339(time, serializer),
        None => serializer.serialize_none(),
    }
}
