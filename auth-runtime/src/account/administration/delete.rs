use tracing::{Instrument as _, Level};

use crate::{
    account::{
        context::AccountContext,
        event::{TARGET, store_failed},
        password_attempt::count::forget,
        retry::retry,
    },
    auth::{AccountEvent, Message},
    error::{StoreError, with_causes},
    names::is_email_address,
    store::{Account, AccountUpdate, EndReason, Standing},
};

use super::{
    Administration, AdministrationError,
    steps::{done, write},
};

impl Administration {
    /// Deletes an account with everything that belongs to it: sessions, API keys, one-time tokens, counters of wrong
    /// passwords. Its access tokens are refused at once here, and within
    /// [`AuthBuilder::revocation_delay`](crate::auth::AuthBuilder::revocation_delay) elsewhere.
    ///
    /// The user name stays reserved, as a hash, so that no other user can pass for the former owner. The address is
    /// free again, since its next owner proves it anew. Rows of the application that refer to the account are its own
    /// concern: delete them first.
    ///
    /// # Errors
    /// Returns [`AdministrationError::LastSuperuser`] and changes nothing when it is the last active superuser.
    /// Returns [`AdministrationError::Unknown`] when the account does not exist; its remains are then gone, too.
    ///
    /// Returns [`AdministrationError::Store`] when a store fails. The account is then deactivated at most, and calling
    /// this function again completes the deletion.
    pub async fn delete(&self, user_id: &str) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            delete(&administration.context, &user_id, "administrator", &administration.standings).await
        })
        .await
    }
}

/// Deletes an account, if these accounts stand so when it is deactivated. Callers run this by `to_its_end`.
///
/// The account is deactivated first, so that no sign-in succeeds after that, and the last superuser is refused before
/// anything is removed. A sign-in that has already verified its password may begin a session afterwards. It reads the
/// account once more and ends its own session. The second pass removes its remains.
pub(in crate::account) async fn delete(
    context: &AccountContext,
    user_id: &str,
    how: &'static str,
    standings: &[Standing],
) -> Result<(), AdministrationError> {
    let accounts = context.accounts.accounts();
    let Some(account) = accounts.find(user_id).await? else {
        remove_all(context, user_id).await?;
        return Err(AdministrationError::Unknown);
    };
    write(context, user_id, AccountUpdate::Active(false), standings).await?;
    remove_all(context, user_id).await?;
    remove_account(context, user_id).await?;
    tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "account_deleted", reason = how);
    context.auth.tell(|| AccountEvent::Deleted { user_id: user_id.to_owned() });
    if let Err(error) = remove_all(context, user_id).await {
        store_failed(&error);
        // The account is gone, so an error would mislead the client. The answer does not wait for the retries.
        let later = remove_later(context.clone(), user_id.to_owned());
        tokio::spawn(later.in_current_span());
    }
    tell_owner(context, account);
    Ok(())
}

/// Removes the account itself. The store may fail to answer after it has removed it. A repeated call would then find no
/// account, and nobody would be told of its end.
async fn remove_account(context: &AccountContext, user_id: &str) -> Result<(), AdministrationError> {
    let accounts = context.accounts.accounts();
    match accounts.delete(user_id).await {
        Ok(change) => done(change),
        Err(error) => match accounts.find(user_id).await {
            Ok(None) => {
                store_failed(&error);
                Ok(())
            }
            _ => Err(error.into()),
        },
    }
}

/// Retries a few times to finish a deletion that its owner asked for and a store interrupted. The owner cannot ask
/// again: the account is deactivated, and no credential of it works any more.
pub(in crate::account) async fn finish_later(context: AccountContext, user_id: String) {
    let Err(failed) = retry(|| finish(&context, &user_id)).await else { return };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = user_id, store = failed.store(), error = with_causes(&failed),
        outcome = "failed", reason = "deletion_not_finished",
        "an account whose owner deleted it is deactivated and was not removed: call `Administration::delete`",
    );
}

/// Deletes the account if it is deactivated. An active one has not begun to go, and its owner can ask again. Of one
/// that is gone, rests may remain.
async fn finish(context: &AccountContext, user_id: &str) -> Result<(), StoreError> {
    match context.accounts.accounts().find(user_id).await? {
        None => return remove_all(context, user_id).await,
        Some(account) if account.active => return Ok(()),
        Some(_) => {}
    }
    match delete(context, user_id, "owner", &[]).await {
        Err(AdministrationError::Store(error)) => Err(error),
        _ => Ok(()),
    }
}

/// Removes everything that belongs to an account, sessions first: a live session could create another key.
async fn remove_all(context: &AccountContext, user_id: &str) -> Result<(), StoreError> {
    context.remove_sessions(user_id, EndReason::Deleted).await?;
    context.accounts.api_keys().remove_all_keys(user_id).await?;
    context.accounts.one_time_tokens().void_all_one_time(user_id).await?;
    forget(context, user_id).await
}

/// Retries a few times to remove what a sign-in has left behind. No credential of the account works any more: the guard
/// and the refresh find no account.
async fn remove_later(context: AccountContext, user_id: String) {
    let Err(failed) = retry(|| remove_all(&context, &user_id)).await else { return };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = user_id, store = failed.store(), error = with_causes(&failed),
        outcome = "failed", reason = "rests_not_removed",
        "rests of a deleted account may remain: call `Administration::delete` again",
    );
}

/// Tells the former owner. An account of an invitation that was not accepted has no owner yet.
fn tell_owner(context: &AccountContext, account: Account) {
    let Some(outbox) = &context.auth.account_rules().outbox else { return };
    if account.pending_until.is_some() || !is_email_address(&account.email) {
        return;
    }
    outbox.post(async move { Some(Message::AccountDeleted { to: account.email, username: account.username }) });
}
