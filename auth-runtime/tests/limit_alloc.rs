//! Counts the allocations of limits. The test is a binary of its own, because it counts in the allocator of the
//! process.

use core::time::Duration;

use allocation_counter::measure;
use auth_runtime::{
    clock::{Clock, Monotonic, UnixTime},
    limit::{AddressKey, Charge, KeyValue, Limiter, MemoryLimits, PreparedLimit, TrustedProxies, Verdict, fields},
    policy::{Limit, LimitKey, Quota},
};
use axum::http::{HeaderMap, HeaderValue};

const LOGIN: PreparedLimit =
    PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Address).with_name("login"), "handler", 0);
const HOURLY: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_hour(100), LimitKey::User), "handler", 1);
const SECOND: u64 = 1_000_000_000;

/// A clock that shows this many nanoseconds, and allocates nothing.
struct At(u64);

impl Clock for At {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(0)
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(self.0)
    }
}

#[test]
fn a_check_of_a_known_key_allocates_nothing_whether_it_passes_or_not() {
    let limits = MemoryLimits::new();
    let address = KeyValue::address(AddressKey::V4(7));
    let user = KeyValue::user("https://id.example", "alice");
    let mut charges = [Charge::new(&LOGIN, address), Charge::new(&HOURLY, user)];
    limits.check(&mut charges, &At(SECOND)).unwrap();
    for second in 1..30 {
        let counted = measure(|| limits.check(&mut charges, &At(second * SECOND)).unwrap());
        assert_eq!(counted.count_total, 0, "second {second}: {charges:?}");
    }
    assert!(charges.iter().any(Charge::refuses));
}

#[test]
fn the_front_in_memory_allocates_nothing_either() {
    let limiter = Limiter::in_memory();
    let mut charges = [Charge::new(&LOGIN, KeyValue::address(AddressKey::V4(7)))];
    let mut charge = || limiter.memory().unwrap().charge(&mut charges, &At(SECOND)).unwrap();
    charge();
    assert_eq!(measure(charge).count_total, 0);
}

#[test]
fn each_field_allocates_once_at_most() {
    let answered = |limit: &'static PreparedLimit, debt, wait| {
        let mut charge = Charge::new(limit, KeyValue::GLOBAL);
        charge.answer(Verdict::new(*limit.rate(), Duration::from_nanos(debt), Duration::from_nanos(wait)));
        charge
    };
    let charges = [answered(&LOGIN, 60 * SECOND, 6 * SECOND), answered(&HOURLY, 36 * SECOND, 0)];
    let mut headers = HeaderMap::with_capacity(8);
    let counted = measure(|| {
        let fields = fields(&charges).unwrap();
        fields.write(&mut headers);
        fields.write_legacy(&mut headers);
    });
    assert_eq!((headers.len(), counted.count_total), (6, 6));
}

#[test]
fn finding_the_client_allocates_nothing() {
    for (header, value) in [
        ("x-forwarded-for", "1.1.1.1, 203.0.113.7, 10.0.0.3"),
        ("forwarded", "for=1.1.1.1, for=\"203.0.113.7:80\";host=\"a,b\", for=10.0.0.2"),
        ("cf-connecting-ip", "203.0.113.7"),
    ] {
        let mut headers = HeaderMap::new();
        headers.append(header, HeaderValue::from_static(value));
        let proxies = TrustedProxies::parse("10.0.0.0/8", header).unwrap();
        let peer = "10.0.0.1".parse().unwrap();
        let mut answer = peer;
        let counted = measure(|| answer = proxies.client(peer, &headers));
        assert_eq!((answer.to_string().as_str(), counted.count_total), ("203.0.113.7", 0), "{header}");
    }
}
