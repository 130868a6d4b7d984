use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    account::{
        answer::failure::{Failure, TARGET, tell_operator},
        context::AccountContext,
    },
    auth::Auth,
    clock::seconds,
    error::Problem,
    store::{Account, Accounts, OneTimeRecord, Purpose},
    token::{OneTimeToken, TokenHash},
};

/// The body of a request that redeems a one-time token.
#[derive(Deserialize)]
pub(crate) struct Redemption {
    pub(crate) token: SecretString,
}

/// Creates a token for an account and its present address, and stores it before the owner gets it. Returns `None` and
/// logs the error when that fails: by then the request has been answered.
pub(crate) async fn issue(auth: &Auth, accounts: &Accounts, account: &Account, purpose: Purpose) -> Option<Issued> {
    let token = OneTimeToken::mint(auth.entropy()).map_err(|error| Failure::minting(&error)).ok()?;
    let lifetime = match purpose {
        Purpose::PasswordReset => auth.account_rules().reset_token_lifetime,
        Purpose::EmailVerification => auth.account_rules().verification_token_lifetime,
    };
    let record = OneTimeRecord {
        hash: token.hash().0,
        purpose,
        account_id: account.id.clone(),
        email: account.email.clone(),
        expires_at: auth.clock().unix().plus_seconds(seconds(lifetime)),
    };
    accounts.one_time_tokens().issue_one_time(record).await.map_err(|error| tell_operator(&error)).ok()?;
    Some(Issued { token: token.expose().to_owned().into(), expires_in_seconds: seconds(lifetime) })
}

/// A new token, to be sent to the owner of an account.
pub(crate) struct Issued {
    pub(crate) token: SecretString,
    pub(crate) expires_in_seconds: i64,
}

/// Parses the token of a request, and returns its hash.
pub(crate) fn read(token: &SecretString) -> Result<[u8; 32], Problem> {
    use secrecy::ExposeSecret as _;

    let token = OneTimeToken::parse(token.expose_secret()).map_err(|_| bad_token("malformed"))?;
    let TokenHash(hash) = token.hash();
    Ok(hash)
}

/// Returns the account that a live token belongs to.
pub(crate) async fn holder(context: &AccountContext, record: &OneTimeRecord) -> Result<Account, Problem> {
    let account = context.accounts.accounts().find(&record.account_id).await.map_err(|error| Failure::store(&error))?;
    match account {
        Some(account) if account.active && account.email == record.email => Ok(account),
        Some(account) if account.active => Err(bad_token("address_changed")),
        _ => Err(bad_token("user_gone")),
    }
}

/// Logs why a one-time token is refused, and returns the same answer for every reason.
pub(crate) fn bad_token(reason: &'static str) -> Problem {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a one-time token was refused");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-one-time-token", "The link is not valid, or not any more.")
}

/// Returns the answer of an endpoint that would send mail, when the application sends none.
pub(crate) fn no_mail() -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED, "no-mail", "This service sends no mail.")
}
