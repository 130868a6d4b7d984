use super::{AccountKey, Attempt, BoxFuture};
use crate::{clock::UnixTime, error::StoreError};

/// A store that counts attempts to give a password, so that guesses on one account are bounded.
///
/// The store counts every attempt as failed before its password is verified, and clears the count when the password is
/// right. It takes an attempt back when the password could not be verified. Any number of guesses may arrive at once,
/// at any number of processes: the number that is verified never exceeds the limit.
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

    /// Takes an admitted attempt back, because its password could not be verified. The client has not learned whether
    /// it is right. The counter goes back by one. An expired counter and a counter at zero stay as they are.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. The attempt stays counted then.
    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Resets all counters of the account with this [key](Attempt::account). Its clients stay known.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Returns until when each of these accounts is locked, in their order: the first second in which none of its
    /// counters refuses an attempt. An account is `None` if no counter refuses one now.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Option<UnixTime>>, StoreError>>;

    /// Removes all counters and all known clients of the account with this [key](Attempt::account), in one step.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails. Nothing is removed then.
    fn forget<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes up to `limit` counters and clients that expired at or before `now`. Returns how many it removed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// Returns the time of each of these accounts, in their order, from the rows that a database has found.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(super) fn in_order(accounts: &[AccountKey], rows: &[(Vec<u8>, i64)]) -> Vec<Option<UnixTime>> {
    let of = |account: &AccountKey| rows.iter().find(|(key, _)| key.as_slice() == account.as_bytes());
    accounts.iter().map(|account| of(account).map(|(_, until)| UnixTime::from_seconds(*until))).collect()
}

/// The limits of failed attempts and of known clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptLimits {
    /// How many attempts in a row may fail under one counter; 100 by default, the highest number that NIST SP 800-63B
    /// allows.
    pub max_failures: u32,
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
        Self { max_failures: 100, cool_down_seconds: DAY, known_clients: 10, known_client_seconds: 90 * DAY }
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
    #[non_exhaustive]
    Locked {
        /// The first second in which an attempt is admitted again.
        until: UnixTime,
    },
}

impl Admission {
    /// Describes a refusal of every attempt until this second.
    pub const fn locked(until: UnixTime) -> Self {
        Self::Locked { until }
    }
}
