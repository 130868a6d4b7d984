use std::sync::Arc;

use super::{Account, AccountStore, BoxFuture, RefreshStore, UserStore, Users};
use crate::error::StoreError;

/// A cheap handle to where accounts and their refresh tokens are kept: all that the account endpoints store.
#[derive(Clone)]
pub struct Accounts {
    accounts: Arc<dyn AccountStore>,
    refresh_tokens: Arc<dyn RefreshStore>,
}

impl Accounts {
    /// Both in one store.
    pub fn new(store: impl AccountStore + RefreshStore) -> Self {
        let store = Arc::new(store);
        Self::from_stores(Arc::clone(&store) as Arc<dyn AccountStore>, store)
    }

    /// Accounts in one store, refresh tokens in another.
    pub fn from_stores(accounts: Arc<dyn AccountStore>, refresh_tokens: Arc<dyn RefreshStore>) -> Self {
        Self { accounts, refresh_tokens }
    }

    /// Where accounts are kept.
    pub fn accounts(&self) -> &dyn AccountStore {
        &*self.accounts
    }

    /// Where refresh tokens are kept.
    pub fn refresh_tokens(&self) -> &dyn RefreshStore {
        &*self.refresh_tokens
    }

    /// The same accounts as the application's user directory.
    pub fn users(&self) -> Users<Account> {
        Users::new(Directory(Arc::clone(&self.accounts)))
    }
}

struct Directory(Arc<dyn AccountStore>);

impl UserStore for Directory {
    type User = Account;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        self.0.find(id)
    }
}
