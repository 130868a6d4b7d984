use crate::{
    guard::{Denied, Rejection},
    identity::Identity,
    store::{Account, User as _},
};

use super::{engine::Engine, failure::tell_operator};

/// The account of an authenticated caller: 401 when it is gone, 403 when it is deactivated.
pub(super) async fn account_of(engine: &Engine, caller: &Identity) -> Result<Account, Denied> {
    let account = match engine.accounts.accounts().find(caller.subject()).await {
        Ok(Some(account)) if account.is_active() => Ok(account),
        Ok(Some(_)) => Err(Rejection::Inactive),
        Ok(None) => Err(Rejection::BadCredential("user_gone")),
        Err(error) => {
            tell_operator(&error);
            Err(Rejection::Unavailable(error))
        }
    };
    account.map_err(|rejection| Denied::new(rejection, &engine.auth))
}
