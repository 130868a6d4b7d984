//! Handlers with limits and checks that need path parameters which their routes do not have.

use auth_runtime::{
    Auth, GuardedRouter,
    auth::Environment,
    error::StoreError,
    guard::{CurrentUser, GuardRejection},
    identity::Identity,
    prelude::{any, authorize, check, get, public, rate_limit},
    store::{BoxFuture, User, UserStore, Users},
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Extension, Router,
    extract::{FromRef, Path},
};
use serde::Deserialize;

use super::support::*;

#[public]
#[rate_limit(10/min, by = path("id"))]
async fn counted() {}

#[check]
async fn is_even(Path(id): Path<u64>) -> bool {
    id % 2 == 0
}

#[check]
async fn owns(auth_runtime::extract::Path((tenant, id)): auth_runtime::extract::Path<(String, u64)>) -> bool {
    tenant == "north" && id == 7
}

#[derive(Deserialize)]
struct Place {
    tenant: String,
    page: Option<u32>,
}

#[check]
async fn is_here(Path(place): Path<Place>) -> bool {
    place.tenant == "north" && place.page.is_none()
}

#[authorize(check(is_even))]
async fn even() {}

#[authorize(check(owns) || check(is_here))]
async fn owned() {}

fn routes() -> GuardedRouter<Auth> {
    GuardedRouter::new().route("/", get(counted)).route("/even", any(even)).route("/owned/{id}", get(owned))
}

