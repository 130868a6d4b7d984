use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};

use super::{Account, login_key};

/// A user name that was given up, and that no other account gets: the SHA-256 of its [`login_key`]. The name itself is
/// not kept, since its owner may be gone. `Debug` does not show the hash, from which a name can be guessed.
///
/// A [store of accounts](super::AccountStore) keeps the hash, and the account that may take the name back:
///
/// ```
/// use auth_runtime::store::{Account, RetiredName};
///
/// # let account: Option<Account> = None;
/// # if let Some(account) = account {
/// let retired = RetiredName::of(&account); // when the account gives its user name up
/// let wanted = RetiredName::of_login("Alice"); // what `create`, `open`, `set_username` and `set_email` look up
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetiredName([u8; 32]);

impl RetiredName {
    /// Returns the name that is retired when this account gives its user name up.
    ///
    /// Returns `None` for a pending account, because no user has acted under its name. Also returns `None` for a user
    /// name that is the account's own e-mail address, because its owner can prove the address again.
    pub fn of(account: &Account) -> Option<Self> {
        let key = login_key(&account.username);
        (account.pending_until.is_none() && key != login_key(&account.email)).then(|| Self::of_key(&key))
    }

    /// Returns the hash under which this user name or e-mail address would have been retired.
    pub fn of_login(login: &str) -> Self {
        Self::of_key(&login_key(login))
    }

    /// Returns the bytes that a store writes to its table.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of_key(key: &str) -> Self {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(digest(&SHA256, key.as_bytes()).as_ref()) {
            *to = *from;
        }
        Self(hash)
    }
}

impl fmt::Debug for RetiredName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetiredName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::UnixTime, store::NewAccount};

    fn account(username: &str, pending_until: Option<UnixTime>) -> Account {
        let mut new = NewAccount::new(username, "alice@example.org", "hash".into());
        new.pending_until = pending_until;
        Account::new("1".to_owned(), new, UnixTime::from_seconds(1))
    }

    #[test]
    fn every_spelling_of_a_name_has_one_hash() {
        let retired = RetiredName::of(&account("Alice", None)).unwrap();
        assert_eq!(retired, RetiredName::of_login("aLICE"));
        assert_ne!(retired, RetiredName::of_login("alice@example.org"));
        // The SHA-256 of "alice", as `sha256sum` prints it.
        let hex: String = retired.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90");
    }

    #[test]
    fn the_name_of_a_pending_account_and_an_address_of_ones_own_are_not_retired() {
        assert_eq!(RetiredName::of(&account("Alice", Some(UnixTime::from_seconds(9)))), None);
        assert_eq!(RetiredName::of(&account("ALICE@example.org", None)), None);
        assert!(RetiredName::of(&account("bob@example.org", None)).is_some());
    }
}
