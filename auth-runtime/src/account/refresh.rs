use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::Problem,
    extract::Json,
    guard::Guard,
    store::{Claim, RefreshRecord},
    token::{RefreshToken, TokenHash},
};

use super::{
    credentials::Exchange,
    engine::Engine,
    failure::{Failure, TARGET},
    policies,
    tokens::{FIRST_PARTY, Grant, TokenResponse, grant},
};

/// `POST /auth/refresh`: new tokens for a refresh token, in JSON.
pub(super) async fn refresh(
    _: Guard<policies::Refresh>,
    engine: Engine,
    body: Result<Json<Exchange>, Problem>,
) -> Response {
    let Json(body) = match body {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    match exchange(&engine, &body.refresh_token, FIRST_PARTY, None).await {
        Ok(tokens) => tokens.into_response(),
        Err(failure) => failure.into_json(&engine.auth),
    }
}

/// Uses the token up, then mints: of any number of exchanges at once, one gets new tokens.
pub(super) async fn exchange(
    engine: &Engine,
    token: &SecretString,
    client: &str,
    scope: Option<&str>,
) -> Result<TokenResponse, Failure> {
    let Ok(token) = RefreshToken::parse(token.expose_secret()) else {
        return Err(refused("malformed"));
    };
    let now = engine.auth.clock().unix();
    let TokenHash(hash) = token.hash();
    let claim = engine.accounts.refresh_tokens().claim(&hash, now).await;
    match claim.map_err(|error| Failure::store(&error))? {
        Claim::Won(record) if record.client_id == client => renew(engine, record, scope).await,
        Claim::Won(_) => Err(refused("foreign_client")),
        Claim::Replayed { .. } => Err(refused("replayed")),
        Claim::Revoked(_) => Err(refused("revoked")),
        Claim::Expired => Err(refused("expired")),
        Claim::Unknown => Err(refused("unknown")),
    }
}

async fn renew(engine: &Engine, record: RefreshRecord, scope: Option<&str>) -> Result<TokenResponse, Failure> {
    let account = engine.accounts.accounts().find(&record.user_id).await.map_err(|error| Failure::store(&error))?;
    match account {
        Some(account) if account.active => grant(engine, &account, Grant::continuing(record, scope)?).await,
        _ => Err(refused("user_gone")),
    }
}

fn refused(reason: &'static str) -> Failure {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a refresh token was refused");
    Failure::Refused
}
