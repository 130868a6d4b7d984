use super::{AccountKey, Admission, Attempt, AttemptLimits, BoxFuture};
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
