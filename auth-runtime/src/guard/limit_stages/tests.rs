use super::*;
use crate::policy::Counts;

const ONCE: Quota = Quota::per_minute(1);
const ADDRESS: Limit = Limit::new(ONCE, LimitKey::Address).with_name("ip");
const USER: Limit = Limit::new(ONCE, LimitKey::User).with_name("user");
const KEY: Limit = Limit::new(ONCE, LimitKey::ApiKey).with_name("key");
const HEADER: Limit = Limit::new(ONCE, LimitKey::Header("x")).with_name("header");
const PATH: Limit = Limit::new(ONCE, LimitKey::Path("x")).with_name("path");
const GLOBAL: Limit = Limit::new(ONCE, LimitKey::Global).with_name("global");
const FUNCTION: Limit = Limit::new(ONCE, LimitKey::custom("f", |_| None)).with_name("function");
const EVERY_KEY: &[Limit] = &[GLOBAL, KEY, FUNCTION, ADDRESS, HEADER, USER, PATH];

const CHECKED: Rule =
    Rule::All(&[Rule::role("admin"), Rule::Not(&Rule::Any(&[Rule::scope("a"), Rule::check(0, "c")]))]);

macro_rules! policy {
    ($name:ident = $policy:expr) => {
        struct $name;
        impl HasPolicy for $name {
            const POLICY: Policy = $policy;
            type Checks = ();
        }
    };
}

fn labels(limits: &[PreparedLimit]) -> Vec<&'static str> {
    limits.iter().map(PreparedLimit::label).collect()
}

#[test]
fn a_counter_that_strangers_could_fill_waits_for_the_rule() {
    policy!(Admins = Policy::protected("admins").with_rule(Rule::role("admin")).with_limits(EVERY_KEY));
    assert_eq!(labels(Limits::<Admins>::BEFORE_CREDENTIAL), ["ip"]);
    assert_eq!(labels(Limits::<Admins>::BY_CALLER), ["key", "user"]);
    assert_eq!(labels(Limits::<Admins>::SHARED), ["global", "function", "header", "path"]);
    assert_eq!(labels(Limits::<Admins>::BEFORE_CHECKS), [""; 0]);
}

#[test]
fn a_public_handler_has_one_stage() {
    policy!(Open = Policy::public("open").with_limits(EVERY_KEY));
    let all = ["global", "key", "function", "ip", "header", "user", "path"];
    assert_eq!(labels(Limits::<Open>::BEFORE_CREDENTIAL), all);
    assert!(Limits::<Open>::BY_CALLER.is_empty() && Limits::<Open>::SHARED.is_empty());
}

#[test]
fn beside_a_check_each_shared_limit_stands_where_it_says() {
    policy!(
        Pin = Policy::protected("pin")
            .with_limits(&[
                GLOBAL.with_counts(Counts::AfterChecks),
                USER,
                HEADER.with_counts(Counts::BeforeChecks),
                PATH.with_counts(Counts::AfterChecks),
            ])
            .with_rule(CHECKED)
    );
    assert_eq!(labels(Limits::<Pin>::BY_CALLER), ["user"]);
    assert_eq!(labels(Limits::<Pin>::BEFORE_CHECKS), ["header"]);
    assert_eq!(labels(Limits::<Pin>::AFTER_CHECKS), ["global", "path"]);
    assert_eq!(labels(Limits::<Pin>::SHARED), ["header", "global", "path"]);
}

#[test]
fn a_policy_without_limits_has_no_stage() {
    policy!(Plain = Policy::protected("plain").with_rule(CHECKED));
    let stages = [
        Limits::<Plain>::BEFORE_CREDENTIAL,
        Limits::<Plain>::BY_CALLER,
        Limits::<Plain>::BEFORE_CHECKS,
        Limits::<Plain>::AFTER_CHECKS,
        Limits::<Plain>::SHARED,
    ];
    assert!(stages.iter().all(|stage| stage.is_empty()));
}

/// Evaluates at run time a policy that would not compile.
fn contradicts(policy: Policy) -> bool {
    std::panic::catch_unwind(|| count(&policy, u8::MAX)).is_err()
}

#[test]
fn counts_that_contradict_the_rule_do_not_compile_in_either_order() {
    const NOTHING_SAID: &[Limit] = &[HEADER];
    const SAID: &[Limit] = &[HEADER.with_counts(Counts::AfterChecks)];
    const OWN: &[Limit] = &[USER.with_counts(Counts::BeforeChecks)];
    const OWN_ADDRESS: &[Limit] = &[ADDRESS.with_counts(Counts::BeforeChecks)];
    let protected = || Policy::protected("x");
    for (limits, with_check, without) in
        [(NOTHING_SAID, true, false), (SAID, false, true), (OWN, true, true), (OWN_ADDRESS, true, true)]
    {
        assert_eq!(contradicts(protected().with_rule(CHECKED).with_limits(limits)), with_check, "{limits:?}");
        assert_eq!(contradicts(protected().with_limits(limits).with_rule(CHECKED)), with_check, "{limits:?}");
        assert_eq!(contradicts(protected().with_rule(Rule::role("admin")).with_limits(limits)), without, "{limits:?}");
        assert_eq!(contradicts(protected().with_limits(limits)), without, "{limits:?}");
        assert_eq!(contradicts(Policy::public("x").with_limits(limits)), without, "{limits:?}");
    }
}
