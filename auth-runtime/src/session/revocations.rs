use core::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::Mutex;

use crate::{
    clock::{Clock, Monotonic, UnixTime},
    error::{StoreError, with_causes},
    store::{Accounts, BoxFuture, RevokedTarget},
};

use super::{Lifetimes, event::TARGET};

mod known;
mod newest;
mod pushes;

pub(crate) use known::Claimed;
use known::{Known, Revoked};
use newest::Newest;
use pushes::Pushes;

/// This process's list of access tokens that are refused before they expire.
///
/// - **Look-up.** Each request looks its token up in memory.
/// - **News.** Revocations by other processes come from the store. Once half of `within` has passed since the store
///   was last asked, one request at a time asks again. Once all of `within` has passed, every request waits for the
///   answer to that question, and gets its error if it fails.
/// - **Pushes.** A store that says that it has news is asked by the next request. The rules above hold beside that.
/// - **Effect.** No token is accepted longer than `within` after any process revoked it. An idle process asks nothing.
/// - **Missed news.** After a restored backup, or when rows are missing, all is read again. Until that succeeds, every
///   request gets the store's error.
/// - **Old tokens.** A token older than the longest life under these settings is refused as well. It can still be
///   unexpired only if the settings were lowered after it was issued, and its revocation may already be forgotten.
/// - **Size.** An entry is kept for the life of access tokens plus twice [`CLOCKS_APART`](super::CLOCKS_APART).
pub(crate) struct Revocations {
    accounts: Accounts,
    within: u64,
    lifetimes: Lifetimes,
    /// How long an entry must be kept, in nanoseconds.
    life: u64,
    known: RwLock<Known>,
    /// When the store was last asked, in nanoseconds of the monotonic clock; zero before the first answer, and when
    /// revocations were missed.
    asked_at: AtomicU64,
    /// Locked by the request that asks. Has the last failure.
    asking: Mutex<Option<StoreError>>,
    /// How many questions have failed.
    failures: AtomicU64,
    pushes: Pushes,
}

/// The judgement of a token. Almost always the list is recent enough, and nothing is awaited.
#[must_use]
pub(crate) enum Judged<'a> {
    /// Why the token is refused, or `None` if it is not.
    Now(Option<&'static str>),
    /// The store is asked before the token is judged. Boxed because it runs seldom, and would otherwise enlarge the
    /// future of every guarded handler.
    AfterAsking(BoxFuture<'a, Result<Option<&'static str>, StoreError>>),
}

impl Revocations {
    /// Creates an empty list. The first request asks the store.
    pub(crate) fn new(accounts: &Accounts, within_seconds: u32, lifetimes: Lifetimes) -> Self {
        let life = u64::try_from(lifetimes.remembered()).unwrap_or(0);
        Self {
            accounts: accounts.clone(),
            within: u64::from(within_seconds).saturating_mul(NANOS_PER_SECOND),
            lifetimes,
            life: life.saturating_mul(NANOS_PER_SECOND),
            known: RwLock::default(),
            asked_at: AtomicU64::new(0),
            asking: Mutex::new(None),
            failures: AtomicU64::new(0),
            pushes: Pushes::new(accounts.sessions().revocation_signal()),
        }
    }

