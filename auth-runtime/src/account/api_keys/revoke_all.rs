use crate::{
    account::{context::AccountContext, event::TARGET},
    error::StoreError,
    store::EndReason,
};

/// Revokes all API keys of a user, and returns how many were not revoked before.
///
/// A caller that also ends sessions must end them first: a live session could create another key in between.
pub(crate) async fn revoke_all(context: &AccountContext, user_id: &str, reason: EndReason) -> Result<u64, StoreError> {
    let revoked = context.accounts.api_keys().revoke_all_keys(user_id, context.auth.clock().unix()).await?;
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = user_id, keys = revoked, outcome = "api_keys_revoked",
        reason = reason.name(),
    );
    Ok(revoked)
}
