use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    auth::Auth,
    error::Problem,
    store::{Account, Accounts, OneTimeRecord, Purpose},
    token::{OneTimeToken, TokenHash},
};

use super::{
    engine::Engine,
    failure::{Failure, TARGET, tell_operator},
};

/// A one-time token, to be used up.
#[derive(Deserialize)]
pub(super) struct Redemption {
    pub(super) token: SecretString,
}

/// A fresh token for an account and its present address, kept before it is given away. `None` when that fails, which only
/// the operator is told: by then the request has been answered.
pub(super) async fn issue(auth: &Auth, accounts: &Accounts, account: &Account, purpose: Purpose) -> Option<Issued> {
    let token = OneTimeToken::mint(auth.entropy()).map_err(|error| Failure::minting(&error)).ok()?;
    let expires_in_seconds = match purpose {
        Purpose::PasswordReset => auth.account_rules().reset_token_seconds,
        Purpose::EmailVerification => auth.account_rules().verification_token_seconds,
    };
    let record = OneTimeRecord {
        hash: token.hash().0,
        purpose,
        account_id: account.id.clone(),
        email: account.email.clone(),
        expires_at: auth.clock().unix().plus_seconds(expires_in_seconds),
    };
    accounts.one_time_tokens().issue_one_time(record).await.map_err(|error| tell_operator(&error)).ok()?;
    Some(Issued { token: token.expose().to_owned().into(), expires_in_seconds })
}

/// A token on its way to the owner of an account.
pub(super) struct Issued {
    pub(super) token: SecretString,
    pub(super) expires_in_seconds: i64,
}

/// The hash of a token that somebody sends.
pub(super) fn read(token: &SecretString) -> Result<[u8; 32], Problem> {
    use secrecy::ExposeSecret as _;

    let token = OneTimeToken::parse(token.expose_secret()).map_err(|_| bad_token("malformed"))?;
    let TokenHash(hash) = token.hash();
    Ok(hash)
}

/// The account that a live token is good for.
pub(super) async fn holder(engine: &Engine, record: &OneTimeRecord) -> Result<Account, Problem> {
    let account = engine.accounts.accounts().find(&record.account_id).await.map_err(|error| Failure::store(&error))?;
    match account {
        Some(account) if account.active && account.email == record.email => Ok(account),
        Some(account) if account.active => Err(bad_token("address_changed")),
        _ => Err(bad_token("user_gone")),
    }
}

/// One answer for every cause.
pub(super) fn bad_token(reason: &'static str) -> Problem {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a one-time token was refused");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-one-time-token", "The link is not valid, or not any more.")
}

/// The answer of an endpoint that would send mail, where nobody does.
pub(super) fn no_mail() -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED, "no-mail", "This service sends no mail.")
}
