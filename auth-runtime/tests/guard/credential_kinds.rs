//! A valid credential of a kind that the handler does not accept gets 403, without a challenge that invites a retry.

use core::time::Duration;

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy, assert_denied,
    policy::{Limit, LimitKey, Quota, Rule, Via},
    routing::get,
    testing::TestIdentity,
};
use axum::Router;

use super::{
    signed_in::SignedIn,
    support::{Sessions, app, challenge, code, policy, send},
};

policy!(Bearer = Policy::protected("bearer").with_via(Via::BEARER));
policy!(Session = Policy::protected("session").with_via(Via::SESSION));
policy!(ApiKey = Policy::protected("api_key").with_via(Via::API_KEY));
policy!(BearerOrSession = Policy::protected("bearer_or_session").with_via(Via::BEARER.or(Via::SESSION)));
policy!(NoKind = Policy::protected("no_kind").with_via(Via::NONE));

fn handlers(auth: &Auth) -> [(Via, Router); 5] {
    [
        (Via::BEARER, app::<Bearer>(auth)),
        (Via::SESSION, app::<Session>(auth)),
        (Via::API_KEY, app::<ApiKey>(auth)),
        (Via::BEARER.or(Via::SESSION), app::<BearerOrSession>(auth)),
        (Via::NONE, app::<NoKind>(auth)),
    ]
}

#[tokio::test]
async fn every_kind_is_403_with_its_own_code_where_it_is_not_accepted() {
    let world = SignedIn::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION })).await;
    let token = TestIdentity::user(&world.alice.id).bearer(&world.auth);
    let (cookie, key) = (world.cookie(), world.api_key().await);
    let as_bearer = format!("Bearer {key}");
    let credentials = [
        (Via::BEARER, ("authorization", token.as_str())),
        (Via::SESSION, ("cookie", cookie.as_str())),
        (Via::API_KEY, ("x-api-key", key.as_str())),
        (Via::API_KEY, ("authorization", as_bearer.as_str())),
        // The credentials of an application's authenticator.
        (Via::SESSION, ("x-test-session", "bob")),
        (Via::SESSION, ("authorization", "Bearer session_bob")),
    ];
    for (accepted, app) in handlers(&world.auth) {
        for (kind, credential) in credentials {
            let response = send(&app, &[credential]).await;
            if accepted.accepts(kind) {
                assert_eq!(response.status(), 200, "{credential:?}");
                continue;
            }
            assert_denied!(response, 403);
            assert_eq!(challenge(&response), "", "{credential:?}");
            assert_eq!(code(response).await, "credential-kind", "{credential:?}");
        }
    }
}

#[tokio::test]
async fn the_kind_comes_before_the_age() {
    policy!(Fresh = Policy::protected("fresh").with_via(Via::SESSION).with_max_login_age(Duration::from_secs(300)));
    let world = SignedIn::new().await;
    let stale = TestIdentity::user("alice").signed_in_ago(Duration::from_secs(301)).bearer(&world.auth);
    let response = send(&app::<Fresh>(&world.auth), &[("authorization", &stale)]).await;
    assert_eq!(code(response).await, "credential-kind");
}

/// One call a minute by user. The rule fails for callers without the role.
struct Editors;

impl HasPolicy for Editors {
    const POLICY: Policy = Policy::protected("editors")
        .with_via(Via::SESSION)
        .with_rule(Rule::role("editor"))
        .with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User)]);
    type Checks = ();
}

async fn editors(_: Guard<Editors>) {}

#[tokio::test]
async fn a_wrong_kind_is_charged_nothing_and_told_nothing_of_the_rule() {
    let world = SignedIn::new().await;
    let app = GuardedRouter::new().route("/", get(editors)).with_state(world.auth.clone()).into_router();
    let reader = TestIdentity::user(&world.alice.id).bearer(&world.auth);
    for _ in 0..3 {
        let response = send(&app, &[("authorization", &reader)]).await;
        assert!(!response.headers().contains_key("ratelimit"), "{:?}", response.headers());
        assert_eq!(code(response).await, "credential-kind");
    }
    let cookie = world.cookie();
    let status = async || send(&app, &[("cookie", &cookie)]).await.status().as_u16();
    assert_eq!(status().await, 200, "the bucket of the user is full");
    assert_eq!(status().await, 429, "and is the one that counts");
}
