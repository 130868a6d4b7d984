mod structured;

use proptest::prelude::*;

use self::structured::Bare;
use super::*;
use crate::{
    limit::{KeyValue, Outcome, PreparedLimit, Rate},
    policy::{Limit, LimitKey, Quota},
};

const SECOND: u64 = 1_000_000_000;
const MINUTELY: Quota = Quota::per_minute(10);
const LOGIN: PreparedLimit = named("login", MINUTELY);
const HOURLY: PreparedLimit = PreparedLimit::new(Limit::new(Quota::per_hour(100), LimitKey::User), "handler", 1);

const fn named(name: &'static str, quota: Quota) -> PreparedLimit {
    PreparedLimit::new(Limit::new(quota, LimitKey::Global).with_name(name), "handler", 0)
}

/// Returns a charge that the store answered with this debt and this wait, in nanoseconds.
fn answered(limit: &PreparedLimit, debt: u64, wait: u64) -> Charge<'_> {
    let mut charge = Charge::new(limit, KeyValue::GLOBAL);
    charge.answer(Verdict::new(*limit.rate(), Duration::from_nanos(debt), Duration::from_nanos(wait)));
    charge
}

fn written(charges: &[Charge<'_>]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    fields(charges).unwrap().write(&mut headers);
    headers
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    assert!(headers.get_all(name).iter().count() <= 1, "{name} twice");
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn two_limits_of_which_one_refuses() {
    let headers = written(&[answered(&LOGIN, 60 * SECOND, 6 * SECOND), answered(&HOURLY, 36 * SECOND, 0)]);
    assert_eq!(text(&headers, "ratelimit-policy"), r#""login";q=10;w=60, "user";q=100;w=3600"#);
    assert_eq!(text(&headers, "ratelimit"), r#""login";r=0;t=6, "user";r=99;t=36"#);
    assert_eq!(text(&headers, "retry-after"), "6");
}

/// More limits than there are places for kept values, so that some share a place. The second turn reads what the first
/// has kept.
#[test]
fn every_limit_alone_has_its_own_policy_value() {
    for (label, escaped) in [("login", "login"), ("a\"b", "a\\\"b")] {
        for count in (1..300).chain(1..300) {
            let limit = named(label, Quota::per_minute(count));
            let headers = written(&[answered(&limit, 0, 0)]);
            assert_eq!(text(&headers, "ratelimit-policy"), format!("\"{escaped}\";q={count};w=60"));
        }
    }
    let hourly = named("login", Quota::per_hour(10));
    assert_eq!(text(&written(&[answered(&hourly, 0, 0)]), "ratelimit-policy"), r#""login";q=10;w=3600"#);
}

#[test]
fn a_request_that_passes_is_told_no_time_to_retry() {
    let headers = written(&[answered(&LOGIN, 6 * SECOND, 0)]);
    assert_eq!(text(&headers, "ratelimit"), r#""login";r=9;t=6"#);
    assert!(!headers.contains_key("retry-after"));
}

#[test]
fn a_full_bucket_has_no_time_at_which_more_is_there() {
    assert_eq!(text(&written(&[answered(&LOGIN, 0, 0)]), "ratelimit"), r#""login";r=10"#);
}

#[test]
fn times_are_rounded_up() {
    let headers = written(&[answered(&LOGIN, 54 * SECOND + 1, 1)]);
    assert_eq!((text(&headers, "ratelimit"), text(&headers, "retry-after")), (r#""login";r=0;t=1"#, "1"));
    let cases = [(0, "1"), (1, "1"), (SECOND, "1"), (SECOND + 1, "2"), (42 * SECOND, "42")];
    for (nanos, seconds) in cases {
        assert_eq!(retry_after_seconds(Duration::from_nanos(nanos)).to_string(), seconds);
    }
    assert_eq!(retry_after_seconds(Duration::MAX), u64::MAX);
}

#[test]
fn retry_after_is_the_longest_of_the_refusing_and_none_of_the_passing() {
    let headers = written(&[
        answered(&LOGIN, 60 * SECOND, 6 * SECOND),
        answered(&LOGIN, 60 * SECOND, 5 * SECOND),
        answered(&HOURLY, 36 * SECOND, 0),
    ]);
    assert_eq!(text(&headers, "retry-after"), "6");
}

#[test]
fn retry_after_is_never_earlier_than_the_next_unit() {
    let headers = written(&[answered(&LOGIN, 60 * SECOND, 1)]);
    assert_eq!((text(&headers, "ratelimit"), text(&headers, "retry-after")), (r#""login";r=0;t=6"#, "6"));
}

#[test]
fn only_verdicts_of_limits_that_may_refuse_are_told() {
    let shadow = PreparedLimit::new(Limit::new(MINUTELY, LimitKey::Global).with_shadow(true), "handler", 0);
    let mut charges = [
        Charge::new(&LOGIN, KeyValue::GLOBAL),
        Charge::new(&LOGIN, KeyValue::GLOBAL),
        Charge::new(&LOGIN, KeyValue::GLOBAL),
        answered(&shadow, 60 * SECOND, 6 * SECOND),
    ];
    charges[1].settle(Outcome::Uncounted);
    charges[2].settle(Outcome::Unavailable);
    assert_eq!(fields(&charges), None);
    assert_eq!(fields(&[]), None);
    charges[2].settle(Outcome::Local(Verdict::new(Rate::new(MINUTELY), Duration::ZERO, Duration::ZERO)));
    let headers = written(&charges);
    assert_eq!(text(&headers, "ratelimit"), r#""login-3";r=10"#);
    assert!(!headers.contains_key("retry-after"));
}

#[test]
fn labels_stay_distinct_and_keep_their_limit_while_others_fail() {
    let second = named("login-2", MINUTELY);
    let mut charges = [&LOGIN, &second, &LOGIN, &LOGIN, &second].map(|limit| answered(limit, 0, 0));
    let all = r#""login";r=10, "login-2";r=10, "login-3";r=10, "login-4";r=10, "login-2-2";r=10"#;
    assert_eq!(text(&written(&charges), "ratelimit"), all);
    charges[2].settle(Outcome::Uncounted);
    assert_eq!(text(&written(&charges), "ratelimit"), all.replace(r#", "login-3";r=10"#, ""));
}

#[test]
fn later_limits_follow_earlier_ones() {
    let mut both = fields(&[answered(&LOGIN, 6 * SECOND, 0)]).unwrap();
    both.add(&[answered(&LOGIN, 12 * SECOND, 0)], false);
    let mut headers = HeaderMap::new();
    both.write(&mut headers);
    assert_eq!(text(&headers, "ratelimit"), r#""login";r=9;t=6, "login-2";r=8;t=6"#);
}

#[test]
fn fields_of_the_handler_are_replaced() {
    let mut headers = HeaderMap::new();
    for name in ["ratelimit", "ratelimit-policy", "retry-after"] {
        headers.append(name, HeaderValue::from_static("0"));
        headers.append(name, HeaderValue::from_static("0"));
    }
    fields(&[answered(&LOGIN, 60 * SECOND, SECOND)]).unwrap().write(&mut headers);
    assert_eq!(headers.len(), 3);
}

#[test]
fn legacy_fields_tell_of_the_tightest_limit() {
    let legacy = |charges: &[Charge<'_>]| {
        let mut headers = HeaderMap::new();
        fields(charges).unwrap().write_legacy(&mut headers);
        assert_eq!(headers.len(), 3);
        ["limit", "remaining", "reset"].map(|name| text(&headers, &format!("x-ratelimit-{name}")).to_owned())
    };
    let passing = [answered(&LOGIN, 6 * SECOND, 0), answered(&HOURLY, 3564 * SECOND, 0)];
    assert_eq!(legacy(&passing), ["100", "1", "36"]);
    let refusing = [answered(&HOURLY, 3600 * SECOND, 0), answered(&LOGIN, 60 * SECOND, 6 * SECOND)];
    assert_eq!(legacy(&refusing), ["10", "0", "6"]);
    assert_eq!(legacy(&[answered(&LOGIN, 0, 0)]), ["10", "10", "0"]);
}

proptest! {
    /// For any labels and numbers, the fields read back equal.
    #[test]
    fn fields_read_back_equal(
        limits in prop::collection::vec(("[ -~]{1,20}", 1..=u32::MAX, 1..=u32::MAX, any::<u64>(), any::<u64>()), 1..=8),
    ) {
        let prepared: Vec<PreparedLimit> =
            limits.iter().map(|(label, count, window, ..)| named(label.clone().leak(), Quota::in_seconds(*count, *window))).collect();
        let charges: Vec<_> =
            prepared.iter().zip(&limits).map(|(limit, (.., debt, wait))| answered(limit, *debt, *wait)).collect();
        let headers = written(&charges);
        let policy = structured::list(text(&headers, "ratelimit-policy")).unwrap();
        let state = structured::list(text(&headers, "ratelimit")).unwrap();
        prop_assert_eq!(policy.len(), charges.len());
        prop_assert_eq!(state.len(), charges.len());
        for (index, charge) in charges.iter().enumerate() {
            prop_assert_eq!(&policy[index].1, &expected_policy(charge));
            prop_assert_eq!(&state[index].1, &expected_state(&charge.verdict().unwrap()));
            prop_assert_eq!(&policy[index].0, &state[index].0);
            let repeated = limits[..index].iter().any(|(label, ..)| label == charge.limit().label());
            if !repeated {
                prop_assert_eq!(&policy[index].0, &Bare::Text(charge.limit().label().to_owned()));
            }
        }
    }

    /// Labels from a small alphabet are often equal or look like numbered labels.
    #[test]
    fn no_two_lines_have_one_name(labels in prop::collection::vec("a(-2)?(-[23])?", 1..=8)) {
        let prepared: Vec<_> = labels.iter().map(|label| named(label.clone().leak(), MINUTELY)).collect();
        let charges: Vec<_> = prepared.iter().map(|limit| answered(limit, 0, 0)).collect();
        let members = structured::list(text(&written(&charges), "ratelimit")).unwrap();
        for (index, member) in members.iter().enumerate() {
            prop_assert!(members[..index].iter().all(|earlier| earlier.0 != member.0), "{:?}", members);
        }
    }
}

fn expected_policy(charge: &Charge<'_>) -> Vec<(String, Bare)> {
    let quota = charge.limit().quota();
    let (count, window) = (quota.count().get(), quota.window_seconds().get());
    vec![("q".to_owned(), Bare::Integer(count.into())), ("w".to_owned(), Bare::Integer(window.into()))]
}

fn expected_state(verdict: &Verdict) -> Vec<(String, Bare)> {
    let mut expected = vec![("r".to_owned(), Bare::Integer(verdict.remaining().into()))];
    let reset = verdict.next_unit().as_nanos().div_ceil(SECOND.into());
    if reset > 0 {
        expected.push(("t".to_owned(), Bare::Integer(reset as i64)));
    }
    expected
}
