use aws_lc_rs::digest::{Context, SHA256};

use super::{BoxFuture, login_key};
use crate::{clock::UnixTime, error::StoreError, limit::AddressKey};

/// A store that counts attempts to give a password, so that guesses on one account are bounded.
///
/// The store counts every attempt as failed before its password is verified, and clears the count when the password is
/// right. Any number of guesses may arrive at once, at any number of processes: the number that is verified never
/// exceeds the limit.
///
/// Each client that has signed in to the account before has a counter of its own. All other clients share one counter.
/// An attacker who knows only the account's name uses up the shared counter; the owner can still sign in from a known
/// client.
pub trait AttemptStore: Send + Sync + 'static {
    /// Counts an attempt in one atomic step, unless too many attempts have failed. A refused attempt changes nothing.
    ///
    /// A counter restarts when it has counted nothing for [`cool_down_seconds`](AttemptLimits::cool_down_seconds).
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. The attempt may have been counted, and the caller must not verify
    /// the password.
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Admission, StoreError>>;

    /// Returns whether a sign-in to the account from this client succeeded before, and the client is still known.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Resets the counter of an attempt with the right password, and remembers its client. When the account has more
    /// known clients than [`known_clients`](AttemptLimits::known_clients), the store forgets those that signed in
    /// longest ago.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. Nothing has changed then.
    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Resets all counters of the account with this [key](Attempt::account). Its clients stay known.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn clear_attempts<'a>(&'a self, account: &'a [u8; 32]) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes up to `limit` counters and clients that expired at or before `now`. Returns how many it removed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// The account and the client of one attempt to sign in, as hashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// The hash of the account's identifier, or of the login as typed when no account has it.
    pub account: [u8; 32],
    /// The hash of the client's address together with the account. One client has different keys for different
    /// accounts.
    pub client: [u8; 32],
}

impl Attempt {
    /// Builds the key of an attempt on the account with this identifier.
    pub fn on_account(id: &str, client: AddressKey) -> Self {
        Self::on(account_key(id), client)
    }

    /// Builds the key of an attempt on an account that does not exist. The store counts it like any other, so the count
    /// reveals nothing about which accounts exist.
    pub fn on_unknown(login: &str, client: AddressKey) -> Self {
        Self::on(hash("login", &[login_key(login).as_bytes()]), client)
    }

    fn on(account: [u8; 32], client: AddressKey) -> Self {
        let (kind, bits) = match client {
            AddressKey::V4(bits) => (4, u64::from(bits)),
            AddressKey::V6(prefix) => (6, prefix),
        };
        Self { account, client: hash("client", &[&account, &[kind], &bits.to_be_bytes()]) }
    }
}

/// Returns the key under which attempts on an account are counted.
pub(crate) fn account_key(id: &str) -> [u8; 32] {
    hash("account", &[id.as_bytes()])
}

/// Returns the SHA-256 of the parts, each with its length. The tables then hold no names or addresses in plain text.
/// The hash does not hide an address from an attacker who has the table and tries all possible addresses.
fn hash(kind: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in core::iter::once(&kind.as_bytes()).chain(parts) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    hash
}

/// The limits of failed attempts and of known clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptLimits {
    /// How many attempts in a row may fail under one counter; 100 by default, the highest number that NIST SP 800-63B
    /// allows.
    pub most: u32,
    /// How long a counter lasts after the last attempt that it counted, in seconds; one day by default.
    pub cool_down_seconds: i64,
    /// The highest number of known clients of an account; 10 by default.
    pub known_clients: u32,
    /// How long a client stays known after its last sign-in, in seconds; 90 days by default.
    pub known_client_seconds: i64,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self { most: 100, cool_down_seconds: DAY, known_clients: 10, known_client_seconds: 90 * DAY }
    }
}

/// The store's decision about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Admission {
    /// The attempt was counted, and the caller may verify the password.
    Admitted,
    /// Too many attempts have failed. This one was not counted.
    Locked {
        /// The first second in which an attempt is admitted again.
        until: UnixTime,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_by_kind_account_and_address() {
        let (one, other) = (AddressKey::V4(1), AddressKey::V4(2));
        let keys = [
            Attempt::on_account("alice", one).account,
            Attempt::on_unknown("alice", one).account,
            Attempt::on_account("bob", one).account,
            Attempt::on_account("alice", one).client,
            Attempt::on_account("alice", other).client,
            Attempt::on_account("alice", AddressKey::V6(1)).client,
            Attempt::on_account("bob", one).client,
            Attempt::on_unknown("alice", one).client,
        ];
        for (at, key) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(key), "{at}");
        }
    }

    #[test]
    fn an_unknown_login_has_one_key_in_any_case() {
        let key = |login| Attempt::on_unknown(login, AddressKey::V4(1)).account;
        assert_eq!(key("Nobody@Example.org"), key("nobody@example.ORG"));
        assert_eq!(Attempt::on_account("a", AddressKey::V4(1)).account, account_key("a"));
    }
}
