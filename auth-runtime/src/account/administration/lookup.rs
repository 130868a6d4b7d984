use crate::{
    account::password_attempt::count::locked_until,
    clock::UnixTime,
    error::StoreError,
    store::{Account, AccountKey, AccountQuery},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Returns one page of the accounts that fit the query, in the order of their identifiers. The identifier of the
    /// last one is the `after` of the next page.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn list(&self, query: &AccountQuery) -> Result<Vec<Account>, StoreError> {
        self.context.accounts.accounts().list_accounts(query).await
    }

    /// Returns the account with this identifier, whether or not it is active.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when there is none, and [`AdministrationError::Store`] when the store
    /// fails.
    pub async fn find(&self, user_id: &str) -> Result<Account, AdministrationError> {
        self.context.accounts.accounts().find(user_id).await?.ok_or(AdministrationError::Unknown)
    }

    /// Returns the account with this user name or e-mail address, whether or not it is active.
    ///
    /// # Errors
    /// Returns errors like [`find`](Self::find).
    pub async fn find_by_login(&self, login: &str) -> Result<Account, AdministrationError> {
        self.context.accounts.accounts().find_by_login(login).await?.ok_or(AdministrationError::Unknown)
    }

    /// Returns until when these accounts are locked after too many wrong passwords, in their order; `None` for an
    /// account that is not locked, or that does not exist. [`unlock`](Self::unlock) ends a lock.
    ///
    /// Addresses from which the owner has signed in are counted apart. So the owner may still sign in from such an
    /// address while the account is locked for all others.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn locked_until(
        &self,
        user_ids: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Vec<Option<UnixTime>>, StoreError> {
        let keys: Vec<AccountKey> = user_ids.into_iter().map(|id| AccountKey::of(id.as_ref())).collect();
        locked_until(&self.context, &keys).await
    }

    /// Returns the account, or an error when it waits for its owner.
    pub(in crate::account) async fn find_open(&self, user_id: &str) -> Result<Account, AdministrationError> {
        let account = self.find(user_id).await?;
        if account.pending_until.is_some() { Err(AdministrationError::Pending) } else { Ok(account) }
    }

    /// Returns an error unless the account exists. Steps that count what they changed call it when they changed
    /// nothing: the identifier may be mistyped.
    pub(super) async fn must_exist(&self, user_id: &str) -> Result<(), AdministrationError> {
        self.find(user_id).await.map(|_account| ())
    }
}
