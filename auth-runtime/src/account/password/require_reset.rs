use secrecy::SecretString;
use tracing::Level;

use crate::{
    account::{Administration, AdministrationError, event::TARGET},
    store::{AccountUpdate, EndReason},
};

/// The marker in place of a hash, until the owner sets a password. No password matches it.
pub(crate) const MARKER: &str = "!reset-required";

/// Replaces the hash by the marker, and ends all sessions and a change of the address that has begun. It does so before
/// the replacement and once more after it, as for a new password: what the old password begins in between does not
/// outlive it.
pub(crate) async fn require_reset(administration: &Administration, user_id: &str) -> Result<(), AdministrationError> {
    // A sign-in may replace the hash by a stronger one at the same time.
    const TRIES: usize = 3;
    let (context, marker) = (&administration.context, SecretString::from(MARKER));
    for _ in 0..TRIES {
        let account = administration.find_open(user_id).await?;
        context.end_sessions(user_id, None, EndReason::Administrator).await?;
        let swap = AccountUpdate::PasswordHash { old: &account.password_hash, new: &marker };
        match administration.update(user_id, swap).await {
            Err(AdministrationError::Overtaken) => continue,
            outcome => outcome?,
        }
        context.end_sessions(user_id, None, EndReason::Administrator).await?;
        tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "reset_required");
        return Ok(());
    }
    Err(AdministrationError::Overtaken)
}
