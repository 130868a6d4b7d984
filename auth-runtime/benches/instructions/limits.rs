//! Checks of the limiter in memory, without a request around them.

use std::{hint::black_box, num::NonZeroU32};

use auth_runtime::{
    clock::SystemClock,
    limit::{AddressKey, Charge, KeyValue, MemoryLimits, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
};
use governor::DefaultKeyedRateLimiter;

use crate::{Call, Named};

/// A limit that refuses nothing here, and whose keys stay live.
const STEADY: PreparedLimit =
    PreparedLimit::new(Limit::new(Quota::per_second(1).with_burst(u32::MAX), LimitKey::Address), "bench", 0);

pub(crate) fn cases() -> Vec<Named> {
    let mut cases: Vec<Named> = [1, 10_000, 1_000_000]
        .map(|keys: u32| -> Named { (format!("limiter: keys in memory, {keys}"), Box::new(move || known_key(keys))) })
        .into();
    cases.push(("limiter: keys in governor, 10000".to_owned(), Box::new(peer)));
    cases
}

/// Checks the keys in turn. All of them are there already.
fn known_key(keys: u32) -> Call {
    let (limits, clock) = (MemoryLimits::new(), SystemClock::new());
    let check = move |key: u32| {
        let mut charges = [Charge::new(&STEADY, KeyValue::address(AddressKey::V6(key.into())))];
        assert!(limits.check(black_box(&mut charges), &clock).is_ok() && !charges.iter().any(Charge::refuses));
    };
    (0..keys).for_each(&check);
    let mut turns = (0..keys).cycle();
    Box::new(move || check(turns.next().expect("a key")))
}

fn peer() -> Call {
    let quota = governor::Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::MAX);
    let limiter: DefaultKeyedRateLimiter<u64> = DefaultKeyedRateLimiter::keyed(quota);
    let check = move |key: u64| assert!(limiter.check_key(black_box(&key)).is_ok());
    (0..10_000).for_each(&check);
    let mut turns = (0..10_000).cycle();
    Box::new(move || check(turns.next().expect("a key")))
}
