use std::sync::Arc;

use super::{
    Account, AccountStore, ApiKeyStore, AttemptStore, BoxFuture, OneTimeTokenStore, SessionStore, UserStore, Users,
};
use crate::error::StoreError;

/// A cheap handle to the stores of accounts and of everything that belongs to them.
///
/// The account endpoints take it from the router's state, the guard from [`Auth`](crate::auth::Auth). Give the same
/// handle to [`AuthBuilder::accounts`](crate::auth::AuthBuilder::accounts).
#[derive(Clone)]
pub struct Accounts(Arc<Stores>);

/// One store for each kind of record. [`Accounts::new`] takes a single store that keeps all kinds.
pub struct Stores {
    /// The accounts.
    pub accounts: Arc<dyn AccountStore>,
    /// The accounts' sessions.
    pub sessions: Arc<dyn SessionStore>,
    /// The counters of failed passwords.
    pub attempts: Arc<dyn AttemptStore>,
    /// The tokens sent by mail.
    pub one_time_tokens: Arc<dyn OneTimeTokenStore>,
    /// The API keys.
    pub api_keys: Arc<dyn ApiKeyStore>,
}

impl Accounts {
    /// Keeps all kinds of records in one store.
    pub fn new(store: impl AccountStore + SessionStore + AttemptStore + OneTimeTokenStore + ApiKeyStore) -> Self {
        let store = Arc::new(store);
        Self::from(Stores {
            accounts: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            attempts: Arc::clone(&store) as _,
            one_time_tokens: Arc::clone(&store) as _,
            api_keys: store,
        })
    }

    /// Returns the store of accounts.
    pub fn accounts(&self) -> &dyn AccountStore {
        &*self.0.accounts
    }

    /// Returns the store of sessions.
    pub fn sessions(&self) -> &dyn SessionStore {
        &*self.0.sessions
    }

    /// Returns the store that counts attempts to sign in.
    pub fn attempts(&self) -> &dyn AttemptStore {
        &*self.0.attempts
    }

    /// Returns the store of tokens sent by mail.
    pub fn one_time_tokens(&self) -> &dyn OneTimeTokenStore {
        &*self.0.one_time_tokens
    }

    /// Returns the store of API keys.
    pub fn api_keys(&self) -> &dyn ApiKeyStore {
        &*self.0.api_keys
    }

    /// Returns the same accounts as the application's user directory.
    pub fn users(&self) -> Users<Account> {
        Users::new(Directory(Arc::clone(&self.0.accounts)))
    }

    /// Returns whether both are handles to the same stores.
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
