use axum::http::StatusCode;

use crate::{
    account::{
        answer::{
            failure::{Failure, TARGET},
            refused::Refused,
        },
        context::Engine,
        policies,
        request::caller::{Own, account_of},
    },
    extract::Path,
    guard::Guard,
};

use super::refused::unknown;

/// Handles `DELETE /auth/api-keys/{id}`. Returns 204, even when the key had already ended, or 404 for a key that is not
/// the caller's.
pub(crate) async fn revoke(
    _: Guard<policies::RevokeApiKey>,
    Own(caller): Own,
    engine: Engine,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let owner = account_of(&engine, &caller).await?;
    let now = engine.auth.clock().unix();
    match engine.accounts.api_keys().revoke_key(&owner.id, &id, now).await {
        Ok(true) => {
            tracing::event!(
                target: TARGET, tracing::Level::INFO, user.id = owner.id, api_key.id = id, outcome = "api_key_revoked",
            );
            Ok(StatusCode::NO_CONTENT)
        }
        Ok(false) => Err(unknown()),
        Err(error) => Err(Failure::store(&error).into()),
    }
}
