//! Limits with a failing store, and limits that only report, at each stage of a request.

use auth_runtime::{
    HasPolicy, Policy, assert_denied,
    guard::{Check, CheckRejection},
    policy::{Counts, Limit, LimitKey, OnOutage, Quota, Rule},
    testing::{TestAuth, TestIdentity},
};
use axum::http::request::Parts;

use super::{
    limits::{Broken, TWO_A_MINUTE, field, from},
    support::*,
};

struct Yes;

impl<S: Send + Sync> Check<S> for Yes {
    async fn run(_: &mut Parts, _: &S) -> Result<bool, CheckRejection> {
        Ok(true)
    }
}

const RULES: [Rule; 5] =
    [Rule::Authenticated, Rule::Authenticated, Rule::Authenticated, Rule::check(0, "yes"), Rule::check(0, "yes")];

/// One limit at each stage: before the credential, by caller, after a rule without checks, before and after a check.
const fn at(stage: usize, quota: Quota) -> Limit {
    match stage {
        0 => Limit::new(quota, LimitKey::Address),
        1 => Limit::new(quota, LimitKey::User),
        2 => Limit::new(quota, LimitKey::Global),
        3 => Limit::new(quota, LimitKey::Global).with_counts(Counts::BeforeChecks),
        _ => Limit::new(quota, LimitKey::Global).with_counts(Counts::AfterChecks),
    }
}

struct Outage<const STAGE: usize, const ANSWER: usize>;

impl<const STAGE: usize, const ANSWER: usize> Outage<STAGE, ANSWER> {
    const LIMITS: &'static [Limit] = &[at(STAGE, TWO_A_MINUTE).with_outage(match ANSWER {
        0 => OnOutage::Local,
        1 => OnOutage::Deny,
        _ => OnOutage::Allow,
    })];
}

impl<const STAGE: usize, const ANSWER: usize> HasPolicy for Outage<STAGE, ANSWER> {
    const POLICY: Policy = Policy::protected("outage").with_rule(RULES[STAGE]).with_limits(Self::LIMITS);
    type Checks = (Yes, ());
}

async fn statuses<P: HasPolicy<Checks = (Yes, ())>>() -> [u16; 3] {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.limit_store(Broken));
    let app = app::<P>(&auth);
    let alice = TestIdentity::user("alice").bearer(&auth);
    let mut statuses = [0; 3];
    for status in &mut statuses {
        let answer = from(&app, "192.0.2.1", &[("authorization", &alice)]).await;
        *status = answer.status().as_u16();
        if *status >= 400 {
            assert_denied!(answer, *status);
        }
    }
    statuses
}

#[tokio::test]
async fn a_dead_store_does_what_the_limit_says_at_every_stage() {
    let local = [
        statuses::<Outage<0, 0>>().await,
        statuses::<Outage<1, 0>>().await,
        statuses::<Outage<2, 0>>().await,
        statuses::<Outage<3, 0>>().await,
        statuses::<Outage<4, 0>>().await,
    ];
    assert_eq!(local, [[200, 200, 429]; 5]);
    let deny = [
        statuses::<Outage<0, 1>>().await,
        statuses::<Outage<1, 1>>().await,
        statuses::<Outage<2, 1>>().await,
        statuses::<Outage<3, 1>>().await,
        statuses::<Outage<4, 1>>().await,
    ];
    assert_eq!(deny, [[503; 3]; 5]);
    let allow = [
        statuses::<Outage<0, 2>>().await,
        statuses::<Outage<1, 2>>().await,
        statuses::<Outage<2, 2>>().await,
        statuses::<Outage<3, 2>>().await,
        statuses::<Outage<4, 2>>().await,
    ];
    assert_eq!(allow, [[200; 3]; 5]);
}

struct Shadow<const STAGE: usize>;

impl<const STAGE: usize> HasPolicy for Shadow<STAGE> {
    const POLICY: Policy =
        Policy::protected("shadow").with_rule(RULES[STAGE]).with_limits(&[at(STAGE, TWO_A_MINUTE).with_shadow(true)]);
    type Checks = (Yes, ());
}

async fn shadowed<P: HasPolicy<Checks = (Yes, ())>>() -> usize {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<P>(&auth);
    let alice = TestIdentity::user("alice").bearer(&auth);
    let log = events(async {
        for _ in 0..5 {
            let answer = from(&app, "192.0.2.1", &[("authorization", &alice)]).await;
            assert_eq!((answer.status().as_u16(), field(&answer, "ratelimit")), (200, ""));
        }
    });
    log.await.matches("shadow_limit").count()
}

#[tokio::test]
async fn a_shadow_limit_reports_and_never_refuses_at_every_stage() {
    let told = [
        shadowed::<Shadow<0>>().await,
        shadowed::<Shadow<1>>().await,
        shadowed::<Shadow<2>>().await,
        shadowed::<Shadow<3>>().await,
        shadowed::<Shadow<4>>().await,
    ];
    assert_eq!(told, [3; 5]);
}
