//! Generic handlers: each choice of parameters counts as a separate handler.

use std::fmt::Display;

use auth_runtime::{
    Auth, GuardedRouter, Identity, assert_denied,
    prelude::{get, protected, public, rate_limit},
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    extract::{FromRef, State},
};

use super::support::*;

#[public]
#[rate_limit(2/min, by = global)]
async fn limited<T: Default + Display>() -> String {
    T::default().to_string()
}

#[public]
#[rate_limit(2/min, by = global)]
async fn sized<const N: usize, const SHOWN: bool>() -> String {
    if SHOWN { N.to_string() } else { String::new() }
}

#[protected]
async fn mixed<'a, T, const N: usize>(State(_): State<T>, _who: Identity) -> std::borrow::Cow<'a, str>
where
    T: Clone + Send + Sync + 'static,
    for<'b> &'b T: Send,
{
    N.to_string().into()
}

#[derive(Clone)]
struct Texts;

impl FromRef<App> for Texts {
    fn from_ref(_: &App) -> Self {
        Self
    }
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/u8", get(limited::<u8>))
        .route("/string", get(limited::<String>))
        .route("/again", get(limited::<u8>))
        .route("/1", get(sized::<1, true>))
        .route("/2", get(sized::<2, true>))
        .route("/mixed", get(mixed::<Texts, 4>))
}

async fn statuses(app: &Router, path: &str) -> [u16; 3] {
    let mut statuses = [0; 3];
    for status in &mut statuses {
        *status = send_to(app, path, &[]).await.status().as_u16();
    }
    statuses
}

#[tokio::test]
async fn each_choice_of_parameters_has_a_counter_of_its_own() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = routes().with_state(App { auth: auth.clone() }).into_router();
    for path in ["/u8", "/string", "/1", "/2"] {
        assert_eq!(statuses(&app, path).await, [200, 200, 429], "{path}");
    }
    assert_denied!(send_to(&app, "/again", &[]).await, 429);
    assert_denied!(send_to(&app, "/mixed", &[]).await, 401);
    let alice = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(text(send_to(&app, "/mixed", &[("authorization", &alice)]).await).await, "4");
}

#[test]
fn each_choice_of_parameters_has_a_name_of_its_own_in_the_matrix() {
    let matrix = routes().access_matrix();
    let names: Vec<_> =
        matrix.rows().iter().map(|row| row.handler.trim_start_matches("guard::guard::generic::")).collect();
    assert_eq!(
        names,
        [
            "limited<u8>",
            "limited<alloc::string::String>",
            "limited<u8>",
            "sized<1, true>",
            "sized<2, true>",
            "mixed<guard::guard::generic::Texts, 4>",
        ]
    );
}

/// Builds routes generically, as an application does that uses other stores in its tests.
fn routes_of<T: Default + Display + Send + Sync + 'static>() -> GuardedRouter<Auth> {
    GuardedRouter::new().route("/", get(limited::<T>))
}

#[tokio::test]
async fn a_generic_function_can_route_to_a_generic_handler() {
    let TestAuth { auth, .. } = TestAuth::new();
    let (one, other) = (routes_of::<u8>(), routes_of::<u16>());
    let [one, other] = [one, other].map(|routes| routes.with_state(auth.clone()).into_router());
    assert_eq!(statuses(&one, "/").await, [200, 200, 429]);
    assert_eq!(statuses(&other, "/").await, [200, 200, 429]);
}
