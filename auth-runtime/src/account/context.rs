use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAccounts, HasAuth},
    guard::{Denied, Rejection, refuse},
    store::Accounts,
};

/// The engine and the accounts, which every account endpoint needs.
#[derive(Clone)]
pub(crate) struct AccountContext {
    pub(crate) auth: Auth,
    pub(crate) accounts: Accounts,
}

impl<S: HasAuth + HasAccounts + Sync> FromRequestParts<S> for AccountContext {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let (auth, accounts) = (state.auth(), state.accounts());
        if auth.accounts().is_some_and(|guarded| guarded.is_same(&accounts)) {
            auth.keep_clean();
            return Ok(Self { auth, accounts });
        }
        let fault =
            "the guard does not know the accounts of the router's state: build `Auth` with `.accounts(&accounts)`";
        Err(refuse(Rejection::Misconfigured(fault), &auth, parts))
    }
}
