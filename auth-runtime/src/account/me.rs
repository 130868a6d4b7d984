use crate::{
    extract::Json,
    guard::{Denied, Guard},
    identity::Identity,
    store::Profile,
};

use super::{caller::account_of, engine::Engine, policies};

/// `GET /auth/me`: the caller's own account.
pub(super) async fn me(_: Guard<policies::Me>, caller: Identity, engine: Engine) -> Result<Json<Profile>, Denied> {
    Ok(Json(account_of(&engine, &caller).await?.profile()))
}
