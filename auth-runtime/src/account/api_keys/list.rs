use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::{extract::Json, guard::Guard};

use super::{
    super::{
        caller::{Own, account_of},
        engine::Engine,
        failure::Failure,
        policies,
        refused::Refused,
    },
    answer::Shown,
};

#[derive(Serialize)]
struct Keys {
    api_keys: Vec<Shown>,
}

/// Handles `GET /auth/api-keys`. Returns the caller's keys, the oldest first, without the secret parts.
pub(in super::super) async fn list(
    _: Guard<policies::ListApiKeys>,
    Own(caller): Own,
    engine: Engine,
) -> Result<Response, Refused> {
    let owner = account_of(&engine, &caller).await?;
    let keys = engine.accounts.api_keys().list_keys(&owner.id).await;
    let keys = keys.map_err(|error| Failure::store(&error))?;
    let now = engine.auth.clock().unix();
    Ok(Json(Keys { api_keys: keys.into_iter().map(|key| Shown::new(key, now)).collect() }).into_response())
}