    /// Returns why the token is refused, or `None` if it is not. The judgement after asking is [`StoreError`] when the
    /// list is older than `within` and the store does not answer.
    pub(crate) fn judge<'a>(&'a self, token: Claimed<'a>, now: UnixTime, clock: &'a dyn Clock) -> Judged<'a> {
        if self.lifetimes.is_outlived(token.issued_at, now) {
            return Judged::Now(Some("older_than_lifetime"));
        }
        if self.is_due(clock.monotonic()) {
            return Judged::AfterAsking(Box::pin(async move {
                self.ask(clock).await?;
                Ok(self.refuses(token))
            }));
        }
        Judged::Now(self.refuses(token))
    }

    /// Returns the reason if the list has the token.
    fn refuses(&self, token: Claimed<'_>) -> Option<&'static str> {
        self.read().refuses(token).then_some("revoked")
    }

    /// Adds a revocation by this process, which applies at once.
    pub(crate) fn learn(
        &self,
        target: RevokedTarget,
        before_generation: Option<u32>,
        remember_until: UnixTime,
        clock: &dyn Clock,
    ) {
        self.write().add(target, Revoked { before_generation, remember_until, known_since: clock.monotonic() });
    }

    /// Asks the store. One request asks at a time. The others use the present list while it is recent enough. After
    /// that, they wait for the question of the first, and share its failure. If each asked again, requests would queue
    /// behind a store that fails slowly.
    async fn ask(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let failures = self.failures.load(Ordering::Acquire);
        let mut failure = match self.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) if self.is_recent_enough(clock) => return Ok(()),
            Err(_) => {
                let asking = self.asking.lock().await;
                if self.is_recent_enough(clock) {
                    return Ok(());
                }
                match &*asking {
                    Some(error) if self.failures.load(Ordering::Acquire) != failures => return Err(error.clone()),
                    _ => asking,
                }
            }
        };
        let now = clock.monotonic();
        if !self.is_due(now) {
            return Ok(());
        }
        // The time before the question: the answer lacks tokens that are revoked while it is on its way.
        let (asked_at, asked) = (now.as_nanos().max(1), self.pushes.begin(now));
        let answer = self.read_on(clock).await;
        if answer.is_ok() {
            self.asked_at.store(asked_at, Ordering::Release);
            self.pushes.answered(asked);
        }
        // The time after the answer, or after a failure: either may have come late.
        if self.is_recent_enough(clock) {
            if let Err(error) = answer {
                tracing::warn!(
                    target: TARGET, store = error.store(), error = with_causes(&error), "revocations cannot be read",
                );
            }
            return Ok(());
        }
        let error = answer.err().unwrap_or_else(|| StoreError::new("sessions", LateError));
        *failure = Some(error.clone());
        self.failures.fetch_add(1, Ordering::Release);
        Err(error)
    }

    /// Reads the revocations that the store has added, or all of them when some may have been missed.
    async fn read_on(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let sessions = self.accounts.sessions();
        let newest = self.read().newest;
        // Begins with the newest known revocation, which shows whether the answer goes on from it.
        let mut news = sessions.revocations(newest.map_or(0, Newest::before)).await?;
        if let Some(newest) = newest {
            if newest.is_continued_by(&news) {
                news.remove(0);
            } else {
                if !newest.was_cleaned(&news, clock.unix()) {
                    let position = newest.position;
                    tracing::warn!(target: TARGET, position, "revocations were missed: all are read again");
                }
                self.begin_again();
                news = sessions.revocations(0).await?;
            }
        }
        self.write().take_in(news, clock, self.life);
        Ok(())
    }

    /// Notes that the list may lack revocations. The revocations in the list stay refused, and no token is accepted
    /// until all are read.
    fn begin_again(&self) {
        self.write().newest = None;
        self.asked_at.store(0, Ordering::Release);
    }

    /// Returns whether the list may be used without the store's answer. It may not while revocations were missed.
    fn is_recent_enough(&self, clock: &dyn Clock) -> bool {
        self.age(clock.monotonic()) <= self.within
    }

    /// Returns whether the store is to be asked: half of `within` has passed, or the store has said that it has news.
    fn is_due(&self, now: Monotonic) -> bool {
        self.age(now) > self.within / 2 || self.pushes.demand_a_question(now)
    }

    fn age(&self, now: Monotonic) -> u64 {
        match self.asked_at.load(Ordering::Acquire) {
            0 => u64::MAX,
            // After the clock went back, the age of the list is unknown, so the store is asked again.
            asked_at => now.as_nanos().checked_sub(asked_at).unwrap_or(u64::MAX),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocations").finish_non_exhaustive()
    }
}

/// The error for an answer that was older than the list may be.
#[derive(Debug)]
struct LateError;

impl fmt::Display for LateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the revocations came later than `revocation_delay` allows")
    }
}

impl core::error::Error for LateError {}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

#[cfg(all(test, feature = "memory"))]
mod tests;
