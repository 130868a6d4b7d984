use std::{collections::HashMap, hash::RandomState};

use crate::{
    limit::Charge,
    policy::{Limit, LimitKey, Quota},
};

use super::*;

const QUOTA: Quota = Quota::per_minute(10);

fn values() -> Vec<KeyValue<'static>> {
    vec![
        KeyValue::GLOBAL,
        KeyValue::address(AddressKey::V4(0)),
        KeyValue::address(AddressKey::V4(1)),
        KeyValue::address(AddressKey::V6(0)),
        KeyValue::address(AddressKey::V6(1)),
        KeyValue::user("", ""),
        KeyValue::user("", "ab"),
        KeyValue::user("a", "b"),
        KeyValue::user("ab", ""),
        KeyValue::user("", "a:b"),
        KeyValue::api_key("", "ab"),
        KeyValue::api_key("a", "b"),
        KeyValue::api_key("", ""),
        KeyValue::header("a", b"b"),
        KeyValue::header("ab", b""),
        KeyValue::path("a", "b"),
        KeyValue::custom("a", "b"),
        KeyValue::custom("", "ab"),
    ]
}

fn limits() -> Vec<PreparedLimit> {
    let plain = Limit::new(QUOTA, LimitKey::Address);
    vec![
        PreparedLimit::new(plain, "one", 0),
        PreparedLimit::new(plain, "one", 1),
        PreparedLimit::new(plain, "two", 0),
        PreparedLimit::new(plain, "two", 0).of::<u8>(),
        PreparedLimit::new(plain, "two", 0).of::<u16>(),
        PreparedLimit::new(plain.with_name("one"), "two", 0),
        PreparedLimit::new(plain.with_name("two"), "two", 0),
        PreparedLimit::new(Limit::new(Quota::per_minute(11), LimitKey::Address).with_name("two"), "two", 0),
        PreparedLimit::new(Limit::new(QUOTA.with_burst(3), LimitKey::Address).with_name("two"), "two", 0),
    ]
}

#[test]
fn no_two_keys_run_into_one() {
    let (limits, values, state) = (limits(), values(), RandomState::new());
    let (mut written, mut hashed) = (HashMap::new(), HashMap::new());
    for limit in &limits {
        for value in &values {
            let charge = Charge::new(limit, *value);
            let mut bytes = Vec::new();
            charge.write_key(&mut bytes);
            assert_eq!(written.insert(bytes, (limit, *value)).map(|(_, value)| value), None);
            assert_eq!(hashed.insert(charge.hash_key(&state), (limit, *value)).map(|(_, value)| value), None);
        }
    }
}

#[test]
fn a_name_and_a_quota_share_a_counter_across_handlers() {
    let named = Limit::new(QUOTA, LimitKey::Address).with_name("login");
    let (form, json) = (PreparedLimit::new(named, "form", 0), PreparedLimit::new(named.with_shadow(true), "json", 3));
    let state = RandomState::new();
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for value in values() {
        Charge::new(&form, value).write_key(&mut first);
        Charge::new(&json, value).write_key(&mut second);
        assert_eq!(Charge::new(&form, value).hash_key(&state), Charge::new(&json, value).hash_key(&state));
    }
    assert_eq!(first, second);
}

#[test]
fn written_keys_stay_the_same_from_version_to_version() {
    let limit = PreparedLimit::new(Limit::new(QUOTA, LimitKey::User).with_name("login"), "form", 0);
    let mut written = Vec::new();
    Charge::new(&limit, KeyValue::user("me", "alice")).write_key(&mut written);
    let mut expected = Vec::new();
    for number in [u64::MAX, 5] {
        expected.extend(number.to_le_bytes());
    }
    expected.extend(b"login");
    for number in [6_000_000_000_u64, 60_000_000_000, 3, 2] {
        expected.extend(number.to_le_bytes());
    }
    expected.extend(b"me");
    expected.extend(5_u64.to_le_bytes());
    expected.extend(b"alice");
    assert_eq!(written, expected);
}
