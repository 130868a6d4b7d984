use crate::{
    account::{
        answer::{rejection::EndpointRejection, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
    },
    clock::UnixTime,
    error::StoreError,
    store::{AccountKey, Admission, Attempt},
};

/// Counts an attempt before its password is verified. Reserve a place for the verification before: an attempt that
/// finds the queue full must not count as wrong. Pass the result of the verification to [`or_withdraw`].
///
/// The answer to an attempt over the limit is the same whether or not the account exists.
pub(crate) async fn admit(context: &AccountContext, attempt: &Attempt) -> Result<(), EndpointRejection> {
    let (limits, now) = (context.auth.account_rules().attempts, context.auth.clock().unix());
    match context.accounts.attempts().admit_attempt(attempt, &limits, now).await.or_report()? {
        Admission::Admitted => Ok(()),
        Admission::Locked { until } => {
            tracing::warn!(target: TARGET, outcome = "refused", reason = "too_many_failures");
            let seconds = until.seconds_since(now).clamp(1, limits.cool_down_seconds.max(1));
            Err(EndpointRejection::Locked(seconds.unsigned_abs()))
        }
    }
}

/// Clears the failures before a success, and remembers the client's address.
pub(crate) async fn succeeded(context: &AccountContext, attempt: &Attempt) -> Result<(), EndpointRejection> {
    let (limits, now) = (context.auth.account_rules().attempts, context.auth.clock().unix());
    context.accounts.attempts().attempt_succeeded(attempt, &limits, now).await.or_report()
}

/// Returns what the verification found. When the password could not be verified, as in an outage of the application's
/// verifier, the attempt is taken back. Otherwise the outage would lock out the users who try to sign in meanwhile.
pub(crate) async fn or_withdraw<T>(
    context: &AccountContext,
    attempt: &Attempt,
    verified: Result<T, EndpointRejection>,
) -> Result<T, EndpointRejection> {
    if let Err(EndpointRejection::Unavailable(_)) = verified {
        let now = context.auth.clock().unix();
        // The answer is 503 in any case. An attempt that cannot be taken back stays counted.
        let _ = context.accounts.attempts().withdraw_attempt(attempt, now).await.or_report();
    }
    verified
}

/// Clears the failures of an account, which ends its lock.
pub(crate) async fn clear(context: &AccountContext, user_id: &str) -> Result<(), StoreError> {
    context.accounts.attempts().clear_attempts(&AccountKey::of(user_id)).await
}

/// Returns until when each of these accounts is locked.
pub(crate) async fn locked_until(
    context: &AccountContext,
    accounts: &[AccountKey],
) -> Result<Vec<Option<UnixTime>>, StoreError> {
    let (limits, now) = (context.auth.account_rules().attempts, context.auth.clock().unix());
    context.accounts.attempts().locked_until(accounts, &limits, now).await
}

/// Removes the failures and the known clients of an account that is deleted.
pub(crate) async fn forget(context: &AccountContext, user_id: &str) -> Result<(), StoreError> {
    context.accounts.attempts().forget(&AccountKey::of(user_id)).await
}
