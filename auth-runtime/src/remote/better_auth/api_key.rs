//! The answer of the operator's route that verifies API keys.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Deserializer};

use super::document::{Object, User, time};
use crate::{
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    remote::{
        fetch::FetchError,
        issuer::Source,
        lookup::{Answer, Failure, KEY_SECONDS},
    },
};

#[derive(Deserialize)]
struct Document<'a> {
    valid: bool,
    #[serde(borrow)]
    key: Option<Object<Key<'a>>>,
    /// `null` for a key of an organisation, and of a person who is gone.
    #[serde(borrow, default, deserialize_with = "present")]
    user: Option<Option<Object<User<'a>>>>,
    error: Option<Fault>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    reference_id: Cow<'a, str>,
    /// The first characters of the key.
    start: Option<String>,
    permissions: Option<BTreeMap<String, Vec<String>>>,
    expires_at: Option<String>,
}

#[derive(Deserialize)]
struct Fault {
    code: Option<String>,
    details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    /// In milliseconds.
    try_again_in: Option<f64>,
}

/// Reads the answer about the key with this text. Its owner has to be in it, since a key outlives the ban of its owner.
pub(super) fn read(source: &Source, text: &str, document: &[u8], now: UnixTime) -> Result<Answer, Failure> {
    let malformed = || Failure::from(FetchError::Malformed);
    let Object(Document { valid, key, user, error }) = serde_json::from_slice(document).map_err(|_| malformed())?;
    if !valid {
        return match error {
            Some(Fault { code: Some(code), details }) if code == "RATE_LIMITED" => Err(used_too_often(details)),
            _ => Ok(Answer::refused("api_key_unknown")),
        };
    }
    let (Some(Object(key)), Some(user)) = (key, user) else { return Err(malformed()) };
    let Some(Object(user)) = user else { return Ok(Answer::refused("api_key_owner_gone")) };
    // An answer about another key would make its owner the caller.
    if key.start.as_deref().is_some_and(|start| !text.starts_with(start)) {
        return Err(FetchError::OtherCredential.into());
    }
    if user.id.is_empty() || key.reference_id != user.id {
        return Err(malformed());
    }
    if user.is_banned(now) {
        return Ok(Answer::refused("user_banned"));
    }
    let end = match &key.expires_at {
        Some(text) => Some(time(text).ok_or_else(malformed)?),
        None => None,
    };
    if end.is_some_and(|end| now >= end) {
        return Ok(Answer::refused("api_key_expired"));
    }
    Ok(Answer::caller(identify(source, &key, &user, end), KEY_SECONDS))
}

/// Distinguishes a member that is `null` from a missing member.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn identify(source: &Source, key: &Key<'_>, user: &User<'_>, end: Option<UnixTime>) -> Identity {
    let mut identity = Identity::builder(&user.id, Via::API_KEY).issuer(&source.iss).token_id(&key.id);
    for (resource, actions) in key.permissions.iter().flatten() {
        for action in actions {
            let scope = format!("{resource}:{action}");
            // With a space in it, a name would become several scopes.
            if !scope.contains(' ') {
                identity = identity.scope(&scope);
            }
        }
    }
    if let Some(name) = source.name {
        identity = identity.issuer_name(name);
    }
    if let Some(name) = &user.name {
        identity = identity.name(name);
    }
    if let Some(email) = &user.email {
        identity = identity.email(email, user.email_verified == Some(true));
    }
    if let Some(end) = end {
        identity = identity.expires_at(end);
    }
    identity.build()
}

/// The key has reached a limit of its own. It is no bad key, so its client should keep it.
fn used_too_often(details: Option<Details>) -> Failure {
    let seconds = details.and_then(|details| details.try_again_in).map_or(1.0, |millis| (millis / 1000.0).ceil());
    // `as` from a float saturates, as this should.
    Failure { error: FetchError::TooManyRequests, retry_after: Some(seconds as u32), is_of_one: true }
}
