use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;
use crate::{
    limit::{AddressKey, KeyValue, PreparedLimit, Verdict, testing::At},
    policy::{Limit, LimitKey, Quota},
};

const fn limit(on_outage: OnOutage, index: u32) -> PreparedLimit {
    PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global).with_outage(on_outage), "handler", index)
}

const LOCAL: PreparedLimit = limit(OnOutage::Local, 0);
const DENY: PreparedLimit = limit(OnOutage::Deny, 1);
const ALLOW: PreparedLimit = limit(OnOutage::Allow, 2);
const SHADOW_DENY: PreparedLimit = PreparedLimit::new(
    Limit::new(Quota::per_minute(2), LimitKey::Global).with_outage(OnOutage::Deny).with_shadow(true),
    "handler",
    3,
);

/// A store that answers like memory, fails, or never answers.
#[derive(Default)]
struct Flaky {
    memory: MemoryLimits,
    fails: AtomicBool,
    /// Whether the failures are those of a connection.
    is_away: AtomicBool,
    hangs: AtomicBool,
    asked: AtomicU32,
}

impl LimitStore for Flaky {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.hangs.load(Ordering::SeqCst) {
            return Answer::Pending(Box::pin(core::future::pending()));
        }
        if self.fails.load(Ordering::SeqCst) {
            let extent = if self.is_away.load(Ordering::SeqCst) { Extent::Connection } else { Extent::Call };
            return Answer::Ready(Err(StoreError::new("flaky", "connection refused").with_extent(extent)));
        }
        self.memory.charge(charges, clock)
    }
}

fn flaky(fails: bool) -> (Arc<Flaky>, Limiter) {
    let store = Arc::new(Flaky::default());
    store.fails.store(fails, Ordering::SeqCst);
    (Arc::clone(&store), Limiter::in_store(store))
}

const NOW: At = At(1_000_000_000);

async fn charge(limiter: &Limiter, limits: &[&'static PreparedLimit]) -> (Vec<Outcome>, bool, bool) {
    let mut charges: Vec<_> = limits.iter().map(|limit| Charge::new(limit, KeyValue::GLOBAL)).collect();
    let failed = limiter.charge(&mut charges, &NOW).await.is_err();
    let refused = charges.iter().any(Charge::refuses);
    (charges.iter().map(Charge::outcome).collect(), refused, failed)
}

#[tokio::test]
async fn a_store_that_answers_decides() {
    let (_, limiter) = flaky(false);
    for round in 0..3 {
        let (outcomes, refused, failed) = charge(&limiter, &[&LOCAL, &DENY, &ALLOW]).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Counted(_))));
        assert_eq!((refused, failed), (round == 2, false));
    }
}

#[tokio::test]
async fn while_the_store_fails_local_counts_in_this_process() {
    let (_, limiter) = flaky(true);
    for round in 0..3 {
        let (outcomes, refused, failed) = charge(&limiter, &[&LOCAL]).await;
        assert!(matches!(outcomes[..], [Outcome::Local(_)]));
        assert_eq!((refused, failed), (round == 2, true));
    }
}

#[tokio::test]
async fn while_the_store_fails_deny_refuses_and_allow_admits() {
    let (_, limiter) = flaky(true);
    assert_eq!(charge(&limiter, &[&DENY]).await, (vec![Outcome::Unavailable], true, true));
    for _ in 0..5 {
        assert_eq!(charge(&limiter, &[&ALLOW]).await, (vec![Outcome::Uncounted], false, true));
    }
}

#[tokio::test]
async fn a_limit_that_denies_leaves_the_others_uncounted() {
    let (_, limiter) = flaky(true);
    for _ in 0..5 {
        let (outcomes, refused, _) = charge(&limiter, &[&LOCAL, &DENY]).await;
        assert_eq!((outcomes, refused), (vec![Outcome::Uncounted, Outcome::Unavailable], true));
    }
    assert!(!charge(&limiter, &[&LOCAL]).await.1, "refused requests were counted");
}

#[tokio::test]
async fn a_shadow_limit_never_refuses_even_without_its_store() {
    let (_, limiter) = flaky(true);
    let (outcomes, refused, _) = charge(&limiter, &[&LOCAL, &SHADOW_DENY]).await;
    assert!(!refused && matches!(outcomes[..], [Outcome::Local(_), Outcome::Unavailable]), "{outcomes:?}");
}

