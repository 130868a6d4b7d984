use tracing::{Instrument as _, Level};

use crate::{
    account::{
        context::AccountContext,
        event::{TARGET, store_failed},
        password::replace::{Spared, end_later, end_others},
        retry::retry,
    },
    auth::AccountEvent,
    error::{StoreError, with_causes},
    store::Account,
};

/// What the owner of an address leaves of an account that anybody may have opened: no session and no API key.
pub(crate) const NOTHING_SPARED: Spared = Spared { session: None, api_keys: false };

/// Records that the owner of the address has taken the account, and tells the application's listeners. Returns whether
/// the account still had the address.
///
/// Anybody may have registered with the address. Callers end first what was made before: an account whose address
/// counts as verified keeps its API keys at a reset.
///
/// Sessions and keys end once more afterwards. A sign-in that reads the account after this proof is refused; one that
/// read it before has begun its session by now.
pub(crate) async fn record_proof(context: &AccountContext, user_id: &str, email: &str) -> Result<bool, StoreError> {
    let now = context.auth.clock().unix();
    let is_recorded = context.accounts.accounts().set_email_verified(user_id, email, now).await?;
    if is_recorded {
        tracing::event!(
            target: TARGET, Level::INFO, user.id = user_id, outcome = "email_verified", reason = "owner_proven",
        );
        context.auth.tell(|| AccountEvent::OwnerProven { user_id: user_id.to_owned() });
        end_rest(context, user_id).await;
    }
    Ok(is_recorded)
}

/// The proof is recorded, so an error would mislead the client. The answer does not wait for the retries.
async fn end_rest(context: &AccountContext, user_id: &str) {
    if let Err(error) = end_others(context, user_id, &NOTHING_SPARED).await {
        store_failed(&error);
        let later = end_later(context.clone(), user_id.to_owned(), NOTHING_SPARED);
        tokio::spawn(later.in_current_span());
    }
}

/// Does the same as [`record_proof`] where the owner has the account already, so that an error would mislead the
/// client. The answer does not wait for the retries.
pub(crate) async fn record_proof_or_later(context: &AccountContext, account: &Account) {
    let _ = record_proof_at_last(context, &account.id, &account.email).await;
}

/// Does the same as [`record_proof`]. When the store fails, the proof is tried again a little later, and the error
/// returned: the store may have recorded the proof before it failed, and no later sign-in would take the account over
/// or tell the application.
pub(crate) async fn record_proof_at_last(
    context: &AccountContext,
    user_id: &str,
    email: &str,
) -> Result<bool, StoreError> {
    let recorded = record_proof(context, user_id, email).await;
    if let Err(error) = &recorded {
        store_failed(error);
        let later = record_later(context.clone(), user_id.to_owned(), email.to_owned());
        tokio::spawn(later.in_current_span());
    }
    recorded
}

async fn record_later(context: AccountContext, user_id: String, email: String) {
    let record = async || record_proof(&context, &user_id, &email).await.map(|_is_recorded| ());
    let Err(failed) = retry(record).await else { return };
    tracing::event!(
        target: TARGET, Level::ERROR, user.id = user_id, store = failed.store(), error = with_causes(&failed),
        outcome = "failed", reason = "proof_not_recorded",
        "the address of an account counts as not verified, though its owner has proved it",
    );
}
