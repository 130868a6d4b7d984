use crate::{
    account::answer::failure::TARGET,
    auth::Auth,
    error::StoreError,
    store::{Accounts, EndReason},
};

/// Revokes all API keys of a user, and returns how many were not revoked before.
///
/// A caller that also ends sessions must end them first: a live session could create another key in between.
pub(crate) async fn revoke_all(
    auth: &Auth,
    accounts: &Accounts,
    user_id: &str,
    why: EndReason,
) -> Result<u64, StoreError> {
    let revoked = accounts.api_keys().revoke_all_keys(user_id, auth.clock().unix()).await?;
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = user_id, keys = revoked, outcome = "api_keys_revoked",
        reason = why.name(),
    );
    Ok(revoked)
}
