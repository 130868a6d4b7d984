use std::sync::Arc;

use super::{Account, AccountStore, ApiKeyStore, BoxFuture, RefreshStore, UserStore, Users};
use crate::error::StoreError;

/// A cheap handle to where accounts, and all that belongs to them, are kept.
///
/// The account endpoints find it in the router's state, the guard in [`Auth`](crate::auth::Auth): hand the same one to
/// [`AuthBuilder::accounts`](crate::auth::AuthBuilder::accounts).
#[derive(Clone)]
pub struct Accounts(Arc<Stores>);

/// One store for each kind of record; [`Accounts::new`] takes a store that keeps all of them.
pub struct Stores {
    /// Who can sign in.
    pub accounts: Arc<dyn AccountStore>,
    /// The refresh tokens that were handed out.
    pub refresh_tokens: Arc<dyn RefreshStore>,
    /// The API keys that were handed out.
    pub api_keys: Arc<dyn ApiKeyStore>,
}

impl Accounts {
    /// All records in one store.
    pub fn new(store: impl AccountStore + RefreshStore + ApiKeyStore) -> Self {
        let store = Arc::new(store);
        Self::from(Stores {
            accounts: Arc::clone(&store) as _,
            refresh_tokens: Arc::clone(&store) as _,
            api_keys: store,
        })
    }

    /// Where accounts are kept.
    pub fn accounts(&self) -> &dyn AccountStore {
        &*self.0.accounts
    }

    /// Where refresh tokens are kept.
    pub fn refresh_tokens(&self) -> &dyn RefreshStore {
        &*self.0.refresh_tokens
    }

    /// Where API keys are kept.
    pub fn api_keys(&self) -> &dyn ApiKeyStore {
        &*self.0.api_keys
    }

    /// The same accounts as the application's user directory.
    pub fn users(&self) -> Users<Account> {
        Users::new(Directory(Arc::clone(&self.0.accounts)))
    }

    /// Whether both are handles to the same stores.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Stores> for Accounts {
    fn from(stores: Stores) -> Self {
        Self(Arc::new(stores))
    }
}

struct Directory(Arc<dyn AccountStore>);

impl UserStore for Directory {
    type User = Account;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        self.0.find(id)
    }
}
