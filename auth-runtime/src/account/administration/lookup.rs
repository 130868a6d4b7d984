use crate::{
    error::StoreError,
    store::{Account, AccountQuery},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Returns one page of the accounts that fit the query, in the order of their identifiers. The identifier of the
    /// last one is the `after` of the next page.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn list(&self, query: &AccountQuery) -> Result<Vec<Account>, StoreError> {
        self.0.accounts.accounts().list_accounts(query).await
    }

    /// Returns the account with this identifier, whether or not it is active.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when there is none, and [`AdministrationError::Store`] when the store
    /// fails.
    pub async fn find(&self, user_id: &str) -> Result<Account, AdministrationError> {
        self.0.accounts.accounts().find(user_id).await?.ok_or(AdministrationError::Unknown)
    }

    /// Returns the account with this user name or e-mail address, whether or not it is active.
    ///
    /// # Errors
    /// Returns errors like [`find`](Self::find).
    pub async fn find_by_login(&self, login: &str) -> Result<Account, AdministrationError> {
        self.0.accounts.accounts().find_by_login(login).await?.ok_or(AdministrationError::Unknown)
    }

    /// Returns an error unless the account exists. Steps that count what they changed call it when they changed
    /// nothing: the identifier may be mistyped.
    pub(super) async fn must_exist(&self, user_id: &str) -> Result<(), AdministrationError> {
        self.find(user_id).await.map(|_account| ())
    }
}
