//! The answer of `get-session`.

use std::borrow::Cow;

use serde::Deserialize;

use super::document::{Object, User, time};
use crate::{
    clock::UnixTime,
    identity::Identity,
    policy::Via,
    remote::{
        fetch::FetchError,
        issuer::Source,
        lookup::{Answer, LIVE_SECONDS},
        token::roles,
    },
};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    session: Object<Session<'a>>,
    #[serde(borrow)]
    user: Object<User<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    expires_at: Cow<'a, str>,
    created_at: Option<String>,
    impersonated_by: Option<String>,
}

/// Reads the answer about the session that has this token. `null` is its word for no session.
pub(super) fn read(
    source: &Source,
    via: Via,
    token: &str,
    document: &[u8],
    now: UnixTime,
) -> Result<Answer, FetchError> {
    let document = document.trim_ascii();
    if document == b"null" {
        return Ok(Answer::refused("session_unknown"));
    }
    let Object(Document { session: Object(session), user: Object(user) }) =
        serde_json::from_slice(document).map_err(|_| FetchError::Malformed)?;
    // An answer about another session would make its person the caller.
    if !crate::secret::is_same(session.token.as_bytes(), token.as_bytes()) {
        return Err(FetchError::OtherCredential);
    }
    if user.id.is_empty() || session.user_id != user.id {
        return Err(FetchError::Malformed);
    }
    let end = time(&session.expires_at).ok_or(FetchError::Malformed)?;
    if now >= end {
        return Ok(Answer::refused("session_expired"));
    }
    if user.is_banned(now) {
        return Ok(Answer::refused("user_banned"));
    }
    let left = u64::try_from(end.seconds_since(now)).unwrap_or_default();
    Ok(Answer::caller(identify(source, via, &session, &user, end), left.min(LIVE_SECONDS)))
}

/// Returns the session's person. The session is left out, since it is no session of this service.
fn identify(source: &Source, via: Via, session: &Session<'_>, user: &User<'_>, end: UnixTime) -> Identity {
    let prefix = &source.mapping.role_prefix;
    let roles = roles(user.role.as_deref().unwrap_or_default()).filter_map(|role| role.strip_prefix(&**prefix));
    let mut identity = Identity::builder(&user.id, via)
        .issuer(&source.iss)
        .expires_at(end)
        .roles(roles.filter(|role| !role.is_empty()));
    if let Some(name) = source.name {
        identity = identity.issuer_name(name);
    }
    if let Some(name) = &user.name {
        identity = identity.name(name);
    }
    if let Some(email) = &user.email {
        identity = identity.email(email, user.email_verified == Some(true));
    }
    // Who impersonates another has not signed in as that person.
    let signed_in = session.created_at.as_deref().and_then(time).filter(|_| session.impersonated_by.is_none());
    if let Some(time) = signed_in {
        identity = identity.auth_time(time);
    }
    identity.build()
}
