use axum::{
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        password_attempt::current_password::prove,
        policies,
        request::{
            caller::{LocalCaller, live_session},
            client::Peer,
        },
        session::{
            cookie::renew_cookie,
            tokens::{TokenResponse, fresh_access_token},
        },
    },
    clock::UnixTime,
    extract::Json,
    guard::Guard,
    identity::Identity,
    store::{Account, SessionKind, SessionRecord},
};

/// The body of a re-authentication: the password of the signed-in caller.
#[derive(Deserialize)]
pub(crate) struct Proof {
    password: SecretString,
}

/// `POST /auth/reauthenticate`: checks the caller's password again, for handlers that require a recent login (RFC
/// 9470). The answer is an access token with the new login time, or a new cookie. The session continues.
pub(crate) async fn reauthenticate(
    _: Guard<policies::Reauthenticate>,
    LocalCaller(caller): LocalCaller,
    peer: Peer,
    context: AccountContext,
    headers: HeaderMap,
    Json(proof): Json<Proof>,
) -> Response {
    match answer(&context, &caller, &peer, &headers, &proof.password).await {
        Ok(answer) => answer,
        Err(rejection) => rejection.into_json(&context.auth),
    }
}

async fn answer(
    context: &AccountContext,
    caller: &Identity,
    peer: &Peer,
    headers: &HeaderMap,
    password: &SecretString,
) -> Result<Response, EndpointRejection> {
    let now = context.auth.clock().unix();
    let (account, mut session) = who(context, caller).await?;
    if !prove(context, peer, &account, password).await? {
        return Err(EndpointRejection::Refused);
    }
    session.auth_time = now;
    if session.kind == SessionKind::Cookie {
        let cookie = renew_cookie(context, headers, &session, now).await?.ok_or(EndpointRejection::Refused)?;
        return Ok(([(SET_COOKIE, cookie)], Json(account.profile())).into_response());
    }
    fresh_tokens(context, caller, &account, &session, now).await.map(IntoResponse::into_response)
}

async fn fresh_tokens(
    context: &AccountContext,
    caller: &Identity,
    account: &Account,
    session: &SessionRecord,
    now: UnixTime,
) -> Result<TokenResponse, EndpointRejection> {
    if !context.accounts.sessions().reauthenticated(&session.id, None, session.auth_time).await.or_report()? {
        return Err(EndpointRejection::Refused);
    }
    fresh_access_token(context, account, session, caller, now)
}

/// Returns the caller's active account and live session.
async fn who(context: &AccountContext, caller: &Identity) -> Result<(Account, SessionRecord), EndpointRejection> {
    let session = live_session(context, caller).await.or_report()?;
    let account = context.active_account(caller.subject()).await?;
    account.zip(session).ok_or(EndpointRejection::Refused)
}
