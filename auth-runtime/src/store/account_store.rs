use core::{error::Error, fmt};

use secrecy::SecretString;

use super::{Account, BoxFuture, NewAccount};
use crate::{clock::UnixTime, error::StoreError};

/// Where accounts are kept.
///
/// User names and e-mail addresses are compared by [`login_key`](super::login_key) and share one space of keys: an
/// account can have neither the user name nor the e-mail address of another one, as either.
///
/// Every method is one atomic step, and what it reported as written survives a crash of the process and of the machine
/// (as far as the store is persistent at all).
pub trait AccountStore: Send + Sync + 'static {
    /// Store a new account under the identifier that it brings, or under a fresh one.
    ///
    /// # Errors
    /// When the identifier, the user name or the e-mail address is taken (the first of these is reported where several
    /// are), or the store fails. Nothing is stored then.
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>>;

    /// The account of this identifier, or `None` when there is no such account.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>>;

    /// The account whose user name or e-mail address this is, or `None` when there is no such account.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>>;

    /// Replace the password hash if it still is `old`; whether it was replaced. When an upgrade of a hash races with a
    /// change of the password, the later one finds that it came too late instead of undoing the other.
    ///
    /// # Errors
    /// When the store fails.
    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Note that the account's e-mail address is its owner's, if it still is `email`; whether it was noted. A later time
    /// replaces an earlier one.
    ///
    /// # Errors
    /// When the store fails.
    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        at: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Replace the roles; `false` when there is no such account.
    ///
    /// # Errors
    /// When the store fails.
    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Replace the scopes; `false` when there is no such account.
    ///
    /// # Errors
    /// When the store fails.
    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Let the account sign in and call, or not; `false` when there is no such account.
    ///
    /// # Errors
    /// When the store fails.
    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<bool, StoreError>>;
}

/// Why an account was not created.
#[derive(Debug)]
#[non_exhaustive]
pub enum CreateError {
    /// Another account has this identifier already.
    IdTaken,
    /// Somebody signs in by this user name already.
    UsernameTaken,
    /// Somebody signs in by this e-mail address already.
    EmailTaken,
    /// The store, or the source of randomness for the identifier, failed.
    Store(StoreError),
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdTaken => "the identifier is taken",
            Self::UsernameTaken => "the user name is taken",
            Self::EmailTaken => "the e-mail address is taken",
            Self::Store(_) => "the account could not be stored",
        })
    }
}

impl Error for CreateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