/// Returns the router's events while it is built.
async fn told(build: impl FnOnce(Auth) -> Router) -> Vec<String> {
    let TestAuth { auth, .. } = TestAuth::new();
    let log = events(async { drop(build(auth)) }).await;
    let lines = log.lines().filter(|line| line.contains("auth_runtime::router"));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn missing_path_parameters_are_reported_when_the_router_is_built() {
    let told = told(|auth| routes().with_state(auth).into_router()).await;
    assert_eq!(told.len(), 4, "{told:#?}");
    for (line, words) in told.iter().zip([
        &[
            "WARN",
            r#"http.route="/""#,
            r#"policy="guard::guard::paths::counted""#,
            r#"parameter="id""#,
            "by the client's address",
        ],
        &[
            "WARN",
            r#"http.route="/even""#,
            r#"policy="guard::guard::paths::even""#,
            r#"check="is_even""#,
            "`is_even` asks for 1 of the route's parameters, and the route has 0",
        ],
        &[
            "WARN",
            r#"http.route="/owned/{id}""#,
            r#"policy="guard::guard::paths::owned""#,
            r#"check="owns""#,
            "asks for 2 of the route's parameters, and the route has 1",
        ],
        &[
            "WARN",
            r#"http.route="/owned/{id}""#,
            r#"policy="guard::guard::paths::owned""#,
            r#"check="is_here""#,
            "asks for a parameter `tenant`, and the route has none of that name",
        ],
    ]) {
        assert!(words.iter().all(|word| line.contains(word)), "{line}\n{words:?}");
    }
}

#[tokio::test]
async fn only_the_final_path_counts_and_each_route_is_told_of_once() {
    let nested = |auth| {
        GuardedRouter::new()
            .nest("/{tenant}", GuardedRouter::new().route("/owned/{id}", get(owned)).merge(GuardedRouter::new()))
            .nest("/{id}", GuardedRouter::new().route("/", get(counted)).route("/even", any(even)))
            .with_state(auth)
            .into_router()
    };
    let told_of_nested = told(nested).await;
    assert!(told_of_nested.is_empty(), "{told_of_nested:#?}");

    let merged = |auth: Auth| {
        let inner = GuardedRouter::new().merge(GuardedRouter::new().route("/", get(counted)));
        let app = GuardedRouter::new().nest("/a", inner).merge(GuardedRouter::new().route("/b", get(counted)));
        Router::from(app.with_state::<()>(auth.clone())).layer(auth.layer())
    };
    let told_of_merged = told(merged).await;
    assert_eq!(told_of_merged.len(), 2, "{told_of_merged:#?}");
}

#[tokio::test]
async fn a_fallback_has_no_parameters() {
    let told = told(|auth| GuardedRouter::new().fallback(counted).with_state(auth).into_router()).await;
    assert!(told.len() == 1 && told[0].contains("(fallback)"), "{told:#?}");
}

#[check]
async fn configured(Extension(_): Extension<u8>) -> bool {
    true
}

#[authorize(check(configured))]
async fn wants_extension() {}

#[tokio::test]
async fn a_check_with_an_unavailable_argument_is_reported_at_each_request() {
    let TestAuth { auth, .. } = TestAuth::new();
    let alice = TestIdentity::user("alice").bearer(&auth);
    let app = GuardedRouter::new()
        .route("/even", get(even))
        .route("/extension", get(wants_extension))
        .route("/owned/{id}", get(owned))
        .route("/fits/{id}", get(even))
        .with_state(auth)
        .into_router();
    let ask = async |uri: &str| {
        let mut answer = None;
        let log = events(async { answer = Some(send_to(&app, uri, &[("authorization", &alice)]).await) }).await;
        let answer = answer.unwrap();
        let why: Vec<_> = log.lines().filter(|line| line.contains("auth_runtime::extract")).collect();
        let (status, body) = (answer.status().as_u16(), text(answer).await);
        let lines: Vec<_> =
            log.lines().filter(|line| line.contains("auth_runtime::guard")).map(str::to_owned).collect();
        assert_eq!(lines.len(), 1, "one event a decision: {lines:#?}");
        (status, body, format!("{} {}", lines[0], why.concat()))
    };
    let (status, body, line) = ask("/even").await;
    assert_eq!(status, 500);
    assert!(line.contains("ERROR") && line.contains(r#"reason="check_argument""#), "{line}");
    assert!(line.contains("check `is_even`") && line.contains("PathRejection"), "{line}");
    assert!(line.contains("Expected 1 but got 0") && body.contains("Expected 1 but got 0"), "{line}\n{body}");

    let (status, _, line) = ask("/extension").await;
    assert_eq!(status, 500);
    assert!(line.contains("check `configured`") && line.contains("Extension of type `u8` was not found"), "{line}");

    let (status, body, line) = ask("/owned/7").await;
    assert!(status == 500 && !body.contains("Expected"), "{body}");
    assert!(line.contains("check `owns`") && line.contains("Expected 2 but got 1"), "{line}");

    let (status, _, line) = ask("/fits/x").await;
    assert_eq!(status, 400, "the client's mistake");
    assert!(line.contains("INFO") && line.contains("check_failed"), "{line}");
}

#[check]
async fn is_known(_: Option<Identity>, user: Option<CurrentUser<Nobody>>) -> bool {
    user.is_none()
}

#[check]
async fn is_known_or_not(user: Result<CurrentUser<Nobody>, GuardRejection>) -> bool {
    user.is_err()
}

#[authorize(check(is_known))]
async fn wants_user() {}

#[authorize(check(is_known_or_not))]
async fn bears_outage() {}

#[tokio::test]
async fn an_outage_under_a_checks_argument_is_told_once_with_its_policy_and_store() {
    let TestAuth { auth, .. } = TestAuth::new();
    let alice = TestIdentity::user("alice").bearer(&auth);
    let app = GuardedRouter::new()
        .route("/needs", get(wants_user))
        .route("/bears", get(bears_outage))
        .with_state(Outage { auth, users: Users::new(Broken) })
        .into_router();
    for (uri, status, policy) in [("/needs", 503, "wants_user"), ("/bears", 200, "bears_outage")] {
        let log = events(async {
            assert_eq!(send_to(&app, uri, &[("authorization", &alice)]).await.status(), status);
        })
        .await;
        let told: Vec<_> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert_eq!(told.len(), 1, "{log}");
        assert!(told[0].contains(r#"reason="unavailable""#) && told[0].contains(r#"store="users""#), "{log}");
        assert!(told[0].contains(policy), "{log}");
    }
}

struct Nobody;

impl User for Nobody {
    fn id(&self) -> &str {
        ""
    }

    fn is_active(&self) -> bool {
        true
    }

    fn is_superuser(&self) -> bool {
        false
    }
}

struct Broken;

impl UserStore for Broken {
    type User = Nobody;

    fn find<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Option<Nobody>, StoreError>> {
        Box::pin(async { Err(StoreError::new("users", "timeout")) })
    }
}

#[derive(Clone)]
struct Outage {
    auth: Auth,
    users: Users<Nobody>,
}

impl FromRef<Outage> for Auth {
    fn from_ref(state: &Outage) -> Self {
        state.auth.clone()
    }
}

impl FromRef<Outage> for Users<Nobody> {
    fn from_ref(state: &Outage) -> Self {
        state.users.clone()
    }
}

/// On a developer's machine, the answer says which check and what does not fit. Elsewhere only the event does.
#[tokio::test]
async fn a_check_that_does_not_fit_its_route_is_explained_to_developers_only() {
    for (environment, is_told) in [(Environment::Development, true), (Environment::Production, false)] {
        let TestAuth { auth, .. } = TestAuth::with(|builder| builder.environment(environment).peer_when_absent(None));
        let app = GuardedRouter::new().route("/owned", get(owned)).with_state(auth.clone()).into_router();
        let alice = TestIdentity::user("alice").bearer(&auth);
        let answer = send_to(&app, "/owned", &[("authorization", &alice)]).await;
        assert_eq!(answer.status(), 500);
        let body = text(answer).await;
        assert_eq!(body.contains("an argument of the check `owns`"), is_told, "{body}");
    }
}
