use std::sync::Arc;

use super::{
    Account, AccountStore, ApiKeyStore, AttemptStore, BoxFuture, OneTimeTokenStore, SessionStore, UserStore, Users,
};
use crate::{error::StoreError, limit::LimitStore};

/// A cheap handle to the stores of accounts and of everything that belongs to them.
///
/// The account endpoints take it from the router's state, the guard from [`Auth`](crate::auth::Auth). Give the same
/// handle to [`AuthBuilder::accounts`](crate::auth::AuthBuilder::accounts).
///
/// One store may keep all kinds of records. To keep some of them elsewhere, replace their stores:
///
/// ```
/// # #[cfg(feature = "memory")] {
/// use auth_runtime::store::{Accounts, MemoryStore};
///
/// # let own_table = MemoryStore::default();
/// let accounts = Accounts::new(MemoryStore::default()).with_accounts(own_table);
/// # }
/// ```
///
/// Each `with_…` method takes the store itself, so a store that implements several of the traits should be a handle
/// that can be cloned. Replace the stores before you give the handle away: the methods return another handle.
#[derive(Clone)]
pub struct Accounts(Arc<Stores>);

/// One store for each kind of record.
#[derive(Clone)]
struct Stores {
    accounts: Arc<dyn AccountStore>,
    sessions: Arc<dyn SessionStore>,
    attempts: Arc<dyn AttemptStore>,
    one_time_tokens: Arc<dyn OneTimeTokenStore>,
    api_keys: Arc<dyn ApiKeyStore>,
    limits: Option<Arc<dyn LimitStore>>,
}

impl Accounts {
    /// Keeps all kinds of records in one store.
    pub fn new(store: impl AccountStore + SessionStore + AttemptStore + OneTimeTokenStore + ApiKeyStore) -> Self {
        let store = Arc::new(store);
        Self(Arc::new(Stores {
            accounts: Arc::clone(&store) as _,
            sessions: Arc::clone(&store) as _,
            attempts: Arc::clone(&store) as _,
            one_time_tokens: Arc::clone(&store) as _,
            api_keys: store,
            limits: None,
        }))
    }

    /// Keeps the accounts in this store.
    #[must_use]
    pub fn with_accounts(self, store: impl AccountStore) -> Self {
        self.with(|stores| stores.accounts = Arc::new(store))
    }

    /// Keeps the sessions, with their refresh tokens, cookies and revocations, in this store.
    #[must_use]
    pub fn with_sessions(self, store: impl SessionStore) -> Self {
        self.with(|stores| stores.sessions = Arc::new(store))
    }

    /// Keeps the counters of failed passwords, and the known clients, in this store.
    #[must_use]
    pub fn with_attempts(self, store: impl AttemptStore) -> Self {
        self.with(|stores| stores.attempts = Arc::new(store))
    }

    /// Keeps the tokens sent by mail in this store.
    #[must_use]
    pub fn with_one_time_tokens(self, store: impl OneTimeTokenStore) -> Self {
        self.with(|stores| stores.one_time_tokens = Arc::new(store))
    }

    /// Keeps the API keys in this store.
    #[must_use]
    pub fn with_api_keys(self, store: impl ApiKeyStore) -> Self {
        self.with(|stores| stores.api_keys = Arc::new(store))
    }

    /// Counts limits in this store, unless the settings or the builder of [`Auth`](crate::auth::Auth) name another one.
    ///
    /// The accounts that `Database::accounts` gives for PostgreSQL have `limit::PostgresLimits` here, so that several
    /// processes share the counters.
    #[must_use]
    pub fn with_limits(self, store: impl LimitStore) -> Self {
        self.with(|stores| stores.limits = Some(Arc::new(store)))
    }

    /// Changes a copy of the stores. Clones of this handle, made before, keep the old ones.
    fn with(self, change: impl FnOnce(&mut Stores)) -> Self {
        let mut stores = Arc::unwrap_or_clone(self.0);
        change(&mut stores);
        Self(Arc::new(stores))
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

    /// Returns the store that counts limits, if there is one beside the accounts.
    pub(crate) fn limits(&self) -> Option<&Arc<dyn LimitStore>> {
        self.0.limits.as_ref()
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

struct Directory(Arc<dyn AccountStore>);

impl UserStore for Directory {
    type User = Account;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        self.0.find(id)
    }
}
