mod failing;
#[cfg(feature = "postgres")]
mod instances;
mod missed;
mod pushed;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize},
};

use super::*;
use crate::{
    clock::SystemClock,
    secret::SystemEntropy,
    store::{
        BoxFuture, CookieSwap, EndReason, Ending, FirstCredential, FoundToken, MemoryStore, Reissued, Revocation,
        RevocationSignal, Rotated, Rotation, SessionKind, SessionRecord, SessionStore, Touch,
    },
    token::TokenHash,
};

impl Judged<'_> {
    async fn reason(self) -> Result<Option<&'static str>, StoreError> {
        match self {
            Self::Now(reason) => Ok(reason),
            Self::AfterAsking(answer) => answer.await,
        }
    }
}

/// A clock that the test sets, in milliseconds. Unlike that of `ManualClock`, its monotonic time can go back.
#[derive(Clone)]
struct Hands(Arc<AtomicU64>);

impl Hands {
    fn set(&self, seconds: u64) {
        self.set_millis(seconds * 1_000);
    }

    fn set_millis(&self, millis: u64) {
        self.0.store(millis, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds((self.0.load(Ordering::SeqCst) / 1_000).try_into().unwrap())
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.0.load(Ordering::SeqCst) * (NANOS_PER_SECOND / 1_000))
    }
}

/// A store that counts how often it is asked for revocations, and can fail.
struct Asked {
    store: MemoryStore,
    times: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
    /// Lets only questions for everything fail.
    fails_from_the_beginning: Arc<AtomicBool>,
    /// How many seconds an answer takes.
    takes: Arc<AtomicU64>,
    clock: Hands,
    signal: RevocationSignal,
}

struct World {
    clock: Hands,
    store: MemoryStore,
    times: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
    fails_from_the_beginning: Arc<AtomicBool>,
    takes: Arc<AtomicU64>,
    signal: RevocationSignal,
    revocations: Revocations,
}

impl World {
    fn new() -> Self {
        let store = MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
        let clock = Hands(Arc::new(AtomicU64::new(100_000)));
        let (times, fails, takes) = (Arc::default(), Arc::default(), Arc::default());
        let (fails_from_the_beginning, signal) = (Arc::default(), RevocationSignal::new());
        let asked = Asked {
            store: store.clone(),
            times: Arc::clone(&times),
            fails: Arc::clone(&fails),
            fails_from_the_beginning: Arc::clone(&fails_from_the_beginning),
            takes: Arc::clone(&takes),
            clock: clock.clone(),
            signal: signal.clone(),
        };
        let accounts = Accounts::new(store.clone()).with_sessions(asked);
        let lifetimes = Lifetimes { idle: 1_000, absolute: 1_000, access_token: 59 };
        let revocations = Revocations::new(&accounts, 4, lifetimes);
        Self { clock, store, times, fails, fails_from_the_beginning, takes, signal, revocations }
    }

    async fn refuses(&self, session: &str, issued_at: i64) -> Result<bool, StoreError> {
        Ok(self.refused(session, issued_at).await?.is_some())
    }

