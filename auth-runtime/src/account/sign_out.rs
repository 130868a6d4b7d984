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
    answer::report::OrReport as _,
    context::AccountContext,
    policies,
    request::caller::{LocalCaller, own_session},
    session::cookie::expire_cookie,
};

/// `POST /auth/logout`: ends the session of the credential. A token without a session is revoked alone.
pub(super) async fn logout(
    _: Guard<policies::Logout>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    dead_cookie: Option<Extension<DeadCookie>>,
) -> Result<Response, Problem> {
    if caller.session().is_some() {
        let session = own_session(&context, &caller).await.or_report()?;
        if let Some(session) = session {
            context.end_session(caller.subject(), session, EndReason::SignedOut).await.or_report()?;
        }
    } else if let (Some(token_id), Some(expires_at)) = (caller.token_id(), caller.expires_at()) {
        context.revoke_token(token_id, expires_at).await.or_report()?;
    }
    Ok(signed_out(&context, &caller, dead_cookie.is_some()))
}

/// `POST /auth/logout/all`: ends all sessions of the caller. A dead cookie identifies no user, so it is refused.
pub(super) async fn logout_everywhere(
    _: Guard<policies::LogoutEverywhere>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    dead_cookie: Option<Extension<DeadCookie>>,
) -> Result<Response, Problem> {
    context.end_sessions(caller.subject(), None, EndReason::SignedOut).await.or_report()?;
    Ok(signed_out(&context, &caller, dead_cookie.is_some()))
}

/// Returns the answer to a completed sign-out. The browser deletes its cookie, including a dead cookie beside a token.
pub(super) fn signed_out(context: &AccountContext, caller: &Identity, has_dead_cookie: bool) -> Response {
    if has_dead_cookie || caller.via().accepts(Via::SESSION) {
        return without_cookie(&context.auth);
    }
    StatusCode::NO_CONTENT.into_response()
}

/// Signs out a browser with a dead cookie. There is no session to end; only the cookie is expired. No endpoint except
/// the sign-out does this: another request may carry a former cookie, and its refusal would delete the new one.
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
