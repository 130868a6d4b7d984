use axum::http::StatusCode;
use tracing::Level;

use crate::{
    account::{
        answer::report::OrReport as _,
        context::AccountContext,
        email::one_time::bad_token,
        event::{TARGET, store_failed},
    },
    error::{FieldError, Problem},
    store::{Account, Purpose},
    token::TokenHash,
};

/// Returns the pending account of an invitation. The token stays valid.
///
/// # Errors
/// Returns one answer for every token that opens no account. The event tells the operator the reason.
pub(in crate::account) async fn holder(context: &AccountContext, token: &TokenHash) -> Result<Account, Problem> {
    let now = context.auth.clock().unix();
    let found = context.accounts.one_time_tokens().find_one_time(token, Purpose::Invitation, now).await;
    let record = found.or_report()?.ok_or_else(|| bad_token("unknown"))?;
    let found = context.accounts.accounts().find(&record.user_id).await.or_report()?;
    let account = found.ok_or_else(|| bad_token("user_gone"))?;
    if account.email != record.email {
        return Err(bad_token("address_changed"));
    }
    match account.pending_until {
        Some(until) if until > now && !account.active => Ok(account),
        Some(_) if !account.active => Err(bad_token("expired")),
        _ => Err(bad_token("used")),
    }
}

/// Makes the token of an opened account void. The token opens nothing more in any case, so a failure fails no request.
pub(in crate::account) async fn void(context: &AccountContext, user_id: &str) {
    let voided = context.accounts.one_time_tokens().void_one_time(user_id, Purpose::Invitation).await;
    if let Err(error) = voided {
        store_failed(&error);
    }
}

/// Returns the answer to a request after another one has opened the account, or the invitation has ended, since the
/// token was found.
pub(in crate::account) fn no_longer_pending() -> Problem {
    bad_token("used")
}

/// Returns the answer to a token with an address that was not invited. It does not tell the invited one.
pub(in crate::account) fn another_address() -> Problem {
    tracing::event!(target: TARGET, Level::INFO, outcome = "refused", reason = "another_address");
    let fault = FieldError::new("/email", "is not the address that was invited").with_code("not-invited");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "The account cannot be opened like this.")
        .with_errors(vec![fault])
}
