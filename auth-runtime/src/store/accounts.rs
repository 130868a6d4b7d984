use std::sync::Arc;

use super::{
    Account, AccountStore, ApiKeyStore, AttemptStore, BoxFuture, OneTimeTokenStore, SessionStore, UserStore, Users,
};
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
    /// Where they are signed in.
    pub sessions: Arc<dyn SessionStore>,
    /// The passwords that were tried and failed.
    pub attempts: Arc<dyn AttemptStore>,
    /// The tokens that were sent by mail.
    pub one_time_tokens: Arc<dyn OneTimeTokenStore>,
    /// The API keys that were handed out.
    pub api_keys: Arc<dyn ApiKeyStore>,
}

impl Accounts {
    /// All records in one store.
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

    /// Where accounts are kept.
    pub fn accounts(&self) -> &dyn AccountStore {
        &*self.0.accounts
    }

    /// Where sessions are kept.
    pub fn sessions(&self) -> &dyn SessionStore {
        &*self.0.sessions
    }

    /// Where attempts to give a password are counted.
    pub fn attempts(&self) -> &dyn AttemptStore {
        &*self.0.attempts
    }

    /// Where tokens that were sent by mail are kept.
    pub fn one_time_tokens(&self) -> &dyn OneTimeTokenStore {
        &*self.0.one_time_tokens
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
