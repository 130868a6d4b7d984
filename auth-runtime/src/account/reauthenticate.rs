use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    error::Problem,
    extract::Json,
    guard::Guard,
    identity::Identity,
    store::{Account, SessionKind, SessionRecord},
};

use super::{
    engine::Engine,
    failure::Failure,
    policies,
    sign_in::prove,
    tokens::{TokenResponse, fresh_access_token},
};

/// The password of whoever is signed in already.
#[derive(Deserialize)]
pub(super) struct Proof {
    password: SecretString,
}

/// `POST /auth/reauthenticate`: prove again who one is, for handlers that ask for a recent login (RFC 9470). Answers with
/// an access token that says so; the session goes on.
pub(super) async fn reauthenticate(
    _: Guard<policies::Reauthenticate>,
    caller: Identity,
    engine: Engine,
    body: Result<Json<Proof>, Problem>,
) -> Response {
    let Json(proof) = match body {
        Ok(proof) => proof,
        Err(problem) => return problem.into_response(),
    };
    match answer(&engine, &caller, &proof.password).await {
        Ok(tokens) => tokens.into_response(),
        Err(failure) => failure.into_json(&engine.auth),
    }
}

async fn answer(engine: &Engine, caller: &Identity, password: &SecretString) -> Result<TokenResponse, Failure> {
    let now = engine.auth.clock().unix();
    let (account, mut session) = who(engine, caller).await?;
    prove(engine, &account, password).await?;
    let noted = engine.accounts.sessions().reauthenticated(&session.id, None, now).await;
    if !noted.map_err(|error| Failure::store(&error))? {
        return Err(Failure::Refused);
    }
    session.auth_time = now;
    fresh_access_token(engine, &account, &session, caller, now)
}

/// The account, and the session, which an access token may have outlived by some seconds.
async fn who(engine: &Engine, caller: &Identity) -> Result<(Account, SessionRecord), Failure> {
    let id = caller.session().ok_or(Failure::Refused)?;
    let session = engine.accounts.sessions().find(id).await.map_err(|error| Failure::store(&error))?;
    let account = engine.accounts.accounts().find(caller.subject()).await.map_err(|error| Failure::store(&error))?;
    let now = engine.auth.clock().unix();
    let session = session.filter(|session| {
        session.kind == SessionKind::Bearer && session.user_id == caller.subject() && session.is_live(now)
    });
    account.filter(|account| account.active).zip(session).ok_or(Failure::Refused)
}
