use crate::{
    extract::Json,
    guard::{Guard, GuardRejection},
    store::Profile,
};

use super::{
    context::AccountContext,
    policies,
    request::caller::{LocalCaller, account_of},
};

/// `GET /auth/me`: returns the caller's own account.
pub(super) async fn me(
    _: Guard<policies::Me>,
    LocalCaller(caller): LocalCaller,
    context: AccountContext,
) -> Result<Json<Profile>, GuardRejection> {
    Ok(Json(account_of(&context, &caller).await?.profile()))
}