    async fn refused(&self, session: &str, issued_at: i64) -> Result<Option<&'static str>, StoreError> {
        let issued_at = UnixTime::from_seconds(issued_at);
        self.refused_token(Claimed { session: Some(session), token_id: "t", generation: 0, issued_at }).await
    }

    async fn refused_token(&self, token: Claimed<'_>) -> Result<Option<&'static str>, StoreError> {
        self.revocations.judge(token, self.clock.unix(), &self.clock).reason().await
    }

    /// Ends a session as another process would, and remembers it for as long as that process's access tokens live.
    async fn end_elsewhere(&self, id: &str) {
        self.end_elsewhere_for(id, 60).await;
    }

    async fn end_elsewhere_for(&self, id: &str, seconds: i64) {
        let now = self.clock.unix();
        let mut session = SessionRecord::new(id, "user", "", SessionKind::Bearer, now);
        session.idle_expires_at = now.plus_seconds(1_000);
        session.absolute_expires_at = now.plus_seconds(1_000);
        let mut hash = [0; 32];
        hash[..id.len()].copy_from_slice(id.as_bytes());
        self.store.begin(session, FirstCredential::cookie(TokenHash::from_bytes(hash))).await.unwrap();
        let ending = Ending::new(EndReason::SignedOut, now, now.plus_seconds(seconds));
        assert!(self.store.end(id, "user", ending).await.unwrap());
    }

    fn learn(&self, target: RevokedTarget, before_generation: Option<u32>) {
        self.revocations.learn(target, before_generation, UnixTime::from_seconds(500), &self.clock);
    }

    fn asked(&self) -> usize {
        self.times.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_revocation_by_another_process_takes_effect_in_time() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.end_elsewhere("s").await;
    world.clock.set(102);
    assert!(!world.refuses("s", 90).await.unwrap(), "half of the time has not passed");
    world.clock.set(103);
    assert!(world.refuses("s", 90).await.unwrap());
    assert!(!world.refuses("another", 90).await.unwrap());
}

#[tokio::test]
async fn the_store_is_asked_seldom() {
    let world = World::new();
    for second in 100..200 {
        world.clock.set(second);
        for _ in 0..10 {
            world.refuses("s", 190).await.unwrap();
        }
    }
    assert_eq!(world.asked(), 34, "once in three seconds");
}

#[tokio::test]
async fn the_first_request_waits_for_the_store() {
    let world = World::new();
    world.end_elsewhere("s").await;
    assert!(world.refuses("s", 90).await.unwrap());
}

#[tokio::test]
async fn a_failing_store_admits_no_token_for_longer_than_agreed() {
    let world = World::new();
    world.fails.store(true, Ordering::SeqCst);
    assert!(world.refuses("s", 90).await.is_err(), "nothing was ever known");
    world.fails.store(false, Ordering::SeqCst);
    assert!(!world.refuses("s", 90).await.unwrap());
    world.fails.store(true, Ordering::SeqCst);
    world.clock.set(104);
    assert!(!world.refuses("s", 90).await.unwrap(), "the list is recent enough");
    world.clock.set(105);
    assert!(world.refuses("s", 90).await.is_err());
    world.fails.store(false, Ordering::SeqCst);
    assert!(!world.refuses("s", 90).await.unwrap(), "it has recovered");
}

#[tokio::test]
async fn a_revocation_by_this_process_takes_effect_at_once() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.learn(RevokedTarget::Session("s".to_owned()), None);
    assert!(world.refuses("s", 90).await.unwrap());
    world.learn(RevokedTarget::Token("t".to_owned()), None);
    assert!(world.refuses("another", 90).await.unwrap(), "by the token's own identifier");
    assert_eq!(world.asked(), 1);
}

#[tokio::test]
async fn tokens_that_were_issued_anew_are_good() {
    let world = World::new();
    let learn = |generation: Option<u32>| world.learn(RevokedTarget::Session("s".to_owned()), generation);
    let refuses = async |generation| {
        let issued_at = UnixTime::from_seconds(90);
        let token = Claimed { session: Some("s"), token_id: "t", generation, issued_at };
        world.refused_token(token).await.unwrap() == Some("revoked")
    };
    learn(Some(2));
    learn(Some(1));
    assert!(refuses(0).await && refuses(1).await);
    assert!(!refuses(2).await);
    learn(None);
    learn(Some(3));
    assert!(refuses(2).await, "an ended session stays ended");
    assert!(refuses(3).await, "later news do not weaken it");
}

#[tokio::test]
async fn expired_entries_are_forgotten() {
    let world = World::new();
    for number in 0..100 {
        world.end_elsewhere(&number.to_string()).await;
    }
    assert!(world.refuses("7", 90).await.unwrap());
    assert_eq!(world.revocations.read().sessions.len(), 100);
    world.clock.set(760);
    assert!(!world.refuses("none", 750).await.unwrap());
    assert_eq!(world.revocations.read().sessions.len(), 0);
}

#[tokio::test]
async fn a_revocation_by_a_process_with_shorter_lifetimes_is_kept_for_the_life_of_own_tokens() {
    let world = World::new();
    world.end_elsewhere_for("s", 5).await;
    world.clock.set(103);
    assert!(world.refuses("s", 100).await.unwrap());
    for second in 104..=159 {
        world.clock.set(second);
        assert_eq!(world.refused("s", 100).await.unwrap(), Some("revoked"), "{second}");
    }
}

#[tokio::test]
async fn a_revocation_during_an_answer_takes_effect_in_time() {
    let world = World::new();
    world.takes.store(3, Ordering::SeqCst);
    assert!(!world.refuses("s", 90).await.unwrap());
    assert_eq!(world.clock.unix().as_seconds(), 103);
    // As if the session had ended in the second in which the store was asked: the answer lacks it.
    world.end_elsewhere("s").await;
    world.clock.set(104);
    assert!(world.refuses("s", 90).await.unwrap());
}

#[tokio::test]
async fn a_repeated_revocation_is_kept_from_its_second_time_on() {
    let world = World::new();
    for second in [100, 700] {
        world.clock.set(second);
        // The revoking process's clock is far behind, so its time says nothing about how long the entry is needed.
        world.revocations.learn(RevokedTarget::Session("s".to_owned()), None, UnixTime::from_seconds(0), &world.clock);
    }
    world.clock.set(1_300);
    assert_eq!(world.refused("s", 1_290).await.unwrap(), Some("revoked"));
    world.clock.set(1_360);
    assert_eq!(world.refused("s", 1_350).await.unwrap(), None, "no token of before it lives any more");
}

