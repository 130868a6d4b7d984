use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    auth::Auth,
    error::Problem,
    guard::{DeadCookie, Guard},
    identity::Identity,
    policy::Via,
    store::EndReason,
};

use super::{
    caller::{Own, own_session},
    cookie::expire_cookie,
    ending,
    engine::Engine,
    failure::Failure,
    policies,
};

/// `POST /auth/logout`: ends the session of the credential; a token without a session goes alone.
pub(super) async fn logout(
    _: Guard<policies::Logout>,
    Own(caller): Own,
    engine: Engine,
    dead_cookie: Option<Extension<DeadCookie>>,
) -> Result<Response, Problem> {
    if caller.session().is_some() {
        let session = own_session(&engine, &caller).await.map_err(|error| Failure::store(&error))?;
        if let Some(session) = session {
            let why = EndReason::SignedOut;
            let ended = ending::end(&engine.auth, &engine.accounts, caller.subject(), session, why).await;
            ended.map_err(|error| Failure::store(&error))?;
        }
    } else if let (Some(token_id), Some(expires_at)) = (caller.token_id(), caller.expires_at()) {
        let revoked = ending::revoke_token(&engine.auth, &engine.accounts, token_id, expires_at).await;
        revoked.map_err(|error| Failure::store(&error))?;
    }
    Ok(signed_out(&engine, &caller, dead_cookie.is_some()))
}

/// `POST /auth/logout/all`: ends all sessions of the caller. A dead cookie does not say whose they are: it is refused.
pub(super) async fn logout_everywhere(
    _: Guard<policies::LogoutEverywhere>,
    Own(caller): Own,
    engine: Engine,
    dead_cookie: Option<Extension<DeadCookie>>,
) -> Result<Response, Problem> {
    let ended = ending::end_all(&engine.auth, &engine.accounts, caller.subject(), None, EndReason::SignedOut).await;
    ended.map_err(|error| Failure::store(&error))?;
    Ok(signed_out(&engine, &caller, dead_cookie.is_some()))
}

/// The answer to a caller who has signed out. The browser loses its cookie, a dead one beside a token included.
pub(super) fn signed_out(engine: &Engine, caller: &Identity, has_dead_cookie: bool) -> Response {
    if has_dead_cookie || caller.kind().accepts(Via::SESSION) {
        return without_cookie(&engine.auth);
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Signs out a browser whose cookie is dead: there is nothing to end, and the cookie goes. Only the sign-out does so. Another
/// request may carry a cookie of before, and its refusal would delete the new one.
pub(super) async fn forget_dead_cookie(response: Response) -> Response {
    match DeadCookie::of(response.extensions()) {
        Some(dead) if response.status() == StatusCode::UNAUTHORIZED => without_cookie(dead.auth()),
        _ => response,
    }
}

fn without_cookie(auth: &Auth) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    expire_cookie(auth, &mut response);
    response
}
