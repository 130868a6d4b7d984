use super::*;
use crate::{
    clock::Clock,
    limit::{
        AddressKey, Charge, KeyValue, Outcome, PreparedLimit,
        testing::{At, Random, schedules},
    },
    policy::{Limit, LimitKey, Quota},
};

mod time;

const SECOND: u64 = 1_000_000_000;

const fn limit(quota: Quota, index: u32) -> PreparedLimit {
    PreparedLimit::new(Limit::new(quota, LimitKey::Address), "test", index)
}

fn key(number: u64) -> KeyValue<'static> {
    KeyValue::address(AddressKey::V6(number))
}

fn admits(limits: &MemoryLimits, charges: &mut [Charge<'_>], now: u64) -> bool {
    admits_by(limits, charges, &At(now))
}

fn admits_by(limits: &MemoryLimits, charges: &mut [Charge<'_>], clock: &dyn Clock) -> bool {
    limits.check(charges, clock).unwrap();
    assert!(charges.iter().all(|charge| matches!(charge.outcome(), Outcome::Counted(_))));
    !charges.iter().any(Charge::refuses)
}

#[test]
fn keys_and_limits_are_counted_apart() {
    let limits = MemoryLimits::new();
    let (first, second) = (limit(Quota::per_minute(1), 0), limit(Quota::per_minute(1), 1));
    for prepared in [&first, &second] {
        for number in 0..1_000 {
            assert!(admits(&limits, &mut [Charge::new(prepared, key(number))], SECOND));
            assert!(!admits(&limits, &mut [Charge::new(prepared, key(number))], SECOND));
        }
    }
    assert_eq!(limits.keys(), 2_000);
}

#[test]
fn all_limits_are_charged_or_none() {
    let limits = MemoryLimits::new();
    let (wide, narrow) = (limit(Quota::per_minute(10), 0), limit(Quota::per_minute(2), 1));
    let left = |number| {
        let mut charges = [Charge::new(&wide, key(number))];
        limits.check(&mut charges, &At(SECOND)).unwrap();
        charges[0].verdict().unwrap().remaining()
    };
    for number in 0..100 {
        let mut charges = [Charge::new(&wide, key(number)), Charge::new(&narrow, key(number))];
        assert!(admits(&limits, &mut charges, SECOND));
        assert!(admits(&limits, &mut charges, SECOND));
        for _ in 0..5 {
            assert!(!admits(&limits, &mut charges, SECOND));
            assert_eq!(charges[0].verdict().unwrap().remaining(), 8, "the refused charge is not shown");
            assert!(charges[0].is_within() && !charges[1].is_within());
        }
        assert_eq!(left(number), 7);
    }
}

#[test]
fn a_shadow_limit_counts_and_never_refuses() {
    let limits = MemoryLimits::new();
    let shadow = PreparedLimit::new(Limit::new(Quota::per_minute(1), LimitKey::Address).with_shadow(true), "test", 0);
    let real = limit(Quota::per_minute(3), 1);
    let mut charges = [Charge::new(&shadow, key(1)), Charge::new(&real, key(1))];
    let within: Vec<_> = (0..4).map(|_| (admits(&limits, &mut charges, SECOND), charges[0].is_within())).collect();
    assert_eq!(within, [(true, true), (true, false), (true, false), (false, false)]);
}

#[test]
fn the_same_key_twice_in_a_request_is_charged_twice() {
    let limits = MemoryLimits::new();
    let prepared = limit(Quota::per_minute(5), 0);
    let mut twice = [Charge::new(&prepared, key(1)), Charge::new(&prepared, key(1))];
    assert!(admits(&limits, &mut twice, SECOND));
    assert!(admits(&limits, &mut twice, SECOND));
    assert!(!admits(&limits, &mut twice, SECOND), "one unit is left, and the request asks for two");
    assert!(admits(&limits, &mut twice[..1], SECOND));
    assert!(!admits(&limits, &mut twice[..1], SECOND));
}

/// Compares the store with a plain list of states, one request after the other, without shards, hashes or tables.
#[test]
fn agrees_with_a_list_of_states_on_random_requests() {
    let mut random = Random::new(7);
    for _ in 0..schedules(1_000_000) / 500 {
        let limits = MemoryLimits::for_keys(1_000);
        let prepared: Vec<_> = (0..4)
            .map(|index| {
                let limit = Limit::new(Quota::per_second(1 + random.below(4) as u32), LimitKey::Address);
                let limit = if random.below(4) == 0 { limit.with_shadow(true) } else { limit };
                PreparedLimit::new(limit, "test", index)
            })
            .collect();
        let mut states = [[0_u64; 3]; 4];
        let mut now = SECOND;
        for _ in 0..60 {
            now += random.below(SECOND / 2);
            let picks: Vec<_> =
                (0..1 + random.below(5)).map(|_| (random.below(4) as usize, random.below(3) as usize)).collect();
            let mut charges: Vec<_> =
                picks.iter().map(|(index, number)| Charge::new(&prepared[*index], key(*number as u64))).collect();
            let mut after = states;
            let within: Vec<bool> = picks
                .iter()
                .map(|(index, number)| {
                    let state = &mut after[*index][*number];
                    let step = prepared[*index].rate().decide(*state, At(now).monotonic(), prepared[*index].cost());
                    *state = step.tat;
                    step.verdict.is_allowed()
                })
                .collect();
            let expected =
                picks.iter().zip(&within).all(|((index, _), within)| prepared[*index].is_shadow() || *within);
            states = if expected { after } else { states };
            assert_eq!(admits(&limits, &mut charges, now), expected);
            assert_eq!(charges.iter().map(Charge::is_within).collect::<Vec<_>>(), within);
        }
    }
}

#[test]
fn a_shard_that_grows_drops_what_has_expired() {
    let limits = MemoryLimits::new();
    let prepared = limit(Quota::per_second(1), 0);
    // Of a hundred thousand keys, a thousand are live at any time.
    for number in 0..100_000 {
        assert!(admits(&limits, &mut [Charge::new(&prepared, key(number))], number * (SECOND / 1_000)));
    }
    assert!(limits.keys() < 4_000, "{} keys are held", limits.keys());
    assert!(limits.bytes() < 128 * 1_024, "{} bytes are held", limits.bytes());
}

#[test]
fn a_key_takes_32_bytes_at_the_most() {
    let limits = MemoryLimits::new();
    let prepared = limit(Quota::per_minute(1), 0);
    for number in 0..300_000 {
        assert!(admits(&limits, &mut [Charge::new(&prepared, key(number))], SECOND));
        if number % 20_000 == 19_999 {
            let keys = limits.keys();
            assert!(limits.bytes() <= 32 * keys, "{} bytes for {keys} keys", limits.bytes());
        }
    }
}

#[test]
fn full_memory_refuses_new_keys_and_forgets_no_old_one() {
    let limits = MemoryLimits::for_keys(1_000);
    let prepared = limit(Quota::per_minute(2), 0);
    let mut held = Vec::new();
    for number in 0..20_000 {
        let mut charges = [Charge::new(&prepared, key(number))];
        match limits.check(&mut charges, &At(SECOND + number)) {
            Ok(()) => held.push(number),
            Err(MemoryLimitsFullError) => assert_eq!(charges[0].outcome(), Outcome::Open),
        }
    }
    assert!((800..=1_000).contains(&held.len()), "{} keys are held", held.len());
    assert!(limits.bytes() < 32_000, "{} bytes are held", limits.bytes());
    for number in held {
        assert!(admits(&limits, &mut [Charge::new(&prepared, key(number))], 2 * SECOND), "the second unit");
        assert!(!admits(&limits, &mut [Charge::new(&prepared, key(number))], 2 * SECOND), "the first stays counted");
    }
    assert!(admits(&limits, &mut [Charge::new(&prepared, key(1 << 40))], 200 * SECOND), "all have expired");
}

#[test]
fn full_memory_has_room_again_when_half_has_expired() {
    let limits = MemoryLimits::for_keys(1_000);
    let prepared = [limit(Quota::per_second(1), 0), limit(Quota::per_minute(1), 1)];
    let take = |numbers: core::ops::Range<u64>, now| {
        let fits = |number: &u64| {
            let mut charges = [Charge::new(&prepared[*number as usize % 2], key(*number))];
            limits.check(&mut charges, &At(now)).is_ok()
        };
        numbers.filter(fits).count()
    };
    assert!(take(0..20_000, SECOND) <= 1_000);
    assert_eq!(take(20_000..20_100, SECOND), 0);
    assert_eq!(take(20_000..20_100, 3 * SECOND), 100);
}

#[test]
fn a_request_that_finds_no_room_for_one_key_charges_none() {
    let limits = MemoryLimits::for_keys(64);
    let (first, second) = (limit(Quota::per_minute(1_000), 0), limit(Quota::per_minute(1_000), 1));
    assert!(admits(&limits, &mut [Charge::new(&first, key(0))], SECOND));
    while limits.check(&mut [Charge::new(&second, key(limits.keys() as u64))], &At(SECOND)).is_ok() {}
    let mut both = [Charge::new(&first, key(0)), Charge::new(&second, key(1 << 40))];
    assert_eq!(limits.check(&mut both, &At(SECOND)), Err(MemoryLimitsFullError));
    assert!(admits(&limits, &mut both[..1], SECOND));
    assert_eq!(both[0].verdict().unwrap().remaining(), 998);
}

/// Requests with the same keys in opposite order wait for each other's locks. They must not deadlock, and the sums must
/// be right.
#[test]
fn threads_on_many_keys_neither_hang_nor_lose_a_charge() {
    const EACH: u64 = 20_000;
    let limits = MemoryLimits::new();
    let prepared: Vec<_> = (0..3).map(|index| limit(Quota::per_second(1).with_burst(u32::MAX), index)).collect();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (limits, prepared) = (&limits, &prepared);
            scope.spawn(move || {
                let mut charges: Vec<_> =
                    (0..9).map(|place| Charge::new(&prepared[place % 3], key(place as u64 / 3))).collect();
                if thread % 2 == 1 {
                    charges.reverse();
                }
                for _ in 0..EACH {
                    assert!(admits(limits, &mut charges, SECOND));
                }
            });
        }
    });
    for (index, number) in (0..9).map(|place| (place % 3, place as u64 / 3)) {
        let mut charges = [Charge::new(&prepared[index], key(number))];
        assert!(admits(&limits, &mut charges, SECOND));
        let (debt, _) = charges[0].verdict().unwrap().parts();
        assert_eq!(debt / SECOND, 4 * EACH + 1);
    }
}
