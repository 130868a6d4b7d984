use crate::{
    account::{
        answer::error_response::ErrorResponse, context::AccountContext, event::store_failed,
        request::caller::session_of,
    },
    identity::Identity,
    store::ApiKeyRecord,
};

/// Revokes a new key and answers 401, unless the session that asked for it is still live.
///
/// To lock a thief out, the owner or an administrator ends sessions first and then revokes keys. A key created between
/// these two steps is covered: this function sees sessions that ended before it reads, and a later revocation finds the
/// key.
pub(crate) async fn revoke_unless_signed_in(
    context: &AccountContext,
    caller: &Identity,
    key: &ApiKeyRecord,
) -> Result<(), ErrorResponse> {
    let Err(denied) = session_of(context, caller).await else { return Ok(()) };
    let revoked = context.accounts.api_keys().revoke_key(&key.user_id, &key.id, context.auth.clock().unix()).await;
    if let Err(error) = revoked {
        // The client never receives the key, so it cannot use it.
        store_failed(&error);
    }
    Err(denied.into())
}
