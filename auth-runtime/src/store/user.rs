use core::{fmt, future::ready};
use std::sync::Arc;

use super::BoxFuture;
use crate::{error::StoreError, identity::Identity};

/// The properties of an application's user that the framework needs.
///
/// Policies read roles and scopes from the caller's credential, so a user has no roles and scopes here.
///
/// ```
/// use auth_runtime::store::User;
///
/// struct Member { id: String, banned: bool }
///
/// impl User for Member {
///     fn id(&self) -> &str { &self.id }
///     fn is_active(&self) -> bool { !self.banned }
/// }
/// ```
pub trait User: Send + Sync + 'static {
    /// Returns the identifier that tokens carry as `sub`. It never changes, and no other user ever gets it.
    fn id(&self) -> &str;

    /// Returns whether the user may sign in and make requests. The guard refuses an inactive user with 403.
    fn is_active(&self) -> bool;

    /// Returns whether the user passes where a policy asks for a superuser. A superuser does not have every role.
    fn is_superuser(&self) -> bool {
        false
    }
}

/// An application's user directory.
pub trait UserStore: Send + Sync + 'static {
    /// The application's user.
    type User: User;

    /// Returns the user with this identifier, or `None` when it does not exist. The guard calls it only with
    /// identifiers of this service's users, never with another issuer's subject.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the directory cannot answer. An implementation must never return `None` then.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Self::User>, StoreError>>;

    /// Returns the user that a caller of another issuer is, or `None` when it does not exist.
    ///
    /// The default returns `None`, and the guard refuses the caller with 403. The caller's
    /// [`issuer`](Identity::issuer) and [`subject`](Identity::subject) identify it together. A subject of another
    /// issuer can equal the identifier of a user here, by chance or on purpose, without being that user. The caller
    /// also has the statements of its issuer, for example [`email`](Identity::email). They do not identify it.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the directory cannot answer.
    fn find_foreign<'a>(&'a self, _caller: &'a Identity) -> BoxFuture<'a, Result<Option<Self::User>, StoreError>> {
        Box::pin(ready(Ok(None)))
    }
}

/// A cheap handle to the application's user directory, kept in the application's state.
pub struct Users<U> {
    store: Arc<dyn UserStore<User = U>>,
}

impl<U: User> Users<U> {
    /// Creates a handle to `store`.
    pub fn new(store: impl UserStore<User = U>) -> Self {
        Self::from(Arc::new(store) as Arc<dyn UserStore<User = U>>)
    }

    /// Returns the user with this identifier, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the directory cannot answer.
    pub async fn find(&self, id: &str) -> Result<Option<U>, StoreError> {
        self.store.find(id).await
    }

    /// Returns the user that a caller of another issuer is, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the directory cannot answer.
    pub async fn find_foreign(&self, caller: &Identity) -> Result<Option<U>, StoreError> {
        self.store.find_foreign(caller).await
    }
}

impl<U> fmt::Debug for Users<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Users").finish_non_exhaustive()
    }
}

impl<U> From<Arc<dyn UserStore<User = U>>> for Users<U> {
    fn from(store: Arc<dyn UserStore<User = U>>) -> Self {
        Self { store }
    }
}

// A derived `Clone` would require `U: Clone`.
impl<U> Clone for Users<U> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store) }
    }
}
