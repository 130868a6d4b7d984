use core::error::Error;

use tracing::{Instrument as _, Level};

use crate::{
    account::{
        context::AccountContext,
        event::{TARGET, store_failed},
        retry::retry,
    },
    auth::AccountEvent,
    error::StoreError,
    store::Account,
};

/// Records that the owner of the address has taken the account, and tells the application's listeners. Returns whether
/// the account still had the address.
///
/// Anybody may have registered with the address. Callers end first what was made before: an account whose address
/// counts as verified keeps its API keys at a reset.
pub(crate) async fn record_proof(context: &AccountContext, user_id: &str, email: &str) -> Result<bool, StoreError> {
    let now = context.auth.clock().unix();
    let is_recorded = context.accounts.accounts().set_email_verified(user_id, email, now).await?;
    if is_recorded {
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, outcome = "email_verified", reason = "owner_proven",
        );
        context.auth.tell(|| AccountEvent::OwnerProven { user_id: user_id.to_owned() });
    }
    Ok(is_recorded)
}

/// Does the same where the owner has the account already, so that an error would mislead the client. The answer does
/// not wait for the retries.
pub(crate) async fn record_proof_or_later(context: &AccountContext, account: &Account) {
    if let Err(error) = record_proof(context, &account.id, &account.email).await {
        store_failed(&error);
        tokio::spawn(record_later(context.clone(), account.clone()).in_current_span());
    }
}

async fn record_later(context: AccountContext, account: Account) {
    let record = async || record_proof(&context, &account.id, &account.email).await.map(|_is_recorded| ());
    let Err(failed) = retry(record).await else { return };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = %account.id, store = failed.store(), error = &failed as &dyn Error,
        outcome = "failed", reason = "proof_not_recorded",
        "the address of an account counts as not verified, though its owner has proved it by a reset",
    );
}
