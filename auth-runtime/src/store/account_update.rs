use core::fmt;

use secrecy::SecretString;

use super::{Account, CreateError, login_key};
use crate::{clock::UnixTime, secret::is_same_text};

/// A change of one account, for [`AccountStore::update_while`](super::AccountStore::update_while). Each one is that of
/// the method of [`AccountStore`](super::AccountStore) with the same name.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum AccountUpdate<'a> {
    /// Replaces the roles.
    Roles(&'a [String]),
    /// Replaces the scopes.
    Scopes(&'a [String]),
    /// Sets whether the account may sign in and make requests. An account that becomes active is no longer pending.
    Active(bool),
    /// Sets whether the account is a superuser.
    Superuser(bool),
    /// Replaces the user name, and retires the former one.
    Username(&'a str),
    /// Replaces the e-mail address if it is still `old`.
    Email {
        /// The address that the account must still have.
        old: &'a str,
        /// The new address.
        new: &'a str,
        /// When its owner proved that it is theirs.
        verified_at: Option<UnixTime>,
    },
    /// Replaces the password hash if it is still `old`.
    PasswordHash {
        /// The hash that the account must still have.
        old: &'a SecretString,
        /// The new hash.
        new: &'a SecretString,
    },
}

impl AccountUpdate<'_> {
    /// Returns the account after the change at this time. Returns `None` if the account has another address or hash
    /// than the one that the change replaces.
    ///
    /// A store calls this between its read and its write, under the lock that keeps other changes away.
    pub fn of(&self, account: &Account, time: UnixTime) -> Option<Account> {
        let mut account = account.clone();
        account.updated_at = time;
        match *self {
            Self::Roles(roles) => account.roles = roles.to_vec(),
            Self::Scopes(scopes) => account.scopes = scopes.to_vec(),
            Self::Active(active) => {
                account.active = active;
                account.pending_until = account.pending_until.filter(|_| !active);
            }
            Self::Superuser(superuser) => account.superuser = superuser,
            Self::Username(username) => username.clone_into(&mut account.username),
            Self::Email { old, .. } if account.email != old => return None,
            Self::Email { old, new, verified_at } => {
                // A user name that is this address goes along.
                if login_key(&account.username) == login_key(old) {
                    new.clone_into(&mut account.username);
                }
                new.clone_into(&mut account.email);
                account.email_verified_at = verified_at;
            }
            Self::PasswordHash { old, .. } if !is_same_text(&account.password_hash, old) => return None,
            Self::PasswordHash { new, .. } => account.password_hash = new.clone(),
        }
        Some(account)
    }

    /// Returns whether the change takes something away that the last active superuser keeps.
    pub const fn is_withdrawal(&self) -> bool {
        matches!(self, Self::Active(false) | Self::Superuser(false))
    }

    /// Returns the error for a new name that is taken.
    pub const fn taken(&self) -> CreateError {
        match self {
            Self::Email { .. } => CreateError::EmailTaken,
            _ => CreateError::UsernameTaken,
        }
    }
}

// Neither a name nor a hash belongs in a log line.
impl fmt::Debug for AccountUpdate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roles(roles) => f.debug_tuple("Roles").field(roles).finish(),
            Self::Scopes(scopes) => f.debug_tuple("Scopes").field(scopes).finish(),
            Self::Active(active) => f.debug_tuple("Active").field(active).finish(),
            Self::Superuser(superuser) => f.debug_tuple("Superuser").field(superuser).finish(),
            Self::Username(_) => f.write_str("Username(..)"),
            Self::Email { .. } => f.write_str("Email { .. }"),
            Self::PasswordHash { .. } => f.write_str("PasswordHash { .. }"),
        }
    }
}
