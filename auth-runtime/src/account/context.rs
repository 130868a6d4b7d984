use core::{error::Error, fmt};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAccounts, HasAuth},
    guard::{GuardRejection, Rejection, refuse},
    store::{Account, Accounts, active},
};

use super::answer::{rejection::EndpointRejection, report::OrReport as _};

/// The engine and the accounts, which every account endpoint needs.
#[derive(Clone)]
pub(crate) struct AccountContext {
    pub(crate) auth: Auth,
    pub(crate) accounts: Accounts,
}

impl AccountContext {
    /// Returns the context of the accounts that the engine was built with.
    ///
    /// # Errors
    /// Returns [`NoAccountsError`] when the engine was built without accounts.
    pub(crate) fn of(auth: &Auth) -> Result<Self, NoAccountsError> {
        let accounts = auth.accounts().ok_or(NoAccountsError)?.clone();
        Ok(Self { auth: auth.clone(), accounts })
    }

    /// Returns the account with this identifier, or `None` when it does not exist or is deactivated. For the caller's
    /// own account, [`account_of`](super::request::caller::account_of) tells the two apart.
    ///
    /// # Errors
    /// Returns the answer for a store's error, which it reports.
    pub(crate) async fn active_account(&self, id: &str) -> Result<Option<Account>, EndpointRejection> {
        let found = self.accounts.accounts().find(id).await.or_report()?;
        Ok(active(found).ok())
    }
}

impl<S: HasAuth + HasAccounts + Sync> FromRequestParts<S> for AccountContext {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
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

/// The error that the engine was built without accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoAccountsError;

impl fmt::Display for NoAccountsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`Auth` was built without `.accounts(…)`")
    }
}

impl Error for NoAccountsError {}
