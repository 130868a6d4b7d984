use super::*;
use crate::limit::testing::{Random, schedules};

const SECOND: u64 = NANOS_PER_SECOND;

fn at(nanos: u64) -> Monotonic {
    Monotonic::from_nanos(nanos)
}

fn units(cost: u32) -> NonZeroU32 {
    NonZeroU32::new(cost).unwrap()
}

#[test]
fn a_burst_passes_at_once_and_then_one_unit_in_each_interval() {
    let rate = Rate::new(Quota::per_minute(10).with_burst(3));
    let mut tat = 0;
    let admitted = |tat: &mut u64, now| {
        let step = rate.decide(*tat, at(now), units(1));
        *tat = step.tat;
        step.verdict
    };
    let start = 1_000 * SECOND;
    let left: Vec<u32> = (0..3).map(|_| admitted(&mut tat, start).remaining()).collect();
    assert_eq!(left, [2, 1, 0]);

    let refused = admitted(&mut tat, start);
    assert!(!refused.is_allowed());
    assert_eq!(refused.retry_after(), Duration::from_secs(6));
    assert_eq!(refused.debt, 18 * SECOND);
    assert!(!admitted(&mut tat, start + 6 * SECOND - 1).is_allowed());
    assert!(admitted(&mut tat, start + 6 * SECOND).is_allowed());
    assert!(!admitted(&mut tat, start + 6 * SECOND).is_allowed());
}

#[test]
fn a_refusal_costs_nothing() {
    let rate = Rate::new(Quota::new(5, Duration::from_secs(10)));
    let spent = (0..5).fold(0, |tat, _| rate.decide(tat, at(SECOND), units(1)).tat);
    for now in (SECOND..3 * SECOND).step_by(7_000_000) {
        let step = rate.decide(spent, at(now), units(1));
        assert_eq!((step.tat, step.verdict.is_allowed()), (spent, false));
    }
    assert!(rate.decide(spent, at(3 * SECOND), units(1)).verdict.is_allowed());
}

#[test]
fn a_cost_above_the_burst_is_never_admitted() {
    let rate = Rate::new(Quota::per_second(1_000).with_burst(10));
    assert!(rate.decide(0, at(u64::MAX), units(10)).verdict.is_allowed());
    for now in [0, SECOND, u64::MAX / 2, u64::MAX] {
        assert!(!rate.decide(0, at(now), units(11)).verdict.is_allowed());
        assert!(!rate.decide(0, at(now), units(u32::MAX)).verdict.is_allowed());
    }
}

#[test]
fn the_largest_and_smallest_quotas_saturate() {
    for (count, window, burst) in [
        (1, u32::MAX, u32::MAX),
        (1, u32::MAX, 1),
        (u32::MAX, 1, u32::MAX),
        (u32::MAX, 1, 1),
        (u32::MAX, u32::MAX, u32::MAX),
    ] {
        let rate = Rate::new(Quota::in_seconds(count, window).with_burst(burst));
        for now in [0, 1, SECOND, i64::MAX as u64, u64::MAX] {
            let first = rate.decide(0, at(now), units(1));
            assert!(first.verdict.is_allowed(), "{count}/{window} burst {burst} at {now}");
            assert!(first.verdict.remaining() < burst);
            let more = units(first.verdict.remaining() + 1);
            let refused = rate.decide(first.tat, at(now), more).verdict;
            assert!(!refused.is_allowed());
            assert_eq!(refused.retry_after(), rate.interval());
        }
    }
}

#[test]
fn more_comes_back_exactly_when_it_is_announced() {
    let rate = Rate::new(Quota::new(7, Duration::from_secs(3)).with_burst(4));
    let full = rate.decide(0, at(SECOND), units(1)).verdict.uncharged(rate.price(units(1)));
    assert_eq!((full.next_unit(), full.remaining()), (Duration::ZERO, 4));
    let mut random = Random::new(1);
    for _ in 0..10_000 {
        let now = SECOND + random.below(3 * SECOND);
        let tat = now + random.below(rate.tolerance + 1);
        let step = rate.decide(tat, at(now), units(1));
        let (left, next) = (step.verdict.remaining(), step.verdict.next_unit().as_nanos() as u64);
        let later = |wait| Verdict::from_parts(rate, (step.verdict.debt.saturating_sub(wait), 0)).remaining();
        assert!(next > 0);
        assert_eq!((later(next - 1), later(next)), (left, left + 1));
    }
}

/// A token bucket as an independent model: it counts the available units, while the rate counts the debt.
struct Bucket {
    interval: u128,
    full: u128,
    there: u128,
    since: u128,
}

impl Bucket {
    fn new(quota: Quota) -> Self {
        let window = u128::from(quota.window_seconds().get()) * 1_000_000_000;
        let count = u128::from(quota.count().get());
        let interval = window / count + u128::from(!window.is_multiple_of(count));
        let full = interval * u128::from(quota.burst().get());
        Self { interval, full, there: full, since: 0 }
    }

