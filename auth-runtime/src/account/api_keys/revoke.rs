use axum::http::StatusCode;

use crate::{
    account::{
        answer::{error_response::ErrorResponse, report::OrReport as _},
        context::AccountContext,
        event::TARGET,
        policies,
        request::caller::{LocalCaller, account_of},
    },
    extract::Path,
    guard::Guard,
};

use super::problems::unknown;

/// Handles `DELETE /auth/api-keys/{id}`. Returns 204, even when the key had already ended, or 404 for a key that is not
/// the caller's.
pub(crate) async fn revoke_api_key(
    _: Guard<policies::RevokeApiKey>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
    Path(id): Path<String>,
) -> Result<StatusCode, ErrorResponse> {
    let owner = account_of(&context, &caller).await?;
    let now = context.auth.clock().unix();
    if !context.accounts.api_keys().revoke_key(&owner.id, &id, now).await.or_report()? {
        return Err(unknown());
    }
    tracing::event!(
        target: TARGET, tracing::Level::INFO, user.id = owner.id, api_key.id = id, outcome = "api_key_revoked",
    );
    Ok(StatusCode::NO_CONTENT)
}
