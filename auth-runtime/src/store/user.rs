use core::future::ready;
use std::sync::Arc;

use super::BoxFuture;
use crate::error::StoreError;

/// What the framework needs to know of an application's user.
///
/// The defaults grant nothing.
///
/// ```
/// use auth_runtime::store::User;
///
/// struct Member { id: String, moderator: bool, banned: bool }
///
/// impl User for Member {
///     fn id(&self) -> &str { &self.id }
///     fn is_active(&self) -> bool { !self.banned }
///     fn roles(&self) -> impl Iterator<Item = &str> { self.moderator.then_some("moderator").into_iter() }
/// }
/// ```
pub trait User: Send + Sync + 'static {
    /// The identifier that tokens carry as `sub`. It never changes and is never given to another user.
    fn id(&self) -> &str;

    /// Whether the user may sign in and call. One that may not is refused with 403.
    fn is_active(&self) -> bool;

    /// Whether the user passes where a superuser is asked for. It does not stand for any role.
    fn is_superuser(&self) -> bool {
        false
    }

    /// The names of the user's roles, in any order.
    fn roles(&self) -> impl Iterator<Item = &str> {
        core::iter::empty()
    }

    /// The scopes that the user may be given, in any order.
    fn scopes(&self) -> impl Iterator<Item = &str> {
        core::iter::empty()
    }
}

/// An application's user directory.
pub trait UserStore: Send + Sync + 'static {
    /// The application's user.
    type User: User;

    /// The user of this identifier, or `None` when there is no such user. Asked only of callers for whom this service
    /// vouches.
    ///
    /// # Errors
    /// When the directory cannot tell. An implementation must never answer `None` then.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Self::User>, StoreError>>;

    /// The user for whom another issuer vouches, by its `iss` and `sub`, or `None` when there is no such user.
    ///
    /// By default nobody, which is 403: another issuer's subject may have the identifier of a user here by chance or by
    /// intent, and is not that user. A directory that knows users of other issuers looks for both texts together.
    ///
    /// # Errors
    /// When the directory cannot tell.
    fn find_foreign<'a>(
        &'a self,
        _issuer: &'a str,
        _subject: &'a str,
    ) -> BoxFuture<'a, Result<Option<Self::User>, StoreError>> {
        Box::pin(ready(Ok(None)))
    }
}

/// A cheap handle to the application's user directory, kept in the application's state.
pub struct Users<U> {
    store: Arc<dyn UserStore<User = U>>,
}

impl<U: User> Users<U> {
    /// A handle to `store`.
    pub fn new(store: impl UserStore<User = U>) -> Self {
        Self::from(Arc::new(store) as Arc<dyn UserStore<User = U>>)
    }

    /// The user of this identifier, or `None` when there is no such user.
    ///
    /// # Errors
    /// When the directory cannot tell.
    pub async fn find(&self, id: &str) -> Result<Option<U>, StoreError> {
        self.store.find(id).await
    }

    /// The user for whom another issuer vouches, or `None` when there is no such user.
    ///
    /// # Errors
    /// When the directory cannot tell.
    pub async fn find_foreign(&self, issuer: &str, subject: &str) -> Result<Option<U>, StoreError> {
        self.store.find_foreign(issuer, subject).await
    }
}

impl<U> From<Arc<dyn UserStore<User = U>>> for Users<U> {
    fn from(store: Arc<dyn UserStore<User = U>>) -> Self {
        Self { store }
    }
}

// Derived, it would ask for `U: Clone`.
impl<U> Clone for Users<U> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store) }
    }
}
