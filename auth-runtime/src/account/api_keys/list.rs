use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::{
    account::{
        answer::{error_response::ErrorResponse, report::OrReport as _},
        context::AccountContext,
        policies,
        request::caller::{LocalCaller, account_of},
    },
    extract::Json,
    guard::Guard,
};

use super::answer::Shown;

#[derive(Serialize)]
struct Keys {
    api_keys: Vec<Shown>,
}

/// Handles `GET /auth/api-keys`. Returns the caller's keys, the oldest first, without the secret parts.
pub(crate) async fn list_api_keys(
    _: Guard<policies::ListApiKeys>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
) -> Result<Response, ErrorResponse> {
    let owner = account_of(&context, &caller).await?;
    let keys = context.accounts.api_keys().list_keys(&owner.id).await.or_report()?;
    let now = context.auth.clock().unix();
    Ok(Json(Keys { api_keys: keys.into_iter().map(|key| Shown::new(key, now)).collect() }).into_response())
}
