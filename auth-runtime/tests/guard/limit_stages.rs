//! A limit counts exactly the requests that get to its stage.

use std::time::Duration;

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy, assert_denied,
    guard::{Check, CheckRejection, RunChecks},
    policy::{Counts, Limit, LimitKey, Quota, Rule, Via},
    routing::get,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::Body,
    http::{Response, request::Parts},
};

use super::{
    limits::{field, from_to},
    support::*,
};

const fn limit(count: u32, key: LimitKey, name: &'static str) -> Limit {
    Limit::new(Quota::per_minute(count), key).with_name(name)
}

const CLINIC: LimitKey = LimitKey::Header("x-clinic");

async fn ok<P>(_: Guard<P>) {}

/// Returns the same handler on both kinds of router.
fn routers<P: HasPolicy<Checks: RunChecks<Auth>>>(auth: &Auth) -> [Router; 2] {
    let guarded = GuardedRouter::new().route("/{id}", get(ok::<P>)).with_state(auth.clone()).into_router();
    let plain = Router::new().route("/{id}", axum::routing::get(ok::<P>)).layer(auth.layer()).with_state(auth.clone());
    [guarded, plain]
}

async fn call(app: &Router, fields: &[(&str, &str)]) -> Response<Body> {
    let fields = [&[("x-clinic", "north")], fields].concat();
    from_to(app, "192.0.2.1", "/7", &fields).await
}

policy!(
    Patients = Policy::protected("patients")
        .with_via(Via::BEARER)
        .with_max_login_age(Duration::from_secs(300))
        .with_rule(Rule::All(&[Rule::role("doctor"), Rule::scope("patients:read")]))
        .with_limits(&[
            limit(2, CLINIC, "header"),
            limit(2, LimitKey::Path("id"), "path"),
            limit(2, LimitKey::Global, "global"),
            limit(2, LimitKey::custom("f", |_| Some("all".to_owned())), "function"),
        ])
);

