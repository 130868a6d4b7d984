use axum::{
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        password::truncated::use_up,
        policies,
        request::{
            browser::Browser,
            client::{Client, Peer},
            credentials::Credentials,
        },
        session::{
            cookie::cookie_of,
            open::{FIRST_PARTY, Opening, new_session, tell},
            recheck::recheck,
        },
    },
    extract::Json,
    guard::Guard,
    store::{EndReason, FirstCredential, Profile, SessionKind},
    token::SessionSecret,
};

use super::authenticate::sign_in;

/// `POST /auth/session`: begins a session that a cookie continues, for a user name or e-mail address and its password,
/// in JSON.
pub(crate) async fn cookie_login(
    _: Guard<policies::CookieLogin>,
    peer: Peer,
    context: AccountContext,
    browser: Browser,
    client: Client,
    Json(credentials): Json<Credentials>,
) -> Response {
    match begin(&context, &peer, browser, &client, &credentials).await {
        Ok((answer, cookie)) => ([(SET_COOKIE, cookie)], Json(answer)).into_response(),
        Err(rejection) => rejection.into_json(&context.auth),
    }
}

/// Begins a new session with a new secret at each sign-in, so a secret that an attacker planted in the browser becomes
/// useless. The session is stored before the client gets its cookie.
async fn begin(
    context: &AccountContext,
    peer: &Peer,
    browser: Browser,
    client: &Client,
    credentials: &Credentials,
) -> Result<(SignedInAnswer, HeaderValue), EndpointRejection> {
    let signed_in = sign_in(context, peer, &credentials.username, &credentials.password).await?;
    if let Some(presented) = browser.presented {
        end(context, &presented).await?;
    }
    let now = context.auth.clock().unix();
    let device = credentials.device.as_deref().unwrap_or_default();
    let opening = Opening { client_id: FIRST_PARTY, scope: None, device, password: &credentials.password };
    let session = new_session(context, &signed_in.account, now, SessionKind::Cookie, "", client, &opening)?;
    let secret = SessionSecret::mint(context.auth.entropy()).or_report()?;
    let cookie = cookie_of(context, &session, &secret, now)?;
    let credential = FirstCredential::Cookie { hash: secret.hash() };
    context.accounts.sessions().begin(session.clone(), credential).await.or_report()?;
    let account = recheck(context, &signed_in, &credentials.password, &session).await?;
    use_up(context, &signed_in, &session).await?;
    tell(context, &session);
    let password_change_required = signed_in.password_change_required;
    Ok((SignedInAnswer { profile: account.profile(), password_change_required }, cookie))
}

/// The account, and whether its owner must set a new password before the session ends.
#[derive(Serialize)]
struct SignedInAnswer {
    #[serde(flatten)]
    profile: Profile,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    password_change_required: bool,
}

/// Ends the session that the browser had before this sign-in.
async fn end(context: &AccountContext, secret: &SessionSecret) -> Result<(), EndpointRejection> {
    let sessions = context.accounts.sessions();
    let found = sessions.find_by_cookie(&secret.hash()).await.or_report()?;
    let Some(session) = found else { return Ok(()) };
    context.end_session(&session.user_id, &session.id, EndReason::SignedOut).await.or_report()?;
    Ok(())
}
