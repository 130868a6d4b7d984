use crate::{
    extract::Json,
    guard::{Denied, Guard},
    store::Profile,
};

use super::{
    context::Engine,
    policies,
    request::caller::{Own, account_of},
};

/// `GET /auth/me`: returns the caller's own account.
pub(super) async fn me(_: Guard<policies::Me>, Own(caller): Own, engine: Engine) -> Result<Json<Profile>, Denied> {
    Ok(Json(account_of(&engine, &caller).await?.profile()))
}
