//! `#[authorize(policy(CanEdit))]`: a policy that several handlers share.

use core::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    guard::{Outcome, Outcomes},
    policy::{Limit, LimitKey, Quota, Rule, Via},
    prelude::{authorize, check, get, protected, require_role},
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, http::HeaderMap, routing};

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
policy!(Staff = Policy::protected("staff").with_rule(Rule::role("staff")));
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

#[check]
async fn is_open(fields: HeaderMap) -> bool {
    fields.contains_key("x-open")
}

#[authorize(policy(Writers) && check(is_open))]
async fn opened() -> &'static str {
    "reached"
}

#[authorize(policy(Twice) && role("clerk"))]
async fn for_clerks() -> &'static str {
    "reached"
}

/// The same handlers on both kinds of router: the guard itself asks the named policies.
fn routers(auth: &Auth) -> [Router; 2] {
    let guarded = GuardedRouter::new()
        .route("/write", get(write))
        .route("/all", get(all))
        .route("/token", get(with_token))
        .route("/first", get(first))
        .route("/second", get(second))
        .route("/opened", get(opened))
        .route("/clerks", get(for_clerks));
    let plain = Router::new()
        .route("/write", routing::get(write))
        .route("/all", routing::get(all))
        .route("/token", routing::get(with_token))
        .route("/first", routing::get(first))
        .route("/second", routing::get(second))
        .route("/opened", routing::get(opened))
        .route("/clerks", routing::get(for_clerks));
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
    for app in routers(&test.auth).map(|app| app.layer(Outcomes::new())) {
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

/// The named policy decides first, so a caller whom the handler refuses has charged its limits.
#[tokio::test]
async fn its_limits_are_charged_before_the_handlers_own_rule() {
    let TestAuth { auth, .. } = TestAuth::new();
    let ann = TestIdentity::user("ann").bearer(&auth);
    for (index, app) in routers(&auth).into_iter().enumerate() {
        let expected: &[u16] = if index == 0 { &[403, 403, 429] } else { &[429] };
        for expected in expected {
            assert_eq!(status(&app, "/clerks", &ann).await, *expected);
        }
    }
}

#[tokio::test]
async fn the_handlers_own_check_runs_beside_it() {
    let TestAuth { auth, .. } = TestAuth::new();
    let (ann, bob) = (TestIdentity::user("ann").scope("write").bearer(&auth), TestIdentity::user("bob").bearer(&auth));
    for app in routers(&auth) {
        let call = async |caller: &str| {
            send_to(&app, "/opened", &[("authorization", caller), ("x-open", "1")]).await.status().as_u16()
        };
        assert_eq!(call(&ann).await, 200);
        assert_eq!(call(&bob).await, 403);
        assert_eq!(status(&app, "/opened", &ann).await, 403);
    }
}

#[tokio::test]
async fn a_group_a_named_policy_and_the_handler_must_all_admit() {
    #[authorize(policy(Writers) && role("clerk"))]
    async fn file() -> &'static str {
        "reached"
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let routes = GuardedRouter::new().route("/", get(file)).narrowed_by::<Staff>().with_state::<()>(auth.clone());
    assert_eq!(routes.access_matrix().rows()[0].narrowed_by, ["writers", "staff"]);
    let app = routes.into_router();
    let ann = || TestIdentity::user("ann");
    let [no_staff, no_writer, no_clerk] =
        [ann().scope("write").role("clerk"), ann().role("staff").role("clerk"), ann().scope("write").role("staff")];
    for lacking in [no_staff, no_writer, no_clerk.clone()] {
        assert_eq!(status(&app, "/", &lacking.bearer(&auth)).await, 403);
    }
    assert_eq!(status(&app, "/", &no_clerk.role("clerk").bearer(&auth)).await, 200);
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