    /// Returns whether the request is admitted, and how many units are left.
    fn take(&mut self, now: u64, cost: u32) -> (bool, u128) {
        self.there = self.full.min(self.there + (u128::from(now) - self.since));
        self.since = u128::from(now);
        let price = self.interval * u128::from(cost);
        let passes = price <= self.there;
        self.there -= if passes { price } else { 0 };
        (passes, self.there / self.interval)
    }
}

fn quota(random: &mut Random) -> Quota {
    let (count, window) = match random.below(4) {
        0 => (1 + random.below(20), 1 + random.below(60)),
        1 => (1 + random.below(2_000), 1 + random.below(10)),
        2 => (1 + random.below(1 << 32).min(u64::from(u32::MAX) - 1), 1 + random.below(3)),
        _ => (1 + random.below(5), 1 + random.below(86_400)),
    };
    Quota::in_seconds(count as u32, window as u32).with_burst(1 + random.below(12) as u32)
}

/// Returns a random pause. Many pauses end at the very nanosecond at which a decision changes.
fn pause(random: &mut Random, interval: u64) -> u64 {
    match random.below(6) {
        0 => 0,
        1 => interval,
        2 => interval.saturating_sub(1),
        3 => random.below(interval.saturating_mul(3)),
        4 => interval.saturating_mul(random.below(5)),
        _ => random.below(interval) + 1,
    }
}

#[test]
fn agrees_with_a_bucket_of_tokens_on_random_schedules() {
    let mut random = Random::new(2);
    for schedule in 0..schedules(1_000_000) {
        let quota = quota(&mut random);
        let (rate, mut bucket) = (Rate::new(quota), Bucket::new(quota));
        let (mut tat, mut now) = (0, random.below(1 << 60));
        for _ in 0..12 {
            now += pause(&mut random, rate.interval.get());
            let cost = 1 + random.below(3) as u32;
            let step = rate.decide(tat, at(now), units(cost));
            tat = step.tat;
            let (passes, left) = bucket.take(now, cost);
            assert_eq!(step.verdict.is_allowed(), passes, "schedule {schedule}: {quota:?} at {now}");
            assert_eq!(u128::from(step.verdict.remaining()), left, "schedule {schedule}: {quota:?} at {now}");
            if !passes {
                let wait = step.verdict.wait;
                assert!(!rate.decide(tat, at(now + wait - 1), units(cost)).verdict.is_allowed());
                assert_eq!(
                    rate.decide(tat, at(now + wait), units(cost)).verdict.is_allowed(),
                    cost <= quota.burst().get()
                );
            }
        }
    }
}

#[test]
fn no_window_admits_more_than_the_quota_says_unrounded() {
    let mut random = Random::new(3);
    for _ in 0..schedules(1_000_000) / 10 {
        let quota = quota(&mut random);
        let rate = Rate::new(quota);
        let (mut tat, mut now, mut admitted) = (0, random.below(1 << 60), Vec::new());
        for _ in 0..40 {
            now += pause(&mut random, rate.interval.get());
            let cost = 1 + random.below(2) as u32;
            let step = rate.decide(tat, at(now), units(cost));
            tat = step.tat;
            if step.verdict.is_allowed() {
                admitted.push((now, u128::from(cost)));
            }
        }
        assert_bounded(quota, &admitted);
    }
}

/// Asserts at most `burst + floor(w * count / window)` units in every window that starts and ends with an admission.
fn assert_bounded(quota: Quota, admitted: &[(u64, u128)]) {
    let (count, window) = (u128::from(quota.count().get()), u128::from(quota.window_seconds().get()));
    for (first, (start, _)) in admitted.iter().enumerate() {
        let mut sum = 0;
        for (end, cost) in &admitted[first..] {
            sum += cost;
            let refilled = u128::from(end - start) * count / (window * 1_000_000_000);
            assert!(sum <= u128::from(quota.burst().get()) + refilled, "{quota:?}: {admitted:?}");
        }
    }
}

#[test]
fn a_clock_that_goes_back_gives_nothing_away_and_starves_no_key() {
    let mut random = Random::new(4);
    for _ in 0..schedules(1_000_000) / 10 {
        let quota = quota(&mut random);
        let (rate, mut bucket) = (Rate::new(quota), Bucket::new(quota));
        // `real` is the time that has passed. `skew` is the time by which the clock lags behind.
        let (mut tat, mut real, mut skew) = (0, 1 << 61, 0);
        for _ in 0..12 {
            real += pause(&mut random, rate.interval.get());
            skew += if random.below(4) == 0 { random.below(rate.tolerance.saturating_mul(2)).min(1 << 55) } else { 0 };
            let step = rate.decide(tat, at(real - skew), units(1));
            tat = step.tat;
            if step.verdict.is_allowed() {
                assert!(bucket.take(real, 1).0, "{quota:?}: admitted more than the time that passed allows");
            } else {
                assert!(step.verdict.wait <= rate.interval.get(), "{quota:?}: waits for longer than one unit takes");
            }
        }
    }
}
