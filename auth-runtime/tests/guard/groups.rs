//! `narrowed_by`: a policy around all routes of a router.

use core::time::Duration;

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    policy::{Limit, LimitKey, Quota, Rule, Via},
    prelude::{check, get, post, protected, public},
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, body::Body, extract::Path, http::Request, routing};
use tower::ServiceExt as _;

use super::support::*;

policy!(Everyone = Policy::public("everyone"));
policy!(Staff = Policy::protected("staff").with_rule(Rule::role("staff")));
policy!(Editors = Policy::protected("editors").with_rule(Rule::role("editor")));

#[protected]
async fn any_caller() -> &'static str {
    "reached"
}

#[public]
async fn everyone() -> &'static str {
    "reached"
}

fn open() -> Router<Auth> {
    Router::new().route("/open", routing::get(|| async { "reached" })).fallback(|| async { "reached" })
}

fn serve(routes: GuardedRouter<Auth>, auth: &Auth) -> Router {
    routes.with_state(auth.clone()).into_router()
}

async fn status(app: &Router, method: &str, path: &str, token: &str) -> u16 {
    let request = Request::builder().method(method).uri(path).header("authorization", token);
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_request_must_pass_both_policies() {
    let TestAuth { auth, .. } = TestAuth::new();
    let routes = GuardedRouter::new().route("/", get(handler::<Editors>)).narrowed_by::<Staff>();
    let app = serve(routes, &auth);
    for (roles, expected) in [(&["staff", "editor"][..], 200), (&["staff"], 403), (&["editor"], 403), (&[], 403)] {
        let caller = roles.iter().fold(TestIdentity::user("ann"), |caller, role| caller.role(*role));
        assert_eq!(status(&app, "GET", "/", &caller.bearer(&auth)).await, expected, "{roles:?}");
    }
    assert_eq!(send(&app, &[]).await.status(), 401);
}

/// Every way to add a route, before and after the call, with the paths at which it answers.
#[tokio::test]
async fn every_route_is_narrowed_whenever_and_however_it_was_added() {
    type Add = fn(GuardedRouter<Auth>) -> GuardedRouter<Auth>;
    let ways: [(&str, Add, &str); 11] = [
        ("route", |router| router.route("/a", get(any_caller)), "/a"),
        ("merge", |router| router.merge(GuardedRouter::new().route("/a", get(any_caller))), "/a"),
        ("nest", |router| router.nest("/a", GuardedRouter::new().route("/b", get(any_caller))), "/a/b"),
        ("fallback", |router| router.fallback(any_caller), "/nothing"),
        ("nested fallback", |router| router.nest("/a", GuardedRouter::new().fallback(any_caller)), "/a/nothing"),
        ("service", |router| router.public_service("/a", open().with_state(test_auth()), "tests"), "/a/open"),
        ("service's fallback", |router| router.public_service("/a", open().with_state(test_auth()), "tests"), "/a/x"),
        ("service at the root", |router| router.public_service("/", open().with_state(test_auth()), "tests"), "/x"),
        ("unguarded", |router| router.merge_unguarded(open(), "tests"), "/open"),
        ("unguarded fallback", |router| router.merge_unguarded(open(), "tests"), "/nothing"),
        (
            "nested unguarded",
            |router| router.nest("/a", GuardedRouter::new().merge_unguarded(open(), "tests")),
            "/a/open",
        ),
    ];
    let TestAuth { auth, .. } = TestAuth::new();
    let (member, staff) = (TestIdentity::user("ann"), TestIdentity::user("bob").role("staff"));
    for (way, add, path) in ways {
        let before = add(GuardedRouter::new()).narrowed_by::<Staff>();
        let after = add(GuardedRouter::new().narrowed_by::<Staff>());
        let group = add(GuardedRouter::new()).narrowed_by::<Staff>();
        let nested = if way == "nested fallback" { group } else { GuardedRouter::new().nest("/in", group) };
        let merged = GuardedRouter::new().merge(add(GuardedRouter::new()).narrowed_by::<Staff>());
        for (order, routes, at) in [
            ("before", before, path.to_owned()),
            ("after", after, path.to_owned()),
            // axum does not reach the fallback of a router that is nested twice.
            ("nested", nested, if way == "nested fallback" { path.to_owned() } else { format!("/in{path}") }),
            ("merged", merged, path.to_owned()),
        ] {
            let app = serve(routes, &auth);
            let by_member = status(&app, "GET", &at, &member.bearer(&auth)).await;
            let by_staff = status(&app, "GET", &at, &staff.bearer(&auth)).await;
            assert_eq!((by_member, by_staff), (403, 200), "{way}, {order}");
        }
    }
}

fn test_auth() -> Auth {
    TestAuth::new().auth
}

#[tokio::test]
async fn routes_beside_the_group_keep_their_answers() {
    let TestAuth { auth, .. } = TestAuth::new();
    let group = GuardedRouter::new().route("/inside", get(any_caller)).narrowed_by::<Staff>();
    let app = GuardedRouter::new().route("/outside", get(everyone)).nest("/admin", group.clone()).merge(group);
    let app = serve(app, &auth);
    for (path, expected) in
        [("/outside", 200), ("/nothing", 404), ("/admin/nothing", 404), ("/inside", 401), ("/admin/inside", 401)]
    {
        assert_eq!(send_to(&app, path, &[]).await.status(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_method_without_a_handler_is_behind_the_group_too() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = serve(GuardedRouter::new().route("/", get(any_caller)).narrowed_by::<Staff>(), &auth);
    let staff = TestIdentity::user("bob").role("staff");
    assert_eq!(status(&app, "POST", "/", &TestIdentity::user("ann").bearer(&auth)).await, 403);
    assert_eq!(status(&app, "POST", "/", &staff.bearer(&auth)).await, 405);
}

#[tokio::test]
async fn several_groups_must_all_admit() {
    let TestAuth { auth, .. } = TestAuth::new();
    let inner = GuardedRouter::new().route("/", get(any_caller)).narrowed_by::<Editors>();
    let app = serve(GuardedRouter::new().nest("/in", inner).narrowed_by::<Staff>(), &auth);
    for (roles, expected) in [(&["staff", "editor"][..], 200), (&["staff"], 403), (&["editor"], 403)] {
        let caller = roles.iter().fold(TestIdentity::user("ann"), |caller, role| caller.role(*role));
        assert_eq!(status(&app, "GET", "/in", &caller.bearer(&auth)).await, expected, "{roles:?}");
    }
}

#[check]
async fn is_own(Path(id): Path<String>, who: auth_runtime::Identity) -> bool {
    id == who.subject()
}

policy!(Owners = Policy::protected("owners").with_rule(Rule::check(0, "is_own")), checks: (is_own, ()));

#[tokio::test]
async fn a_check_of_the_group_reads_the_path_of_each_route() {
    let TestAuth { auth, .. } = TestAuth::new();
    let group = GuardedRouter::new().route("/notes", get(any_caller)).narrowed_by::<Owners>();
    let app = serve(GuardedRouter::new().nest("/people/{id}", group), &auth);
    let ann = TestIdentity::user("ann").bearer(&auth);
    assert_eq!(status(&app, "GET", "/people/ann/notes", &ann).await, 200);
    assert_eq!(status(&app, "GET", "/people/bob/notes", &ann).await, 403);
}

#[tokio::test]
async fn limits_of_the_group_and_of_the_handler_count_and_are_reported_together() {
    const BY_USER: Limit = Limit::new(Quota::per_minute(2), LimitKey::User).with_name("group");
    const ONE: Limit = Limit::new(Quota::per_minute(5), LimitKey::User).with_name("own");
    policy!(
        Few = Policy::public("few").with_limits(&[Limit::new(Quota::per_minute(2), LimitKey::Global).with_name("all")])
    );
    policy!(Group = Policy::protected("group").with_limits(&[BY_USER]));
    policy!(Own = Policy::protected("own").with_limits(&[ONE]));
    let TestAuth { auth, .. } = TestAuth::new();
    let routes = GuardedRouter::new().route("/a", get(handler::<Own>)).route("/b", get(any_caller));
    let app = serve(routes.narrowed_by::<Group>(), &auth);
    let ann = TestIdentity::user("ann").bearer(&auth);
    let first = send_to(&app, "/a", &[("authorization", &ann)]).await;
    assert_eq!(first.headers()["ratelimit-policy"], r#""group";q=2;w=60, "own";q=5;w=60"#);
    assert_eq!(send_to(&app, "/b", &[("authorization", &ann)]).await.status(), 200);
    let refused = send_to(&app, "/a", &[("authorization", &ann)]).await;
    assert_eq!(refused.status(), 429, "both routes share the group's limit");
    assert!(refused.headers().contains_key("retry-after"));

    let app = serve(GuardedRouter::new().route("/", get(everyone)).narrowed_by::<Few>(), &auth);
    let answers = [send(&app, &[]).await.status(), send(&app, &[]).await.status(), send(&app, &[]).await.status()];
    assert_eq!(answers, [200, 200, 429], "a public policy narrows by its limits");
}

#[tokio::test]
async fn the_caller_is_looked_up_once_and_each_policy_tells_its_decision() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = serve(GuardedRouter::new().route("/", get(handler::<Editors>)).narrowed_by::<Staff>(), &auth);
    let log = events(async {
        let member = TestIdentity::user("ann").bearer(&auth);
        assert_eq!(send(&app, &[("authorization", &member)]).await.status(), 403);
        let both = TestIdentity::user("bob").role("staff").role("editor").bearer(&auth);
        assert_eq!(send(&app, &[("authorization", &both)]).await.status(), 200);
    })
    .await;
    let decisions: Vec<_> = log.lines().filter(|line| line.contains("auth_runtime::guard")).collect();
    assert_eq!(decisions.len(), 3, "{decisions:#?}");
    for (decision, (policy, user, outcome)) in decisions.iter().zip([
        ("staff", "ann", "refused"),
        ("staff", "bob", "admitted"),
        ("editors", "bob", "admitted"),
    ]) {
        let said = format!(
            r#"policy="{policy}" user.id="{user}" auth.kind="bearer" client.address=127.0.0.1 outcome="{outcome}""#
        );
        assert!(decision.contains(&said), "{decisions:#?}");
    }
}

#[test]
fn the_matrix_shows_what_the_group_requires() {
    policy!(
        Recent = Policy::protected("recent")
            .with_via(Via::BEARER.or(Via::API_KEY))
            .with_max_login_age(Duration::from_secs(300))
            .with_limits(&[Limit::new(Quota::per_minute(9), LimitKey::User)])
    );
    policy!(Own = Policy::protected("own").with_via(Via::BEARER.or(Via::SESSION)));
    let routes = GuardedRouter::<Auth>::new()
        .route("/a", post(handler::<Own>))
        .merge_unguarded(open(), "tests")
        .narrowed_by::<Recent>();
    let pending = routes.access_matrix();
    let nested = GuardedRouter::new().nest("/in", routes).narrowed_by::<Staff>().access_matrix();
    let row = &pending.rows()[0];
    assert_eq!(
        (&*row.access, &*row.via, &*row.csrf, &*row.limits),
        ("any caller; and any caller, login within 5 min", "bearer", "-", "9/min by user")
    );
    assert_eq!(row.narrowed_by, ["recent"]);
    let open = &nested.rows()[1];
    assert_eq!(open.access, "UNGUARDED; and any caller, login within 5 min; and role staff");
    assert_eq!((&*open.via, open.narrowed_by.as_slice()), ("bearer, api_key", &["recent".into(), "staff".into()][..]));
}

fn contradicts(handler: GuardedRouter<Auth>) -> String {
    let serve = std::panic::AssertUnwindSafe(|| serve(handler.narrowed_by::<Sessions>(), &test_auth()));
    let panic = std::panic::catch_unwind(serve).expect_err("the router was built");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

policy!(Sessions = Policy::protected("sessions").with_via(Via::SESSION));

#[test]
fn a_handler_that_contradicts_the_group_is_a_fault_at_start() {
    policy!(Exempt = Policy::protected("exempt").with_csrf_exemption("signed by the provider"));
    policy!(Keys = Policy::protected("keys").with_via(Via::API_KEY));
    let routes = GuardedRouter::new().route("/public", get(everyone));
    let faults = contradicts(routes.route("/exempt", post(handler::<Exempt>)).route("/keys", get(handler::<Keys>)));
    for fault in [
        "everyone is `#[public]`, and `sessions` asks for a caller",
        "exempt has a CSRF exemption, which has no effect below `sessions`",
        "keys accepts no kind of credential that all policies around it accept (`sessions` only session, `keys` only \
         api_key): let their `via` have one in common",
    ] {
        assert!(faults.contains(fault), "{faults}");
    }
}

#[tokio::test]
async fn a_layer_that_takes_the_state_away_opens_nothing() {
    async fn without_extensions(mut request: Request<Body>) -> Request<Body> {
        request.extensions_mut().clear();
        request
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let group = GuardedRouter::new().route("/in", get(any_caller)).narrowed_by::<Staff>();
    let app = serve(GuardedRouter::new().merge(group).layer(axum::middleware::map_request(without_extensions)), &auth);
    let staff = TestIdentity::user("bob").role("staff").bearer(&auth);
    let log = events(async { assert_eq!(status(&app, "GET", "/in", &staff).await, 500) }).await;
    assert!(log.contains("group_without_state"), "{log}");
}

#[test]
#[should_panic(expected = "needs its state: call `.with_state(…)`")]
fn a_router_without_its_state_is_a_fault_at_start() {
    let _ = GuardedRouter::<Auth>::new().route("/", get(any_caller)).narrowed_by::<Staff>().into_router();
}

#[test]
#[should_panic(expected = "`everyone` admits everyone and has no limits, so it narrows nothing")]
fn a_policy_that_narrows_nothing_is_a_fault_at_start() {
    let _ = GuardedRouter::<Auth>::new().narrowed_by::<Everyone>();
}