/// After thirty refusals of each kind, the doctor's counters are still full.
#[tokio::test]
async fn refused_callers_do_not_use_up_a_shared_counter() {
    let TestAuth { auth, clock, .. } = with_sessions();
    let doctor = TestIdentity::user("dora").role("doctor").scope("patients:read");
    let other_role = TestIdentity::user("nils").role("nurse").scope("patients:read").bearer(&auth);
    let other_scope = TestIdentity::user("dirk").role("doctor").scope("patients:list").bearer(&auth);
    let stale = doctor.clone().signed_in_ago(Duration::from_secs(301)).bearer(&auth);
    let forged = doctor.clone().forged().bearer(&auth);
    let strangers: [&[(&str, &str)]; 6] = [
        &[],
        &[("authorization", &forged)],
        &[("x-test-session", "dora")],
        &[("authorization", &stale)],
        &[("authorization", &other_role)],
        &[("authorization", &other_scope)],
    ];
    let doctor = doctor.bearer(&auth);
    for app in routers::<Patients>(&auth) {
        for stranger in strangers {
            for _ in 0..30 {
                let refused = call(&app, stranger).await;
                assert!(matches!(refused.status().as_u16(), 401 | 403), "{}", refused.status());
                assert_eq!(field(&refused, "ratelimit"), "", "a counter that was not charged is not told of");
            }
        }
        let first = call(&app, &[("authorization", &doctor)]).await;
        assert_eq!(first.status(), 200);
        let fields = field(&first, "ratelimit").to_owned();
        for name in ["header", "path", "global", "function"] {
            assert!(fields.contains(&format!(r#""{name}";r=1;"#)), "{name} was full: {fields}");
        }
        assert_eq!(call(&app, &[("authorization", &doctor)]).await.status(), 200);
        assert_denied!(call(&app, &[("authorization", &doctor)]).await, 429);
        // The second router counts in the same buckets.
        clock.advance(Duration::from_secs(60));
    }
}

/// Holds for callers that send the PIN.
struct Pin;

impl<S: Send + Sync> Check<S> for Pin {
    async fn run(parts: &mut Parts, _: &S) -> Result<bool, CheckRejection> {
        Ok(parts.headers.get("x-pin").is_some_and(|pin| pin == "1234"))
    }
}

policy!(
    Records = Policy::protected("records")
        .with_limits(&[
            limit(3, LimitKey::Global, "budget").with_counts(Counts::AfterChecks),
            limit(9, LimitKey::User, "user"),
            limit(5, CLINIC, "tries").with_counts(Counts::BeforeChecks),
            limit(99, LimitKey::Address, "ip"),
        ])
        .with_rule(Rule::Any(&[Rule::role("head"), Rule::All(&[Rule::role("member"), Rule::check(0, "pin")])])),
    checks: (Pin, ())
);

const RIGHT: (&str, &str) = ("x-pin", "1234");
const WRONG: (&str, &str) = ("x-pin", "0000");

#[tokio::test]
async fn a_check_that_refuses_has_charged_only_the_limits_before_it() {
    let TestAuth { auth, clock, .. } = TestAuth::new();
    let member = TestIdentity::user("mia").role("member").bearer(&auth);
    let member = ("authorization", member.as_str());
    for app in routers::<Records>(&auth) {
        for left in [4, 3, 2, 1] {
            let refused = call(&app, &[member, WRONG]).await;
            assert_eq!(refused.status(), 403);
            let told = field(&refused, "ratelimit");
            assert!(told.contains(&format!(r#""tries";r={left};"#)) && !told.contains("budget"), "{told}");
        }
        let admitted = call(&app, &[member, RIGHT]).await;
        assert_eq!(admitted.status(), 200);
        let told = field(&admitted, "ratelimit-policy");
        assert_eq!(told, r#""ip";q=99;w=60, "user";q=9;w=60, "tries";q=5;w=60, "budget";q=3;w=60"#);
        assert!(field(&admitted, "ratelimit").contains(r#""budget";r=2;"#), "{}", field(&admitted, "ratelimit"));
        assert_eq!(call(&app, &[member, RIGHT]).await.status(), 429, "further guesses are refused, right or wrong");
        clock.advance(Duration::from_secs(60));
    }
}

#[tokio::test]
async fn roles_refuse_before_the_limits_before_checks_are_charged() {
    let TestAuth { auth, .. } = TestAuth::new();
    let guest = TestIdentity::user("gus").role("guest").bearer(&auth);
    let member = TestIdentity::user("mia").role("member").bearer(&auth);
    let [app, _] = routers::<Records>(&auth);
    for _ in 0..9 {
        let refused = call(&app, &[("authorization", &guest), RIGHT]).await;
        assert_eq!(refused.status(), 403);
        let told = field(&refused, "ratelimit");
        assert!(told.contains("user") && !told.contains("tries") && !told.contains("budget"), "{told}");
    }
    assert_eq!(call(&app, &[("authorization", &guest), RIGHT]).await.status(), 429, "one's own limit stays charged");
    let told = call(&app, &[("authorization", &member), RIGHT]).await;
    let told = field(&told, "ratelimit");
    assert!(told.contains(r#""tries";r=4;"#) && told.contains(r#""budget";r=2;"#), "{told}");
}

#[tokio::test]
async fn where_no_check_is_asked_shared_limits_are_charged_in_one_step() {
    let TestAuth { auth, .. } = TestAuth::new();
    let head = TestIdentity::user("hana").role("head").bearer(&auth);
    let [app, _] = routers::<Records>(&auth);
    for _ in 0..3 {
        assert_eq!(call(&app, &[("authorization", &head)]).await.status(), 200);
    }
    for _ in 0..4 {
        let refused = call(&app, &[("authorization", &head)]).await;
        assert_eq!(refused.status(), 429);
        let told = field(&refused, "ratelimit");
        assert!(told.contains(r#""tries";r=2;"#) && told.contains(r#""budget";r=0;"#), "all or none: {told}");
    }
}

#[tokio::test]
async fn a_full_budget_beside_a_check_keeps_earlier_charges() {
    let TestAuth { auth, .. } = TestAuth::new();
    let head = TestIdentity::user("hana").role("head").bearer(&auth);
    let member = TestIdentity::user("mia").role("member").bearer(&auth);
    let [app, _] = routers::<Records>(&auth);
    for _ in 0..3 {
        assert_eq!(call(&app, &[("authorization", &head), ("x-clinic", "south")]).await.status(), 200);
    }
    let before = call(&app, &[("authorization", &member), RIGHT]).await;
    assert_eq!(before.status(), 429);
    let after = call(&app, &[("authorization", &member), RIGHT]).await;
    let told = [field(&before, "ratelimit"), field(&after, "ratelimit")];
    assert!(told[0].contains(r#""tries";r=1;"#) && told[1].contains(r#""tries";r=0;"#), "{told:?}");
}

#[tokio::test]
async fn a_shared_limit_that_falls_back_to_the_address_stays_in_its_stage() {
    policy!(
        Members =
            Policy::protected("members").with_rule(Rule::role("member")).with_limits(&[limit(1, CLINIC, "header")])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Members>(&auth);
    let guest = TestIdentity::user("gus").bearer(&auth);
    let member = TestIdentity::user("mia").role("member").bearer(&auth);
    for _ in 0..5 {
        assert_denied!(from_to(&app, "192.0.2.1", "/", &[]).await, 401);
        assert_denied!(from_to(&app, "192.0.2.1", "/", &[("authorization", &guest)]).await, 403);
    }
    for status in [200, 429] {
        assert_eq!(from_to(&app, "192.0.2.1", "/", &[("authorization", &member)]).await.status(), status);
    }
}

#[tokio::test]
async fn an_address_is_counted_before_its_credential_is_looked_at() {
    policy!(Members = Policy::protected("members").with_limits(&[limit(2, LimitKey::Address, "ip")]));
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Members>(&auth);
    for status in [401, 401, 429] {
        assert_denied!(from_to(&app, "192.0.2.1", "/", &[]).await, status);
    }
}

#[tokio::test]
async fn a_refusal_of_a_later_stage_tells_of_the_earlier_ones() {
    policy!(
        Both = Policy::protected("both")
            .with_limits(&[limit(2, LimitKey::Global, "all"), limit(100, LimitKey::User, "user")])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let token = TestIdentity::user("alice").bearer(&auth);
    let app = app::<Both>(&auth);
    let first = send(&app, &[("authorization", &token)]).await;
    assert_eq!(field(&first, "ratelimit-policy"), r#""user";q=100;w=60, "all";q=2;w=60"#);
    assert_eq!(send(&app, &[("authorization", &token)]).await.status(), 200);
    let refused = send(&app, &[("authorization", &token)]).await;
    assert_eq!(field(&refused, "ratelimit"), r#""user";r=97;t=1, "all";r=0;t=30"#);
    assert_eq!(field(&refused, "retry-after"), "30");
    assert_denied!(refused, 429);
}