#[tokio::test]
async fn tokens_older_than_the_longest_life_are_refused_without_asking() {
    let world = World::new();
    world.fails.store(true, Ordering::SeqCst);
    assert_eq!(world.refused("s", 40).await.unwrap(), Some("older_than_lifetime"));
    assert_eq!(world.asked(), 0);
    world.fails.store(false, Ordering::SeqCst);
    assert_eq!(world.refused("s", 41).await.unwrap(), None, "this token has not expired yet");
}

#[tokio::test]
async fn a_monotonic_clock_that_goes_back_asks_again() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    world.end_elsewhere("s").await;
    world.clock.set(99);
    assert!(world.refuses("s", 90).await.unwrap());
}

#[tokio::test]
async fn a_repeated_revocation_is_kept_for_the_longer_time() {
    let world = World::new();
    for until in [150, 500, 160] {
        let (session, until) = (RevokedTarget::Session("s".to_owned()), UnixTime::from_seconds(until));
        world.revocations.learn(session, None, until, &world.clock);
    }
    world.clock.set(300);
    assert_eq!(world.refused("s", 290).await.unwrap(), Some("revoked"));
}

#[tokio::test(start_paused = true)]
async fn requests_with_an_old_list_wait_for_the_request_that_asks() {
    let world = World::new();
    assert!(!world.refuses("s", 90).await.unwrap());
    let asking = world.revocations.asking.lock().await;
    let in_time = |session| tokio::time::timeout(core::time::Duration::from_secs(1), world.refuses(session, 90));
    world.clock.set(104);
    assert!(in_time("s").await.is_ok(), "the list is recent enough");
    world.clock.set(105);
    assert!(in_time("s").await.is_err(), "admitted by an old list");
    let waiting = world.refuses("s", 90);
    let answered = async {
        tokio::task::yield_now().await;
        world.revocations.asked_at.store(105 * NANOS_PER_SECOND, Ordering::Release);
        drop(asking);
    };
    assert!(!tokio::join!(waiting, answered).0.unwrap());
    assert_eq!(world.asked(), 1, "a waiting request uses the answer to the first");
}

impl SessionStore for Asked {
    fn revocations(&self, after: u64) -> BoxFuture<'_, Result<Vec<Revocation>, StoreError>> {
        self.times.fetch_add(1, Ordering::SeqCst);
        let fails_here = after == 0 && self.fails_from_the_beginning.load(Ordering::SeqCst);
        let fails = fails_here || self.fails.load(Ordering::SeqCst);
        let answer = self.store.revocations(after);
        let arrives = self.clock.0.load(Ordering::SeqCst) + self.takes.load(Ordering::SeqCst) * 1_000;
        Box::pin(async move {
            let answer = answer.await;
            // Other requests arrive meanwhile.
            tokio::task::yield_now().await;
            self.clock.set_millis(arrives);
            if fails { Err(StoreError::new("asked", "it fails")) } else { answer }
        })
    }

    fn begin(&self, session: SessionRecord, credential: FirstCredential) -> BoxFuture<'_, Result<(), StoreError>> {
        self.store.begin(session, credential)
    }

    fn find_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        self.store.find_session(id)
    }

    fn find_by_token<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<FoundToken>, StoreError>> {
        self.store.find_by_token(hash)
    }

    fn find_by_cookie<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<SessionRecord>, StoreError>> {
        self.store.find_by_cookie(hash)
    }

    fn list<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<Vec<SessionRecord>, StoreError>> {
        SessionStore::list(&self.store, user_id, now)
    }

    fn rotate<'a>(&'a self, rotation: Rotation<'a>) -> BoxFuture<'a, Result<Rotated, StoreError>> {
        self.store.rotate(rotation)
    }

    fn touch<'a>(&'a self, touch: Touch<'a>) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.store.touch(touch)
    }

    fn reauthenticated<'a>(
        &'a self,
        id: &'a str,
        cookie: Option<CookieSwap>,
        auth_time: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.store.reauthenticated(id, cookie, auth_time)
    }

    fn end<'a>(&'a self, id: &'a str, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.store.end(id, user_id, ending)
    }

    fn end_all<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        ending: Ending,
    ) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        self.store.end_all(user_id, except, ending)
    }

    fn remove_all<'a>(&'a self, user_id: &'a str, ending: Ending) -> BoxFuture<'a, Result<Vec<String>, StoreError>> {
        self.store.remove_all(user_id, ending)
    }

    fn reissue<'a>(
        &'a self,
        user_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Reissued>, StoreError>> {
        self.store.reissue(user_id, remember_until)
    }

    fn revoke_token<'a>(
        &'a self,
        token_id: &'a str,
        remember_until: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.store.revoke_token(token_id, remember_until)
    }

    fn revocation_signal(&self) -> Option<RevocationSignal> {
        Some(self.signal.clone())
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.store.remove_expired(now, limit)
    }
}
