use core::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAccounts, HasAuth},
    store::Accounts,
};

/// What every account endpoint works with.
pub(super) struct Engine {
    pub(super) auth: Auth,
    pub(super) accounts: Accounts,
}

impl<S: HasAuth + HasAccounts + Sync> FromRequestParts<S> for Engine {
    type Rejection = Infallible;

    async fn from_request_parts(_parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self { auth: state.auth(), accounts: state.accounts() })
    }
}
