use axum::http::request::Parts;

use crate::{
    auth::Auth,
    guard::{Rejection, client_address},
    identity::Identity,
    limit::KeyValue,
    policy::{LimitKey, Via},
};

use super::key_texts::KeyTexts;

/// Returns the key under which a request is counted. The client's address replaces a missing value, so that a limit
/// always applies and clients never share one bucket by default.
#[inline]
pub(super) fn key<'r>(
    key: LimitKey,
    texts: &'r KeyTexts,
    index: usize,
    caller: Option<&'r Identity>,
    auth: &'r Auth,
    parts: &'r Parts,
) -> Result<KeyValue<'r>, Rejection> {
    let value = match key {
        LimitKey::Global => Some(KeyValue::GLOBAL),
        LimitKey::Address => None,
        LimitKey::User => caller.map(|caller| user(caller, auth)),
        LimitKey::ApiKey => caller.map(|caller| api_key(caller, auth)),
        LimitKey::Header(name) => parts.headers.get(name).map(|value| KeyValue::header(name, value.as_bytes())),
        LimitKey::Path(name) => texts.path(name).map(|value| KeyValue::path(name, value)),
        LimitKey::Custom { name, .. } => texts.custom(index).map(|value| KeyValue::custom(name, value)),
    };
    match value {
        Some(value) => Ok(value),
        None => client_address(auth, parts).map(KeyValue::address),
    }
}

/// Returns the key of a user. A user of this service has a single counter, whether the authenticator names this service
/// as the issuer or declares the user as this service's.
fn user<'r>(caller: &'r Identity, auth: &'r Auth) -> KeyValue<'r> {
    KeyValue::user(issuer(caller, auth), caller.subject())
}

/// Returns the key of an API key. Two issuers may give the same identifier to two keys.
fn api_key<'r>(caller: &'r Identity, auth: &'r Auth) -> KeyValue<'r> {
    match caller.token_id() {
        Some(id) if caller.via() == Via::API_KEY => KeyValue::api_key(issuer(caller, auth), id),
        _ => user(caller, auth),
    }
}

fn issuer<'r>(caller: &'r Identity, auth: &'r Auth) -> &'r str {
    if caller.is_user_of(auth.issuer()) { auth.issuer() } else { caller.issuer() }
}
