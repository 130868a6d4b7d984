//! A store that stays away, comes back, and is shared by several processes.

use super::*;
use crate::{
    clock::manual::ManualClock,
    limit::{breaker::CONNECTION_PAUSE, testing::Log},
};

const ROOMY: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_second(1_000), LimitKey::Global), "handler", 9);

fn clock() -> ManualClock {
    ManualClock::at(1_800_000_000)
}

async fn ask(limiter: &Limiter, limit: &'static PreparedLimit, clock: &ManualClock) -> (Outcome, bool) {
    let mut charges = [Charge::new(limit, KeyValue::GLOBAL)];
    let failed = limiter.charge(&mut charges, clock).await.is_err();
    (charges[0].outcome(), failed)
}

/// Paused time stands still unless something waits for it. So the time that passes is what the requests waited.
#[tokio::test(start_paused = true)]
async fn a_store_that_is_silent_costs_five_time_outs_and_then_one_a_second() {
    let (store, limiter) = flaky(false);
    store.hangs.store(true, Ordering::SeqCst);
    let (clock, started) = (clock(), tokio::time::Instant::now());
    for _ in 0..1_000 {
        assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Local(_), true)));
    }
    assert_eq!(started.elapsed(), 5 * STORE_TIMEOUT);
    for seconds in 1..=10 {
        clock.advance(Duration::from_secs(1));
        for _ in 0..100 {
            assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Local(_), true)));
        }
        assert_eq!(started.elapsed(), (5 + seconds) * STORE_TIMEOUT);
    }
}

#[tokio::test]
async fn each_mode_holds_without_asking_the_store_and_ends_with_its_first_answer() {
    for (limit, expected) in [(&DENY, Outcome::Unavailable), (&ALLOW, Outcome::Uncounted)] {
        let (store, limiter) = flaky(true);
        let clock = clock();
        for _ in 0..50 {
            assert_eq!(ask(&limiter, limit, &clock).await, (expected, true));
        }
        assert_eq!(store.asked.load(Ordering::SeqCst), 5);
        store.fails.store(false, Ordering::SeqCst);
        assert_eq!(ask(&limiter, limit, &clock).await, (expected, true));
        clock.advance(Duration::from_secs(1));
        for _ in 0..2 {
            assert!(matches!(ask(&limiter, limit, &clock).await, (Outcome::Counted(_), false)));
        }
        assert_eq!(store.asked.load(Ordering::SeqCst), 7);
    }
}

/// A store that is only connecting fails all requests of the moment. Counted one by one, five of them would be an
/// outage of a second.
#[tokio::test]
async fn requests_without_a_connection_are_one_failure_in_a_tenth_of_a_second() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (store, limiter) = flaky(true);
    store.is_away.store(true, Ordering::SeqCst);
    let clock = clock();
    let mut told = 0;
    for moment in 0..5 {
        for _ in 0..100 {
            let mut charges = [Charge::new(&DENY, KeyValue::GLOBAL)];
            let error = limiter.charge(&mut charges, &clock).await.unwrap_err();
            assert_eq!(charges[0].outcome(), Outcome::Unavailable);
            told += u32::from(error.extent() != Extent::Told);
        }
        let lost = log.take("limit_store_lost").len();
        assert_eq!((told, lost), (moment + 1, usize::from(moment == 4)), "moment {moment}");
        clock.advance(CONNECTION_PAUSE);
    }
    assert_eq!(store.asked.load(Ordering::SeqCst), 401, "the breaker is open");

    let (store, limiter) = flaky(true);
    store.is_away.store(true, Ordering::SeqCst);
    for _ in 0..100 {
        ask(&limiter, &ROOMY, &clock).await;
    }
    store.fails.store(false, Ordering::SeqCst);
    assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Counted(_), false)));
}

/// The failure of one node counts in the node's own breaker.
#[tokio::test]
async fn a_part_that_fails_keeps_no_request_from_the_others() {
    struct Part;
    impl LimitStore for Part {
        fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn Clock) -> Answer<'a> {
            Answer::Ready(Err(StoreError::new("part", "down").with_extent(Extent::Part)))
        }
    }
    let (limiter, clock) = (Limiter::in_store(Arc::new(Part)), clock());
    for _ in 0..100 {
        assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Local(_), true)));
    }
    assert_eq!(limiter.breaker.turn(clock.monotonic()), Turn::Ask);
}

/// A flood of refused requests, which the process answers itself, neither hides an outage nor ends it.
#[tokio::test(start_paused = true)]
async fn refusals_that_are_remembered_say_nothing_of_the_server() {
    #[derive(Default)]
    struct Remembering(MemoryLimits);
    impl LimitStore for Remembering {
        fn charge<'a>(&'a self, charges: &'a mut [Charge<'_>], clock: &'a dyn Clock) -> Answer<'a> {
            match charges[0].limit().outage() {
                OnOutage::Deny => self.0.charge(charges, clock),
                _ => Answer::Pending(Box::pin(core::future::pending())),
            }
        }
    }
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let (limiter, clock) = (Limiter::in_store(Arc::new(Remembering::default())), clock());
    let started = tokio::time::Instant::now();
    for _ in 0..2 {
        ask(&limiter, &DENY, &clock).await;
    }
    for _ in 0..100 {
        ask(&limiter, &DENY, &clock).await;
        ask(&limiter, &ROOMY, &clock).await;
    }
    assert_eq!(started.elapsed(), 5 * STORE_TIMEOUT);
    clock.advance(Duration::from_secs(1));
    for _ in 0..100 {
        ask(&limiter, &DENY, &clock).await;
        ask(&limiter, &ROOMY, &clock).await;
    }
    assert_eq!(started.elapsed(), 6 * STORE_TIMEOUT);
    assert_eq!(log.take("limit_store_back").len(), 0);
}