/// A store that reports success but leaves the charges from the given index on undecided.
struct Forgetful(usize);

impl LimitStore for Forgetful {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
        let (decided, _) = charges.split_at_mut(self.0);
        MemoryLimits::new().check(decided, clock).unwrap();
        Answer::Ready(Ok(()))
    }
}

/// A caller may keep the charges of a handler from one request to the next.
#[tokio::test]
async fn outcomes_of_an_earlier_request_are_no_answer() {
    for decided in [0, 1] {
        let limiter = Limiter::in_store(Arc::new(Forgetful(decided)));
        let mut charges = [&DENY, &ALLOW].map(|limit| Charge::new(limit, KeyValue::GLOBAL));
        MemoryLimits::new().check(&mut charges, &NOW).unwrap();
        assert!(!charges.iter().any(Charge::refuses));
        assert!(limiter.charge(&mut charges, &NOW).await.is_err());
        assert_eq!(charges.each_ref().map(Charge::outcome), [Outcome::Unavailable, Outcome::Uncounted]);
        assert!(charges[0].refuses(), "the store decided on {decided} of two");
    }
}

#[tokio::test]
async fn a_store_that_answers_later_has_to_decide_too() {
    struct Later;
    impl LimitStore for Later {
        fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn Clock) -> Answer<'a> {
            Answer::Pending(Box::pin(async { Ok(()) }))
        }
    }
    let limiter = Limiter::in_store(Arc::new(Later));
    let (outcomes, refused, failed) = charge(&limiter, &[&DENY]).await;
    assert_eq!((outcomes, refused, failed), (vec![Outcome::Unavailable], true, true));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_in_time_has_failed() {
    let (store, limiter) = flaky(false);
    store.hangs.store(true, Ordering::SeqCst);
    let started = tokio::time::Instant::now();
    let (outcomes, refused, failed) = charge(&limiter, &[&LOCAL]).await;
    assert!(matches!(outcomes[..], [Outcome::Local(_)]) && !refused && failed);
    assert_eq!(started.elapsed(), STORE_TIMEOUT);
}

#[tokio::test]
async fn memory_that_is_full_admits_no_new_key() {
    let limiter = Limiter { memory: MemoryLimits::for_keys(1), ..Limiter::in_memory() };
    let address = |n: u32| KeyValue::address(AddressKey::V4(n));
    let mut refused = 0;
    for n in 0..5_000 {
        let mut charges = [Charge::new(&LOCAL, address(n))];
        let failed = limiter.charge(&mut charges, &NOW).await.is_err();
        assert_eq!(failed, charges[0].refuses());
        refused += u32::from(failed);
    }
    assert!(refused > 0, "memory grew without bound");
}

/// A store that answers when it is polled again.
struct Later;

impl LimitStore for Later {
    fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], _: &'a dyn Clock) -> Answer<'a> {
        Answer::Pending(Box::pin(async move {
            tokio::task::yield_now().await;
            for charge in charges {
                charge.answer(Verdict::new(*charge.limit().rate(), Duration::ZERO, Duration::ZERO));
            }
            Ok(())
        }))
    }
}

/// Zero would give no store the time to answer. The longest time would let a silent store hold requests for ever.
#[tokio::test(start_paused = true)]
async fn any_timeout_lets_a_store_answer_and_ends_a_silent_one() {
    for timeout in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let limiter = Limiter::in_store(Arc::new(Later)).with_timeout(timeout);
        assert!(matches!(charge(&limiter, &[&DENY]).await, (_, false, false)), "{timeout:?}");

        let (store, limiter) = flaky(false);
        store.hangs.store(true, Ordering::SeqCst);
        let limiter = limiter.with_timeout(timeout);
        let asked = tokio::time::timeout(Duration::from_secs(61), charge(&limiter, &[&DENY])).await;
        assert_eq!(asked.unwrap(), (vec![Outcome::Unavailable], true, true), "{timeout:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_a_silent_store_says_so_in_words() {
    let (store, limiter) = flaky(false);
    store.hangs.store(true, Ordering::SeqCst);
    let failure = limiter.charge(&mut [Charge::new(&DENY, KeyValue::GLOBAL)], &NOW).await.unwrap_err();
    let cause = std::error::Error::source(&failure).map(ToString::to_string);
    assert_eq!(cause.as_deref(), Some("the store did not answer in time"));
}

mod outage;
