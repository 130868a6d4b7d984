use crate::{
    extract::Json,
    guard::{Denied, Guard, Rejection},
    identity::Identity,
    store::{Profile, User},
};

use super::{engine::Engine, failure::tell_operator, policies};

/// `GET /auth/me`: the caller's own account.
pub(super) async fn me(_: Guard<policies::Me>, caller: Identity, engine: Engine) -> Result<Json<Profile>, Denied> {
    let account = match engine.accounts.accounts().find(caller.subject()).await {
        Ok(Some(account)) if account.is_active() => Ok(account),
        Ok(Some(_)) => Err(Rejection::Inactive),
        Ok(None) => Err(Rejection::BadCredential("user_gone")),
        Err(error) => {
            tell_operator(&error);
            Err(Rejection::Unavailable(error))
        }
    };
    let account = account.map_err(|rejection| Denied::new(rejection, &engine.auth))?;
    Ok(Json(account.profile()))
}
