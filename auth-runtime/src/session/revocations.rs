use core::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use tokio::sync::Mutex;

use crate::{
    clock::{Clock, Monotonic, UnixTime},
    error::StoreError,
    store::{Accounts, BoxFuture, Revocation, RevokedTarget},
};

use super::{Lifetimes, event::TARGET};

mod newest;
mod pushes;

use newest::Newest;
use pushes::Pushes;

/// This process's list of access tokens that are refused before they expire.
///
/// - **Look-up.** Each request looks its token up in memory.
/// - **News.** Revocations by other processes come from the store. Once half of `within` has passed since the store
///   was last asked, one request at a time asks again. Once all of `within` has passed, every request waits for the
///   store's answer.
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
    asking: Mutex<()>,
    pushes: Pushes,
}

#[derive(Default)]
struct Known {
    sessions: HashMap<String, Revoked>,
    tokens: HashMap<String, Revoked>,
    /// `None` until one was read, and while all is read again.
    newest: Option<Newest>,
}

/// The tokens of a session that are refused, and how long this must be remembered.
#[derive(Clone, Copy)]
struct Revoked {
    before_generation: Option<u32>,
    remember_until: UnixTime,
    /// When this process learned of the revocation.
    known_since: Monotonic,
}

/// The claims of an access token that decide whether it is refused.
#[derive(Clone, Copy)]
pub(crate) struct Claimed<'a> {
    pub(crate) session: Option<&'a str>,
    pub(crate) token_id: &'a str,
    pub(crate) generation: u32,
    pub(crate) issued_at: UnixTime,
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
            asking: Mutex::new(()),
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

    /// Asks the store. One request asks at a time; the others use the present list while it is recent enough.
    async fn ask(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        let is_good_enough = self.age(clock.monotonic()) <= self.within;
        let _asking = match self.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) if is_good_enough => return Ok(()),
            Err(_) => self.asking.lock().await,
        };
        let now = clock.monotonic();
        if !self.is_due(now) {
            return Ok(());
        }
        // The time before the question: the answer lacks tokens that are revoked while it is on its way.
        let (asked_at, asked) = (now.as_nanos().max(1), self.pushes.begin(now));
        match self.read_on(clock).await {
            Ok(()) => {
                self.asked_at.store(asked_at, Ordering::Release);
                self.pushes.answered(asked);
                Ok(())
            }
            Err(error) if is_good_enough && self.is_complete() => {
                tracing::warn!(target: TARGET, store = error.store(), error = &error as &dyn core::error::Error, "revocations cannot be read");
                Ok(())
            }
            Err(error) => Err(error),
        }
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

    fn is_complete(&self) -> bool {
        self.asked_at.load(Ordering::Acquire) != 0
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

impl Known {
    fn refuses(&self, token: Claimed<'_>) -> bool {
        let session = token.session.and_then(|id| self.sessions.get(id));
        session.into_iter().chain(self.tokens.get(token.token_id)).any(|refused| match refused.before_generation {
            None => true,
            Some(first_good) => token.generation < first_good,
        })
    }

    /// Adds the revocations of an answer.
    fn take_in(&mut self, news: Vec<Revocation>, clock: &dyn Clock, life: u64) {
        self.newest = news.last().map(Newest::of).or(self.newest);
        let (now, known_since) = (clock.unix(), clock.monotonic());
        for Revocation { target, before_generation, remember_until, .. } in news {
            self.add(target, Revoked { before_generation, remember_until, known_since });
        }
        // Checks both clocks: a wall clock that was ahead for a while would make tokens valid again once it is set
        // back.
        let lives = |refused: &Revoked| known_since.as_nanos().saturating_sub(refused.known_since.as_nanos()) < life;
        self.sessions.retain(|_, refused| now < refused.remember_until || lives(refused));
        self.tokens.retain(|_, refused| now < refused.remember_until || lives(refused));
    }

    fn add(&mut self, target: RevokedTarget, refused: Revoked) {
        match target {
            RevokedTarget::Session(id) => merge(&mut self.sessions, id, refused),
            RevokedTarget::Token(id) => merge(&mut self.tokens, id, refused),
        }
    }
}

/// Keeps the stricter of the known and the new entry, in either order.
fn merge<K: Eq + Hash>(known: &mut HashMap<K, Revoked>, key: K, new: Revoked) {
    let refused = known.entry(key).or_insert(new);
    refused.remember_until = refused.remember_until.max(new.remember_until);
    refused.known_since = refused.known_since.max(new.known_since);
    refused.before_generation = match (refused.before_generation, new.before_generation) {
        (Some(one), Some(other)) => Some(one.max(other)),
        _ => None,
    };
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

#[cfg(all(test, feature = "memory"))]
mod tests;
