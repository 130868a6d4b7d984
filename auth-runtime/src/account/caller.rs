use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::HasAuth,
    guard::{Denied, Rejection, refuse},
    identity::Identity,
    store::{Account, User as _},
};

use super::{engine::Engine, failure::tell_operator};

/// A caller with a credential of this service, else 403.
///
/// Another issuer's subject may have the identifier of an account here by chance or by intent, and is not its owner.
pub(super) struct Own(pub(super) Identity);

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Own {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let caller = <Identity as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let auth = state.auth();
        if caller.issuer().is_empty() || caller.issuer() == auth.issuer() {
            Ok(Self(caller))
        } else {
            Err(refuse(Rejection::Forbidden, &auth, parts))
        }
    }
}

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
