use super::*;
use crate::{
    limit::{AddressKey, KeyValue, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
};

const SECOND: u64 = 1_000_000_000;

const fn limit(index: u32, cost: u32) -> PreparedLimit {
    PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Address).with_cost(cost), "tests", index)
}

const ONE: PreparedLimit = limit(0, 1);
const ONE_FOR_FIVE: PreparedLimit = limit(0, 5);
const OTHER: PreparedLimit = limit(1, 1);
const SHADOW: PreparedLimit =
    PreparedLimit::new(Limit::new(Quota::per_minute(10), LimitKey::Address).with_shadow(true), "tests", 2);

fn charge(limit: &PreparedLimit, key: u64) -> Charge<'_> {
    Charge::new(limit, KeyValue::address(AddressKey::V6(key)))
}

fn at(nanos: u64) -> Monotonic {
    Monotonic::from_nanos(nanos)
}

/// Returns a charge that the server refused, `wait` nanoseconds before it would pass.
fn refused(limit: &PreparedLimit, key: u64, wait: u64) -> Charge<'_> {
    let mut charge = charge(limit, key);
    charge.answer(refusal(&charge, wait));
    charge
}

#[test]
fn a_refusal_is_repeated_until_the_request_may_pass() {
    let blocked = Blocked::new();
    blocked.remember(&[refused(&ONE, 1, 6 * SECOND)], at(100 * SECOND));
    for (now, left) in [(100 * SECOND, Some(6 * SECOND)), (105 * SECOND, Some(SECOND)), (106 * SECOND - 1, Some(1))] {
        let mut asked = [charge(&ONE, 1)];
        assert!(blocked.refuse(&mut asked, at(now)));
        assert_eq!(asked[0].verdict().map(|verdict| verdict.parts().1), left);
        assert!(asked[0].refuses());
    }
    assert!(!blocked.refuse(&mut [charge(&ONE, 1)], at(106 * SECOND)));
}

#[test]
fn the_answer_says_what_the_server_would_say() {
    let rate = ONE.rate();
    let (sent, price) = (100 * SECOND, ONE.price());
    let spent = rate.tolerance().as_nanos() as u64 - price / 3;
    let first = rate.decide_for(spent, at(0), price).verdict;
    let blocked = Blocked::new();
    let mut known = [charge(&ONE, 1)];
    known[0].answer(first);
    blocked.remember(&known, at(sent));
    for later in [0, 1, SECOND, price - price / 3 - 1] {
        let mut asked = [charge(&ONE, 1)];
        assert!(blocked.refuse(&mut asked, at(sent + later)));
        assert_eq!(asked[0].verdict(), Some(rate.decide_for(spent - later, at(0), price).verdict), "after {later}");
    }
}

#[test]
fn other_keys_costs_and_limits_are_not_refused() {
    let blocked = Blocked::new();
    blocked.remember(&[refused(&ONE_FOR_FIVE, 1, 6 * SECOND)], at(0));
    assert!(blocked.refuse(&mut [charge(&ONE_FOR_FIVE, 1)], at(1)));
    for mut other in [charge(&ONE, 1), charge(&ONE_FOR_FIVE, 2), charge(&OTHER, 1)] {
        assert!(!blocked.refuse(core::slice::from_mut(&mut other), at(1)));
        assert_eq!(other.outcome(), Outcome::Open);
    }
}

#[test]
fn no_refusal_is_remembered_for_more_than_a_minute_and_the_wait_stays_true() {
    let blocked = Blocked::new();
    blocked.remember(&[refused(&ONE, 1, 3_600 * SECOND)], at(0));
    let mut asked = [charge(&ONE, 1)];
    assert!(blocked.refuse(&mut asked, at(60 * SECOND - 1)));
    assert_eq!(asked[0].verdict().unwrap().parts().1, 3_540 * SECOND + 1);
    assert!(!blocked.refuse(&mut asked, at(60 * SECOND)));
}

#[test]
fn the_other_limits_of_the_step_are_uncounted() {
    let blocked = Blocked::new();
    blocked.remember(&[refused(&ONE, 1, 6 * SECOND)], at(0));
    let mut asked = [charge(&OTHER, 1), charge(&ONE, 1)];
    assert!(blocked.refuse(&mut asked, at(1)));
    assert_eq!(asked[0].outcome(), Outcome::Uncounted);
    assert!(asked[1].refuses());
    assert!(!blocked.refuse(&mut [charge(&OTHER, 1), charge(&ONE, 2)], at(1)));
}

#[test]
fn beside_a_shadow_limit_the_server_is_asked() {
    let blocked = Blocked::new();
    blocked.remember(&[refused(&ONE, 1, 6 * SECOND), refused(&SHADOW, 1, 6 * SECOND)], at(0));
    assert!(!blocked.refuse(&mut [charge(&ONE, 1), charge(&SHADOW, 1)], at(1)));
    assert!(!blocked.refuse(&mut [charge(&SHADOW, 1)], at(1)));
    assert!(blocked.refuse(&mut [charge(&ONE, 1)], at(1)));
}

#[test]
fn a_refusal_behind_a_charge_of_the_same_counter_is_not_remembered() {
    let blocked = Blocked::new();
    let mut first = charge(&ONE, 1);
    first.answer(ONE.rate().decide_for(0, at(0), ONE.price()).verdict);
    blocked.remember(&[first, refused(&ONE, 1, SECOND)], at(0));
    assert!(!blocked.refuse(&mut [charge(&ONE, 1)], at(1)));
}

#[test]
fn memory_stays_bounded_and_new_refusals_are_remembered() {
    let blocked = Blocked::new();
    let all = (SETS * PLACES * 4) as u64;
    for key in 0..all {
        blocked.remember(&[refused(&ONE, key, 60 * SECOND)], at(key));
    }
    let known = (0..all).filter(|key| blocked.refuse(&mut [charge(&ONE, *key)], at(all))).count();
    assert!(known <= SETS * PLACES && known > SETS * PLACES / 2, "{known}");
    assert!(blocked.refuse(&mut [charge(&ONE, all - 1)], at(all)));
}
