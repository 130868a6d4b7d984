use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE},
    response::Response,
};

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
    },
    auth::Auth,
    clock::UnixTime,
    store::{CookieSwap, SessionRecord},
    token::SessionSecret,
};

/// Returns the `Set-Cookie` header of the browser that will continue this session. The cookie lives until the session's
/// absolute end. An unused session expires long before that; the store knows this, so the cookie needs no update on
/// each request.
pub(crate) fn cookie_of(
    context: &AccountContext,
    session: &SessionRecord,
    secret: &SessionSecret,
    now: UnixTime,
) -> Result<HeaderValue, EndpointRejection> {
    let seconds = session.absolute_expires_at.seconds_since(now);
    context.auth.session_cookie().set(secret, seconds).or_report()
}

/// Replaces the secret of a session, and returns the new one as a `Set-Cookie` header. A client that knows only the old
/// secret can no longer use the session. Returns `None` when the session has ended, or when its cookie has been
/// replaced in the meantime.
///
/// `session` tells when the user last proved who they are; `headers` are those of the request, with the present cookie.
pub(crate) async fn renew_cookie(
    context: &AccountContext,
    headers: &HeaderMap,
    session: &SessionRecord,
    now: UnixTime,
) -> Result<Option<HeaderValue>, EndpointRejection> {
    let Some(old) = context.auth.session_cookie().find(headers).secret() else { return Ok(None) };
    let secret = SessionSecret::mint(context.auth.entropy()).or_report()?;
    let cookie = cookie_of(context, session, &secret, now)?;
    let swap = CookieSwap { old: old.hash(), new: secret.hash() };
    let renewed = context.accounts.sessions().reauthenticated(&session.id, Some(swap), session.auth_time).await;
    Ok(renewed.or_report()?.then_some(cookie))
}

/// Makes the browser delete the session's cookie, and all other cookies where the application wants that.
pub(crate) fn expire_cookie(auth: &Auth, response: &mut Response) {
    let headers = response.headers_mut();
    if auth.account_rules().clears_site_data {
        headers.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cookies\""));
    }
    // The text is fixed, so this cannot fail. If it did, the browser would only keep a dead cookie.
    if let Ok(cookie) = auth.session_cookie().expire() {
        headers.append(SET_COOKIE, cookie);
    }
}

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
