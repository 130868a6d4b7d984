//! Clocks that go back, threads that arrive late, and threads that race.

use core::time::Duration;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use super::*;
use crate::clock::{Monotonic, SystemClock, UnixTime};

#[test]
fn a_clock_that_goes_back_starves_no_key() {
    let limits = MemoryLimits::new();
    let prepared = [limit(Quota::new(1, Duration::from_secs(10)), 0), limit(Quota::new(1, Duration::from_secs(10)), 1)];
    for count in [1, 2] {
        let mut charges = [0, 1].map(|index| Charge::new(&prepared[index], key(count)));
        let charges = &mut charges[..count as usize];
        assert!(admits(&limits, charges, 1_000_000 * SECOND));
        assert!(!admits(&limits, charges, SECOND), "the bucket counts as empty");
        assert_eq!(charges[0].verdict().unwrap().retry_after().as_secs(), 10);
        assert!(!admits(&limits, charges, 11 * SECOND - 1));
        assert!(admits(&limits, charges, 11 * SECOND));
    }
}

#[test]
fn a_full_shard_has_room_again_after_the_clock_went_back() {
    let limits = MemoryLimits::for_keys(64);
    let prepared = limit(Quota::per_second(1), 0);
    let fits = |number, now| limits.check(&mut [Charge::new(&prepared, key(number))], &At(now)).is_ok();
    let before = 1_000_000 * SECOND;
    assert!(!(0..65).all(|number| fits(number, before)), "the shard is full");
    // Now each key waits only for the units that it asks for, and then makes room.
    assert!((0..64).all(|number| fits(number, SECOND)));
    assert!(!fits(64, SECOND));
    assert!(fits(64, 3 * SECOND));
}

/// A clock with a first reading that is outdated when it is used, as for a thread that was stopped after it. A
/// `ManualClock` shows the same time to all readers until the test moves it.
struct Late {
    first: AtomicU64,
    then: u64,
}

impl Late {
    fn new(first: u64, then: u64) -> Self {
        Self { first: AtomicU64::new(first), then }
    }
}

impl Clock for Late {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.first.swap(self.then, Ordering::Relaxed))
    }
}

#[test]
fn a_thread_that_comes_late_gives_no_time_back() {
    let prepared = [limit(Quota::per_second(1_000).with_burst(1), 0), limit(Quota::per_second(1_000).with_burst(1), 1)];
    for count in [1, 2] {
        let limits = MemoryLimits::new();
        let mut charges = [0, 1].map(|index| Charge::new(&prepared[index], key(1)));
        let charges = &mut charges[..count];
        let start = 100 * SECOND;
        assert!(admits(&limits, charges, start));
        for late in 1..100 {
            assert!(!admits(&limits, charges, start - late * 1_000_000), "late by {late} ms");
        }
        for late in 1..90 {
            let stopped = Late::new(start - late * SECOND - 1, start);
            assert!(!admits_by(&limits, charges, &stopped), "stopped for {late} s");
        }
        assert!(!admits(&limits, charges, start + 999_999));
        let stopped = Late::new(SECOND, start + 1_000_000);
        assert!(admits_by(&limits, charges, &stopped), "the time of its arrival counts");
        assert!(!admits(&limits, charges, start + 1_999_999));
    }
}

/// A clock that records the time which passed for all threads together.
struct Tally<F> {
    now: F,
    first: AtomicU64,
    last: AtomicU64,
}

impl<F: Fn() -> u64 + Send + Sync + 'static> Clock for Tally<F> {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn monotonic(&self) -> Monotonic {
        let now = (self.now)();
        self.first.fetch_min(now, Ordering::Relaxed);
        self.last.fetch_max(now, Ordering::Relaxed);
        Monotonic::from_nanos(now)
    }
}

/// Lets four threads race for one key. Returns the units that they got, and the units that the quota allows in that
/// time.
fn race(quota: Quota, attempts: u64, now: impl Fn() -> u64 + Send + Sync + 'static) -> (u64, u64) {
    let prepared = limit(quota, 0);
    let limits = MemoryLimits::new();
    let (first, last, admitted) = (AtomicU64::new(u64::MAX), AtomicU64::new(0), AtomicU64::new(0));
    let clock = Tally { now, first, last };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut charges = [Charge::new(&prepared, key(1))];
                for _ in 0..attempts / 4 {
                    limits.check(&mut charges, &clock).unwrap();
                    admitted.fetch_add(u64::from(!charges[0].refuses()), Ordering::Relaxed);
                }
            });
        }
    });
    let window = clock.last.into_inner() - clock.first.into_inner();
    let refilled = window / prepared.rate().interval().as_nanos() as u64;
    (admitted.into_inner(), u64::from(quota.burst().get()) + refilled)
}

const FAST: Quota = Quota::per_second(20_000).with_burst(50);

#[test]
fn threads_on_one_key_never_get_more_than_the_quota_says() {
    let clock = SystemClock::new();
    let (admitted, most) = race(FAST, schedules(1_000_000), move || clock.monotonic().as_nanos());
    assert!(admitted <= most, "{admitted} of at most {most}");
}

/// The clock ticks with each attempt, so that a pause of the machine does not look like starvation.
#[test]
fn threads_on_one_key_get_all_that_the_quota_says() {
    let clock = AtomicU64::new(SECOND);
    let (admitted, most) = race(FAST, schedules(1_000_000), move || clock.fetch_add(1_000, Ordering::Relaxed));
    assert!(admitted <= most, "{admitted} of at most {most}");
    assert!(admitted >= most - 4, "{admitted} of {most}: starved");
}

/// The clock advances by a tenth of a second with each reading. A thread that yields after reading it arrives many
/// seconds late.
#[test]
fn threads_that_are_stopped_for_seconds_get_no_more_than_the_quota_says() {
    let clock = AtomicU64::new(1_000 * SECOND);
    let (admitted, most) = race(Quota::per_second(1).with_burst(50), schedules(400_000), move || {
        let now = clock.fetch_add(SECOND / 10, Ordering::Relaxed);
        for _ in 0..now / (SECOND / 10) % 7 {
            thread::yield_now();
        }
        now
    });
    assert!(admitted <= most, "{admitted} of at most {most}");
    assert!(admitted >= most - most / 10, "{admitted} of {most}: starved");
}
