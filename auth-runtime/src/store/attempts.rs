use aws_lc_rs::digest::{Context, SHA256};

use super::{BoxFuture, login_key};
use crate::{clock::UnixTime, error::StoreError, limit::AddressKey};

/// Where attempts to give a password are counted, so that no account can be guessed at for ever.
///
/// An attempt counts as failed from before its password is looked at until it has succeeded. So of any number of guesses
/// at once, from any number of processes, no more are looked at than the limit lets.
///
/// Clients from which somebody has signed in to the account before are counted each by itself, all others together:
/// whoever knows only the name of an account uses up the others' count, and its owner goes on from where they were.
pub trait AttemptStore: Send + Sync + 'static {
    /// Count an attempt, in one atomic step, unless too many have failed. One that is refused changes nothing.
    ///
    /// A counter starts anew when nothing was counted for [`cool_down_seconds`](AttemptLimits::cool_down_seconds).
    ///
    /// # Errors
    /// When the store fails. The attempt may have been counted then, and no password may be looked at.
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Admission, StoreError>>;

    /// Whether somebody has signed in to the account from this client, and the client is still known.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Set back the counter of an attempt whose password was right, and remember its client. Where an account has more
    /// clients than [`known_clients`](AttemptLimits::known_clients), those that signed in longest ago are forgotten.
    ///
    /// # Errors
    /// When the store fails. Nothing has changed then.
    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Set back all counters of the account with this [key](Attempt::account). Its clients stay known.
    ///
    /// # Errors
    /// When the store fails.
    fn clear_attempts<'a>(&'a self, account: &'a [u8; 32]) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Remove up to `limit` counters and clients that expired at or before `now`; how many were removed.
    ///
    /// # Errors
    /// When the store fails.
    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// Who tries to give whose password, as hashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// The account, or what was typed where there is none.
    pub account: [u8; 32],
    /// The client, of this account alone: the same client has another key at the next account.
    pub client: [u8; 32],
}

impl Attempt {
    /// An attempt on the account of this identifier.
    pub fn on_account(id: &str, client: AddressKey) -> Self {
        Self::on(account_key(id), client)
    }

    /// An attempt on an account that is not there. It is counted like any other, so that nothing tells the two apart.
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

/// The key under which attempts on an account are counted.
pub(crate) fn account_key(id: &str) -> [u8; 32] {
    hash("account", &[id.as_bytes()])
}

/// SHA-256 of parts with their lengths. It keeps names and addresses out of tables that nobody needs to read; whoever has
/// the table can still try all addresses there are.
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

/// How many attempts may fail, and which clients count apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptLimits {
    /// How many attempts in a row may fail under one counter; 100 by default, as NIST SP 800-63B allows at most.
    pub most: u32,
    /// How long a counter holds after the last attempt that it counted, in seconds; a day by default.
    pub cool_down_seconds: i64,
    /// How many clients of an account are known at most; 10 by default.
    pub known_clients: u32,
    /// How long a client is known after its last sign-in, in seconds; 90 days by default.
    pub known_client_seconds: i64,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        const DAY: i64 = 24 * 60 * 60;
        Self { most: 100, cool_down_seconds: DAY, known_clients: 10, known_client_seconds: 90 * DAY }
    }
}

/// Whether an attempt may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Admission {
    /// It was counted: the password may be looked at.
    Admitted,
    /// Too many have failed, and it was not counted.
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
