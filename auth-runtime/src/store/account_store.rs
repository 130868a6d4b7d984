use secrecy::SecretString;

use super::{
    Account, AccountChange, AccountOpening, AccountQuery, AccountUpdate, BoxFuture, CreateError, NewAccount, Standing,
};
use crate::{clock::UnixTime, error::StoreError};

/// A store of accounts.
///
/// The store compares user names and e-mail addresses by [`login_key`](super::login_key). Both share one space of keys.
/// An account can use another account's user name or e-mail address neither as its user name nor as its e-mail address.
///
/// A user name that an account gives up, by [`set_username`](Self::set_username) or [`delete`](Self::delete), is
/// retired: no other account gets it, neither as its user name nor as its e-mail address. Otherwise a stranger could
/// pass for the person whom others know by that name. An account that gave a name up by a rename may take it back.
/// No account may take the names of a deleted account. [`RetiredName`](super::RetiredName) has the names that are never
/// retired, and the hash that a store keeps in place of the name.
///
/// Every method is one atomic step. If the store is persistent, what a method reported as written survives a crash of
/// the process and of the machine.
pub trait AccountStore: Send + Sync + 'static {
    /// Stores a new account under the identifier that it brings, or under a fresh one.
    ///
    /// The store accepts any user name with a free key. The caller checks that the user name is not another person's
    /// address. Its [`login_key`](super::login_key) may contain `@` only if it is the key of the account's own address.
    /// Otherwise the account takes the sign-ins of the owner of that address. Registration and `account::Importer`
    /// (feature `import`) check this.
    ///
    /// # Errors
    /// Returns an error when the identifier, the user name or the e-mail address is taken, or when the store fails.
    /// Where several are taken, it names the first of them in this order. After an error, nothing is stored.
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>>;

    /// Returns the account with this identifier, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>>;

    /// Returns the account with this user name or e-mail address, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>>;

    /// Replaces the password hash if it is still `old`, and returns whether it did.
    ///
    /// The comparison settles a race between the upgrade of a hash and a change of the password. The later call returns
    /// `false` and does not undo the earlier one.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Records that the owner proved the e-mail address to be theirs, if the address is still `email`. Returns whether
    /// it did. A later time replaces an earlier one.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        at: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Replaces the roles. Returns `false` when the account does not exist. The store accepts any texts. Applications
    /// call [`Administration::set_roles`](crate::account::Administration::set_roles), which refuses roles that do not
    /// fit into an access token.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Replaces the scopes. Returns `false` when the account does not exist. The store accepts any texts, as
    /// [`set_roles`](Self::set_roles) does.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Opens a pending account: the account becomes active, its `pending_until` becomes `None`, and the fields of
    /// `opening` are set. Returns the open account.
    ///
    /// Returns `None`, and changes nothing, when the account does not exist, is not pending, has another e-mail address
    /// than `opening` demands, or `now` is not before its `pending_until`. Any number of calls may open one account at
    /// once: exactly one of them gets it. The user name that `opening` replaces is not retired.
    ///
    /// # Errors
    /// Returns [`CreateError::UsernameTaken`] when the user name is taken or retired, and [`CreateError::Store`] when
    /// the store fails. After an error, the account is still pending.
    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>>;

    /// Removes up to `limit` accounts with a `pending_until` at or before `now`, the oldest first. Returns how many it
    /// removed. Their names are free again.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_pending(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Removes the account if it is pending, with any `pending_until`. Returns whether it did. Its names are free
    /// again.
    ///
    /// A call that races [`open`](Self::open) either removes the pending account, or leaves the open one alone.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn cancel_pending<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Returns the accounts that the query admits, in the order of their identifiers, byte by byte.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> BoxFuture<'a, Result<Vec<Account>, StoreError>>;

    /// Sets whether the account may sign in and make requests. An account that becomes active is no longer pending.
    ///
    /// The last active superuser stays active. The store counts them in the same step: of two superusers who deactivate
    /// each other at once, one is refused.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>>;

    /// Sets whether the account is a superuser. The last active superuser stays one, as in
    /// [`set_active`](Self::set_active).
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>>;

    /// Replaces the user name, and retires the former one unless both have the same key. Returns `false` when the
    /// account does not exist. The caller checks the name, as before [`create`](Self::create).
    ///
    /// # Errors
    /// Returns [`CreateError::UsernameTaken`] when the user name is taken or retired, and [`CreateError::Store`] when
    /// the store fails. After an error, nothing has changed.
    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> BoxFuture<'a, Result<bool, CreateError>>;

    /// Replaces the e-mail address if it is still `old`, and the time of its proof. Returns whether it did.
    ///
    /// A user name with the key of the old address becomes the new address in the same step. The old address is free
    /// afterwards.
    ///
    /// # Errors
    /// Returns [`CreateError::EmailTaken`] when the new address is taken or is a retired user name, and
    /// [`CreateError::Store`] when the store fails. After an error, nothing has changed.
    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> BoxFuture<'a, Result<bool, CreateError>>;

    /// Makes a change, as the method of the same name does, only while each of these accounts stands as it was read.
    ///
    /// A decision was made on what the accounts may do: an administrator grants a role that the administrator holds.
    /// The store compares in the same step, so that a role that was taken away in between grants nothing: of two
    /// administrators who take each other's role at once, one gets [`AccountChange::Overtaken`]. Without standings, the
    /// change is made in any case.
    ///
    /// Returns [`AccountChange::Overtaken`], and changes nothing, when an account of `standings` is gone or may do
    /// something else, or when the address or the hash is not the one that the change replaces. A change that the store
    /// does not know is an error.
    ///
    /// # Errors
    /// Returns [`CreateError::UsernameTaken`] or [`CreateError::EmailTaken`] when the new name is taken or retired, and
    /// [`CreateError::Store`] when the store fails. After an error, nothing has changed.
    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<AccountChange, CreateError>>;

    /// Stores a new account, as [`create`](Self::create) does, only while each of these accounts stands as it was read.
    /// Returns `None`, and stores nothing, when one of them is gone or may do something else.
    ///
    /// # Errors
    /// Returns errors like [`create`](Self::create).
    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>>;

    /// Removes the account and retires its user name. The last active superuser stays, as in
    /// [`set_active`](Self::set_active).
    ///
    /// What belongs to the account in other stores stays there: the caller removes it.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<AccountChange, StoreError>>;
}
