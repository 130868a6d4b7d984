use axum::{
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    account::{
        answer::failure::Failure,
        context::Engine,
        password::truncated::use_up,
        policies,
        request::{browser::Browser, client::Client, credentials::Credentials, peer::Peer},
        session::{
            confirm::confirm,
            cookie::cookie_of,
            ending,
            tokens::{FIRST_PARTY, Opening, new_session},
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
pub(crate) async fn login(
    _: Guard<policies::CookieLogin>,
    peer: Peer,
    engine: Engine,
    browser: Browser,
    client: Client,
    Json(credentials): Json<Credentials>,
) -> Response {
    match begin(&engine, &peer, browser, &client, &credentials).await {
        Ok((answer, cookie)) => ([(SET_COOKIE, cookie)], Json(answer)).into_response(),
        Err(failure) => failure.into_json(&engine.auth),
    }
}

/// Begins a new session with a new secret at each sign-in, so a secret that an attacker planted in the browser becomes
/// useless. The session is stored before the client gets its cookie.
async fn begin(
    engine: &Engine,
    peer: &Peer,
    browser: Browser,
    client: &Client,
    credentials: &Credentials,
) -> Result<(SignedInAnswer, HeaderValue), Failure> {
    let signed_in = sign_in(engine, peer, &credentials.username, &credentials.password).await?;
    if let Some(presented) = browser.presented {
        end(engine, &presented).await?;
    }
    let now = engine.auth.clock().unix();
    let device = credentials.device.as_deref().unwrap_or_default();
    let opening = Opening { client_id: FIRST_PARTY, scope: None, device, password: &credentials.password };
    let session = new_session(engine, &signed_in.account, now, SessionKind::Cookie, "", client, &opening)?;
    let secret = SessionSecret::mint(engine.auth.entropy()).map_err(|error| Failure::minting(&error))?;
    let cookie = cookie_of(engine, &session, &secret, now)?;
    let credential = FirstCredential::Cookie { hash: secret.hash().0 };
    let begun = engine.accounts.sessions().begin(session.clone(), credential).await;
    begun.map_err(|error| Failure::store(&error))?;
    let account = confirm(engine, &signed_in, &credentials.password, &session).await?;
    use_up(engine, &signed_in, &session).await?;
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
async fn end(engine: &Engine, secret: &SessionSecret) -> Result<(), Failure> {
    let sessions = engine.accounts.sessions();
    let found = sessions.find_by_cookie(&secret.hash().0).await.map_err(|error| Failure::store(&error))?;
    let Some(session) = found else { return Ok(()) };
    let (owner, why) = (&session.user_id, EndReason::SignedOut);
    let ended = ending::end(&engine.auth, &engine.accounts, owner, &session.id, why).await;
    ended.map(|_was_live| ()).map_err(|error| Failure::store(&error))
}
