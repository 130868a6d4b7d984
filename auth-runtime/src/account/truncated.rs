use secrecy::SecretString;
use tracing::Level;

use crate::store::Account;

use super::{
    engine::Engine,
    failure::{Failure, TARGET},
    forgot_password::send_reset_to,
};

/// Replaces a hash that was made from the beginning of a password, once that hash has been used to sign in.
const USED_UP: &str = "!truncated-bcrypt";

/// Uses up a hash that matched by the first 72 bytes of a password, so that it signs in only this once. Returns the
/// account as it is now.
///
/// The hash is replaced before the session begins, so only one of several concurrent sign-ins succeeds. The owner sets
/// a new password from that session within five minutes, or by the mail that is sent now.
pub(super) async fn use_up(engine: &Engine, mut account: Account) -> Result<Account, Failure> {
    let used_up = SecretString::from(USED_UP);
    let (id, hash) = (&account.id, &account.password_hash);
    let replaced = engine.accounts.accounts().set_password_hash(id, hash, &used_up).await;
    if !replaced.map_err(|error| Failure::store(&error))? {
        tracing::info!(target: TARGET, outcome = "refused", reason = "changed_meanwhile");
        return Err(Failure::Refused);
    }
    account.password_hash = used_up;
    tracing::event!(
        target: TARGET, Level::WARN, user.id = %account.id, outcome = "password_change_required", reason = "truncated_bcrypt",
    );
    send_reset_to(engine, &account);
    Ok(account)
}
