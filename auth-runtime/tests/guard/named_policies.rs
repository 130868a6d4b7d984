//! `#[authorize(policy(CanEdit))]`: a policy that several handlers share.

use core::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    guard::Outcome,
    policy::{Limit, LimitKey, Quota, Rule, Via},
    prelude::{authorize, check, get, protected, require_role},
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, routing};

use super::support::*;

static ASKED: AtomicUsize = AtomicUsize::new(0);

#[check]
async fn is_asked() -> bool {
    ASKED.fetch_add(1, Ordering::SeqCst) < 2
}

policy!(Writers = Policy::protected("writers").with_rule(Rule::scope("write")));
policy!(Recent = Policy::protected("recent").with_max_login_age(Duration::from_secs(60)));
policy!(Tokens = Policy::protected("tokens").with_via(Via::BEARER));
policy!(Twice = Policy::protected("twice").with_limits(&[Limit::new(Quota::per_minute(2), LimitKey::User)]));
policy!(Asked = Policy::protected("asked").with_rule(Rule::check(0, "is_asked")), checks: (is_asked, ()));

#[authorize(policy(Writers))]
async fn write() -> &'static str {
    "reached"
}

#[authorize(policy(Writers) && policy(Recent) && (role("a") || role("b")))]
#[require_role("staff")]
async fn all() -> &'static str {
    "reached"
}

#[authorize(policy(Tokens))]
async fn with_token() -> &'static str {
    "reached"
}

#[authorize(policy(Twice))]
async fn first() -> &'static str {
    "reached"
}

#[authorize(policy(Twice))]
async fn second() -> &'static str {
    "reached"
}

#[authorize(policy(Asked))]
async fn asked() -> &'static str {
    "reached"
}

/// The same handlers on both kinds of router: the guard itself asks the named policies.
fn routers(auth: &Auth) -> [Router; 2] {
    let guarded = GuardedRouter::new()
        .route("/write", get(write))
        .route("/all", get(all))
        .route("/token", get(with_token))
        .route("/first", get(first))
        .route("/second", get(second));
    let plain = Router::new()
        .route("/write", routing::get(write))
        .route("/all", routing::get(all))
        .route("/token", routing::get(with_token))
        .route("/first", routing::get(first))
        .route("/second", routing::get(second));
    [guarded.with_state(auth.clone()).into_router(), plain.with_state(auth.clone())]
}

async fn status(app: &Router, path: &str, caller: &str) -> u16 {
    send_to(app, path, &[("authorization", caller)]).await.status().as_u16()
}

#[tokio::test]
async fn the_whole_named_policy_must_hold_beside_the_handlers_own() {
    let TestAuth { auth, .. } = TestAuth::new();
    let ann = || TestIdentity::user("ann");
    for app in routers(&auth) {
        assert_eq!(send_to(&app, "/write", &[]).await.status(), 401);
        assert_eq!(status(&app, "/write", &ann().bearer(&auth)).await, 403);
        assert_eq!(status(&app, "/write", &ann().scope("write").bearer(&auth)).await, 200);
        let whole = || ann().scope("write").role("staff").role("b");
        assert_eq!(status(&app, "/all", &whole().bearer(&auth)).await, 200);
        assert_eq!(status(&app, "/all", &whole().signed_in_ago(Duration::from_secs(90)).bearer(&auth)).await, 401);
        assert_eq!(status(&app, "/all", &ann().role("staff").role("b").bearer(&auth)).await, 403);
        assert_eq!(status(&app, "/all", &ann().scope("write").role("b").bearer(&auth)).await, 403);
        assert_eq!(status(&app, "/all", &ann().scope("write").role("staff").bearer(&auth)).await, 403);
    }
}

#[tokio::test]
async fn its_kinds_of_credential_narrow_and_its_refusal_is_its_own() {
    let test = TestAuth::with_accounts();
    let ann = TestIdentity::user("ann");
    for app in routers(&test.auth) {
        let cookie = ann.cookie(&test.auth).await;
        let answer = send_to(&app, "/token", &[("cookie", &cookie)]).await;
        let outcome = answer.extensions().get::<Outcome>().unwrap();
        assert_eq!((outcome.policy(), outcome.code()), (Some("tokens"), Some("credential-kind")));
        assert_eq!(code(answer).await, "credential-kind");
        let answer = send_to(&app, "/write", &[("authorization", &ann.bearer(&test.auth))]).await;
        assert!(challenge(&answer).contains(r#"scope="write""#), "{}", challenge(&answer));
    }
}

#[tokio::test]
async fn its_limits_count_all_handlers_that_name_it() {
    let TestAuth { auth, .. } = TestAuth::new();
    let [app, _] = routers(&auth);
    let (ann, bob) = (TestIdentity::user("ann").bearer(&auth), TestIdentity::user("bob").bearer(&auth));
    assert_eq!(status(&app, "/first", &ann).await, 200);
    assert_eq!(status(&app, "/second", &ann).await, 200);
    let answer = send_to(&app, "/first", &[("authorization", &ann)]).await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(status(&app, "/second", &bob).await, 200);
}

#[tokio::test]
async fn its_checks_run() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new().route("/", get(asked)).with_state(auth.clone()).into_router();
    let ann = TestIdentity::user("ann").bearer(&auth);
    for expected in [200, 200, 403] {
        assert_eq!(status(&app, "/", &ann).await, expected);
    }
    assert_eq!(ASKED.load(Ordering::SeqCst), 3);
}

#[test]
fn the_matrix_shows_it_and_a_contradiction_ends_the_start() {
    let routes = GuardedRouter::<Auth>::new().route("/all", get(all));
    let matrix = routes.access_matrix();
    let row = &matrix.rows()[0];
    assert_eq!(row.access, "role staff and (role a or role b); and scope write; and any caller, login within 1 min");
    assert_eq!(row.narrowed_by, ["writers", "recent"]);

    #[protected(via(session))]
    #[authorize(policy(Tokens))]
    async fn never() {}
    let TestAuth { auth, .. } = TestAuth::new();
    let build = || GuardedRouter::new().route("/", get(never)).with_state::<()>(auth.clone());
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(build)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("never") && message.contains("no kind of credential"), "{message}");
}
