use core::time::Duration;

use axum::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use tracing::Instrument as _;

use crate::{
    account::{
        answer::report::OrReport as _,
        context::AccountContext,
        event::{TARGET, store_failed},
        retry::retry,
    },
    clock::seconds,
    error::Problem,
    store::{Account, OneTimeRecord, Purpose},
    token::{OneTimeToken, TokenHash},
};

/// The body of a request that redeems a one-time token.
#[derive(Deserialize)]
pub(crate) struct Redemption {
    pub(crate) token: SecretString,
}

/// Creates a token for an account and its present address, and stores it before the owner gets it. Returns `None` and
/// logs the error when that fails: by then the request has been answered.
pub(crate) async fn issue(context: &AccountContext, account: &Account, purpose: Purpose) -> Option<Issued> {
    issue_to(context, account, purpose, &account.email).await
}

/// Does the same as [`issue`] for an address that the account does not have yet.
pub(crate) async fn issue_to(
    context: &AccountContext,
    account: &Account,
    purpose: Purpose,
    email: &str,
) -> Option<Issued> {
    let AccountContext { auth, accounts } = context;
    let token = OneTimeToken::mint(auth.entropy()).or_report().ok()?;
    let lifetime = auth.account_rules().mail_tokens.of(purpose);
    let record = OneTimeRecord {
        hash: token.hash(),
        purpose,
        user_id: account.id.clone(),
        email: email.to_owned(),
        expires_at: auth.clock().unix().plus_seconds(seconds(lifetime)),
    };
    accounts.one_time_tokens().issue_one_time(record).await.or_report().ok()?;
    Some(Issued { token: token.expose().to_owned().into(), expires_in: lifetime })
}

/// A new token, to be sent to the owner of an account.
pub(crate) struct Issued {
    pub(crate) token: SecretString,
    pub(crate) expires_in: Duration,
}

/// Parses the token of a request, and returns its hash.
pub(crate) fn read(token: &SecretString) -> Result<TokenHash, Problem> {
    use secrecy::ExposeSecret as _;

    let token = OneTimeToken::parse(token.expose_secret()).map_err(|_| bad_token("malformed"))?;
    Ok(token.hash())
}

/// Uses up a token whose work is done, and returns whether the token was live until then. The token could only do the
/// same once more, so a failure changes no answer and counts as live. The use is then retried a few times.
pub(crate) async fn use_up(context: &AccountContext, token: &TokenHash, purpose: Purpose) -> bool {
    let (store, hash, now) = (context.accounts.clone(), *token, context.auth.clock().unix());
    let redeem = move || {
        let store = store.clone();
        async move { store.one_time_tokens().redeem_one_time(&hash, purpose, now).await.map(|record| record.is_some()) }
    };
    match redeem().await {
        Ok(was_live) => was_live,
        Err(error) => {
            store_failed(&error);
            let again = move || {
                let redeemed = redeem();
                async move { redeemed.await.map(|_was_live| ()) }
            };
            let later = async move { retry(again).await.unwrap_or_else(|error| store_failed(&error)) };
            tokio::spawn(later.in_current_span());
            true
        }
    }
}

/// Returns the account that a live token belongs to.
pub(crate) async fn holder(context: &AccountContext, record: &OneTimeRecord) -> Result<Account, Problem> {
    match context.active_account(&record.user_id).await? {
        Some(account) if account.email == record.email => Ok(account),
        Some(_) => Err(bad_token("address_changed")),
        None => Err(bad_token("user_gone")),
    }
}

/// Logs why a one-time token is refused, and returns the same answer for every reason.
pub(crate) fn bad_token(reason: &'static str) -> Problem {
    tracing::info!(target: TARGET, outcome = "refused", reason, "a one-time token was refused");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-one-time-token", "The link is not valid, or not any more.")
}

/// Returns the answer of an endpoint that would send mail, when the application sends no mail.
pub(crate) fn no_mail() -> Problem {
    Problem::new(StatusCode::NOT_IMPLEMENTED, "no-mail", "This service sends no mail.")
}
