use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{context::AccountContext, event::TARGET},
    error::StoreError,
    store::EndReason,
};

/// The marker that replaces the hash. No password matches it.
const MARKER: &str = "!reset-required";

/// Replaces the hash by the marker, and ends all sessions and a change of the address that has begun. It does so before
/// the replacement and once more after it, as for a new password: what the old password begins in between does not
/// outlive it.
pub(crate) async fn require_reset(context: &AccountContext, user_id: &str) -> Result<bool, StoreError> {
    // A sign-in may replace the hash by a stronger one at the same time.
    const TRIES: usize = 3;
    let marker = SecretString::from(MARKER);
    let accounts = context.accounts.accounts();
    for _ in 0..TRIES {
        let Some(account) = accounts.find(user_id).await? else { return Ok(false) };
        context.end_sessions(user_id, None, EndReason::Administrator).await?;
        if accounts.set_password_hash(user_id, &account.password_hash, &marker).await? {
            context.end_sessions(user_id, None, EndReason::Administrator).await?;
            tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "reset_required");
            return Ok(true);
        }
    }
    Err(StoreError::new("accounts", "the password was replaced by others at every try"))
}