/// A client that hangs up drops the request's future. However many do, the first request that waits closes the breaker.
#[tokio::test]
async fn probes_that_are_dropped_keep_nothing_from_the_next_one() {
    let (store, limiter) = flaky(true);
    let clock = clock();
    for _ in 0..5 {
        ask(&limiter, &ROOMY, &clock).await;
    }
    store.hangs.store(true, Ordering::SeqCst);
    clock.advance(Duration::from_secs(1));
    for asked in 6..16 {
        let mut probe = Box::pin(ask(&limiter, &ROOMY, &clock));
        let polled = core::future::poll_fn(|context| std::task::Poll::Ready(probe.as_mut().poll(context))).await;
        assert!(polled.is_pending());
        // Meanwhile there is no second one.
        assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Local(_), true)));
        assert_eq!(store.asked.load(Ordering::SeqCst), asked);
    }
    store.hangs.store(false, Ordering::SeqCst);
    store.fails.store(false, Ordering::SeqCst);
    assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Counted(_), false)));
}

/// A request that is dropped after another one has closed the breaker does not open it.
#[tokio::test]
async fn a_probe_that_is_dropped_late_opens_nothing() {
    let (store, limiter) = flaky(true);
    let clock = clock();
    for _ in 0..5 {
        ask(&limiter, &ROOMY, &clock).await;
    }
    store.hangs.store(true, Ordering::SeqCst);
    clock.advance(Duration::from_secs(1));
    let mut late = Box::pin(ask(&limiter, &ROOMY, &clock));
    let _pending = core::future::poll_fn(|context| std::task::Poll::Ready(late.as_mut().poll(context))).await;
    store.hangs.store(false, Ordering::SeqCst);
    store.fails.store(false, Ordering::SeqCst);
    clock.advance(Duration::from_secs(1));
    assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Counted(_), false)));
    drop(late);
    assert!(matches!(ask(&limiter, &ROOMY, &clock).await, (Outcome::Counted(_), false)));
}

#[tokio::test]
async fn the_operator_hears_once_of_the_loss_and_once_of_the_return() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let (store, limiter) = flaky(true);
    let clock = clock();
    for _ in 0..50 {
        ask(&limiter, &ROOMY, &clock).await;
    }
    store.fails.store(false, Ordering::SeqCst);
    clock.advance(Duration::from_secs(1));
    for _ in 0..50 {
        ask(&limiter, &ROOMY, &clock).await;
    }
    drop(guard);
    let events = log.take("");
    let [lost, back] = &events[..] else { panic!("{events:?}") };
    assert!(lost.starts_with("ERROR auth_runtime::limit") && lost.contains("limit_store_lost"), "{lost}");
    assert!(back.starts_with("INFO auth_runtime::limit") && back.contains("unasked=45"), "{back}");
}

/// Three processes lose their store. Together they admit the sum of their shares, and no more.
#[tokio::test]
async fn processes_that_count_alone_admit_their_shares() {
    const TEN: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Global), "handler", 0);
    const COSTLY: PreparedLimit =
        PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Global).with_cost(7), "handler", 1);
    for (limit, at_once, interval) in [(&TEN, 4, 18), (&COSTLY, 1, 126)] {
        let (_, limiter) = flaky(true);
        let limiter = limiter.with_instances(NonZeroU32::new(3).unwrap());
        let clock = clock();
        for left in (0..at_once).rev() {
            let (Outcome::Local(verdict), _) = ask(&limiter, limit, &clock).await else { panic!() };
            assert_eq!((verdict.is_allowed(), verdict.remaining()), (true, left));
        }
        for _ in 0..10 {
            let (Outcome::Local(verdict), _) = ask(&limiter, limit, &clock).await else { panic!() };
            assert_eq!(verdict.retry_after(), Duration::from_secs(interval));
            clock.advance(Duration::from_secs(interval));
            let (Outcome::Local(verdict), _) = ask(&limiter, limit, &clock).await else { panic!() };
            assert!(verdict.is_allowed());
        }
    }
}

/// The share of one process among more than the most would be a request in hours.
#[test]
fn more_processes_than_the_most_count_as_the_most() {
    for (count, counted) in [(1, 1), (10_000, 10_000), (10_001, 10_000), (u32::MAX, 10_000)] {
        let limiter = Limiter::in_memory().with_instances(NonZeroU32::new(count).unwrap());
        assert_eq!(limiter.instances().get(), counted);
    }
}
