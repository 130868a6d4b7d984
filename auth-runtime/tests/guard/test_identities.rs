//! `TestIdentity`: cookies and API keys that are records of the engine's own stores.

use core::time::Duration;

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    auth::Environment,
    password::{Cost, Passwords},
    policy::{Rule, Via},
    prelude::get,
    secret::SystemEntropy,
    testing::{TestAuth, TestIdentity},
};
use axum::Router;

use super::support::*;

policy!(Clerks = Policy::protected("clerks").with_via(Via::SESSION).with_rule(Rule::role("clerk")));
policy!(Readers = Policy::protected("readers").with_rule(Rule::scope("read")));
policy!(Keys = Policy::protected("keys").with_via(Via::API_KEY).with_rule(Rule::scope("read")));
policy!(Recent = Policy::protected("recent").with_max_login_age(Duration::from_secs(60)));

fn routes(auth: &Auth) -> Router {
    let routes = GuardedRouter::new()
        .route("/clerks", get(handler::<Clerks>))
        .route("/readers", get(handler::<Readers>))
        .route("/keys", get(handler::<Keys>))
        .route("/recent", get(handler::<Recent>));
    routes.with_state(auth.clone()).into_router()
}

async fn status(app: &Router, path: &str, field: &str, value: &str) -> u16 {
    send_to(app, path, &[(field, value)]).await.status().as_u16()
}

#[tokio::test]
async fn a_cookie_is_a_session_of_an_account_with_the_identitys_roles_and_scopes() {
    let test = TestAuth::with_accounts();
    let app = routes(&test.auth);
    let ann = TestIdentity::user("ann").role("clerk").scope("read");
    let cookie = ann.cookie(&test.auth).await;
    for path in ["/clerks", "/readers", "/recent"] {
        let answer = send_to(&app, path, &[("cookie", &cookie)]).await;
        assert_eq!((answer.status().as_u16(), text(answer).await.as_str()), (200, "ann"), "{path}");
    }
    assert_eq!(status(&app, "/keys", "cookie", &cookie).await, 403);
    let account = test.accounts().accounts().find("ann").await.unwrap().unwrap();
    assert_eq!(
        (account.username.as_str(), account.roles, account.scopes),
        ("ann", vec!["clerk".to_owned()], vec!["read".to_owned()])
    );

    // The account was there before: it gets the roles and scopes of the new identity, also for the old cookie.
    let plain = TestIdentity::user("ann").cookie(&test.auth).await;
    assert_eq!(status(&app, "/clerks", "cookie", &plain).await, 403);
    assert_eq!(status(&app, "/clerks", "cookie", &cookie).await, 403);
    assert_eq!(status(&app, "/readers", "cookie", &cookie).await, 403);
}

#[tokio::test]
async fn a_cookie_expires_and_ages_and_may_be_forged() {
    let test = TestAuth::with_accounts();
    let app = routes(&test.auth);
    let ann = || TestIdentity::user("ann");
    for dead in [ann().expired(), ann().forged()] {
        assert_eq!(status(&app, "/recent", "cookie", &dead.cookie(&test.auth).await).await, 401);
    }
    let old = ann().signed_in_ago(Duration::from_secs(61)).cookie(&test.auth).await;
    assert_eq!(code(send_to(&app, "/recent", &[("cookie", &old)]).await).await, "stale-login");
    let cookie = ann().cookie(&test.auth).await;
    assert_eq!(status(&app, "/recent", "cookie", &cookie).await, 200);
    test.clock.advance(Duration::from_secs(365 * 24 * 3600));
    assert_eq!(status(&app, "/recent", "cookie", &cookie).await, 401);
}

#[tokio::test]
async fn an_api_key_has_the_scopes_and_no_roles() {
    let test = TestAuth::with_accounts();
    let app = routes(&test.auth);
    let ann = TestIdentity::user("ann").role("clerk").scope("read");
    let key = ann.api_key(&test.auth).await;
    assert_eq!(status(&app, "/keys", "x-api-key", &key).await, 200);
    assert_eq!(status(&app, "/keys", "authorization", &format!("Bearer {key}")).await, 200);
    assert_eq!(status(&app, "/clerks", "x-api-key", &key).await, 403);
    let without = TestIdentity::user("bob").api_key(&test.auth).await;
    assert_eq!(status(&app, "/keys", "x-api-key", &without).await, 403);
    for dead in [ann.clone().expired(), ann.clone().forged()] {
        assert_eq!(status(&app, "/keys", "x-api-key", &dead.api_key(&test.auth).await).await, 401);
    }
}

#[tokio::test]
#[should_panic(expected = "build it with `TestAuth::with_accounts()`")]
async fn an_engine_without_accounts_says_how_to_get_them() {
    let TestAuth { auth, .. } = TestAuth::new();
    TestIdentity::user("ann").cookie(&auth).await;
}

#[tokio::test]
#[should_panic(expected = "has no issuer and no audience")]
async fn a_cookie_has_no_issuer() {
    let test = TestAuth::with_accounts();
    TestIdentity::user("ann").wrong_issuer().cookie(&test.auth).await;
}

/// Hashing is cheap in tests, and cannot become cheap in production.
#[tokio::test]
async fn only_an_engine_for_tests_hashes_at_almost_no_cost() {
    let hash = async |auth: &Auth| auth.passwords().hash(&"correct horse".into()).await.unwrap();
    assert!(hash(&TestAuth::new().auth).await.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
    let production = TestAuth::with(|builder| builder.environment(Environment::Production).peer_when_absent(None));
    assert!(hash(&production.auth).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));

    let weak = || Passwords::builder(std::sync::Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing()).build();
    let build = || {
        TestAuth::with(|builder| builder.environment(Environment::Production).peer_when_absent(None).passwords(weak()))
    };
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(build)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("at the cost of tests in production"), "{message}");
}
