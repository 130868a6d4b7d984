use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE},
    response::Response,
};

use crate::{
    auth::Auth,
    clock::UnixTime,
    store::{CookieSwap, SessionRecord},
    token::SessionSecret,
};

use super::{engine::Engine, failure::Failure};

/// `Set-Cookie` for the browser that is to continue this session. The session ends by idleness long before, where nobody
/// uses it: the store knows, and the browser need not be told each time.
pub(super) fn cookie_of(
    engine: &Engine,
    session: &SessionRecord,
    secret: &SessionSecret,
    now: UnixTime,
) -> Result<HeaderValue, Failure> {
    let seconds = session.absolute_expires_at.seconds_since(now);
    engine.auth.session_cookie().set(secret, seconds).map_err(|error| Failure::minting(&error))
}

/// A new secret for a session, as `Set-Cookie`: whoever knew the old one knows nothing of what may be done now. `None` where
/// the session has ended, or its cookie is another by now.
///
/// `session` says when the person has proved who they are; `headers` are those of the request, with the present cookie.
pub(super) async fn renew_cookie(
    engine: &Engine,
    headers: &HeaderMap,
    session: &SessionRecord,
    now: UnixTime,
) -> Result<Option<HeaderValue>, Failure> {
    let Some(old) = engine.auth.session_cookie().find(headers).secret() else { return Ok(None) };
    let secret = SessionSecret::mint(engine.auth.entropy()).map_err(|error| Failure::minting(&error))?;
    let cookie = cookie_of(engine, session, &secret, now)?;
    let swap = CookieSwap { old: old.hash().0, new: secret.hash().0 };
    let renewed = engine.accounts.sessions().reauthenticated(&session.id, Some(swap), session.auth_time).await;
    Ok(renewed.map_err(|error| Failure::store(&error))?.then_some(cookie))
}

/// Makes the browser forget the session's cookie, and all others where the application wants that.
pub(super) fn expire_cookie(auth: &Auth, response: &mut Response) {
    let headers = response.headers_mut();
    if auth.account_rules().clears_site_data {
        headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cookies\""));
    }
    // The text is fixed and cannot fail; without it the browser would keep a value that opens nothing.
    if let Ok(cookie) = auth.session_cookie().expire() {
        headers.append(SET_COOKIE, cookie);
    }
}

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
