//! What follows when an account has got another address: people are told, or it gets the former one back.

use tracing::{Instrument as _, Level};

use crate::{
    account::{
        administration::tell_former,
        context::AccountContext,
        event::{TARGET, store_failed},
        retry::retry,
    },
    auth::AccountEvent,
    error::{StoreError, with_causes},
    store::{Account, CreateError},
};

/// Tells the application, and the owner at the former address. `account` is the account as it was before.
pub(super) fn tell_changed(context: &AccountContext, mut account: Account, email: String) {
    tracing::event!(target: TARGET, Level::INFO, user.id = %account.id, outcome = "email_changed", reason = "owner");
    context.auth.tell(|| AccountEvent::EmailChanged { user_id: account.id.clone() });
    let former = core::mem::replace(&mut account.email, email);
    tell_former(context, &account, former);
}

/// Gives the account its former address back, verified or not as it was. The answer does not wait for the retries.
pub(super) async fn restore(context: &AccountContext, account: Account, email: String) {
    if let Err(error) = set_back(context, &account, &email).await {
        store_failed(&error);
        tokio::spawn(restore_later(context.clone(), account, email).in_current_span());
    }
}

async fn restore_later(context: AccountContext, account: Account, email: String) {
    let Err(failed) = retry(|| set_back(&context, &account, &email)).await else { return };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = %account.id, store = failed.store(), error = with_causes(&failed),
        outcome = "failed", reason = "email_not_restored",
        "an account keeps an address that somebody else may have set: call `Administration::change_email`",
    );
    tell_changed(&context, account, email);
}

/// Sets the former address, unless another request has replaced the new one. That another account has got the former
/// address meanwhile is a failure like that of a store.
async fn set_back(context: &AccountContext, account: &Account, email: &str) -> Result<(), StoreError> {
    let (former, verified_at) = (&account.email, account.email_verified_at);
    match context.accounts.accounts().set_email(&account.id, email, former, verified_at).await {
        Ok(_is_restored) => Ok(()),
        Err(CreateError::Store(error)) => Err(error),
        Err(error) => Err(StoreError::new("accounts", error)),
    }
}
