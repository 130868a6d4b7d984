//! The keys by which limits count.

use auth_runtime::{
    Guard, GuardedRouter, Policy, assert_denied,
    policy::{KeyFn, Limit, LimitKey},
    routing::get,
    testing::{TestAuth, TestIdentity},
};

use super::{
    extractors::Issuers,
    limits::{TWO_A_MINUTE, from, from_to},
    support::*,
};

#[tokio::test]
async fn callers_are_limited_by_themselves_and_only_when_authenticated() {
    policy!(ByUser = Policy::protected("by_user").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::User)]));
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<ByUser>(&auth);
    let alice = TestIdentity::user("alice").bearer(&auth);
    let bob = TestIdentity::user("bob").bearer(&auth);
    for _ in 0..5 {
        assert_denied!(send(&app, &[]).await, 401);
    }
    assert_eq!(send(&app, &[("authorization", &alice)]).await.status(), 200);
    assert_eq!(send(&app, &[("authorization", &alice)]).await.status(), 200);
    assert_denied!(send(&app, &[("authorization", &alice)]).await, 429);
    assert_eq!(send(&app, &[("authorization", &bob)]).await.status(), 200);
}

#[tokio::test]
async fn a_user_of_this_service_counts_once_whether_or_not_it_is_named() {
    policy!(ByUser = Policy::protected("by_user").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::User)]));
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Issuers));
    let app = app::<ByUser>(&auth);
    let elsewhere = "https://elsewhere.invalid";
    let here = auth.issuer();
    for (issuer, status) in [("here", 200), (here, 200), ("here", 429), (here, 429), (elsewhere, 200), ("", 200)] {
        let caller = format!("Bearer {issuer}|alice");
        assert_eq!(send(&app, &[("authorization", &caller)]).await.status(), status, "{issuer:?}");
    }
}

#[tokio::test]
async fn the_address_replaces_a_key_that_the_request_lacks() {
    policy!(
        ByHeader = Policy::public("by_header").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Header("x-tenant"))])
    );
    policy!(ByUser = Policy::public("by_user").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::User)]));
    policy!(
        ByFunction = Policy::public("by_function")
            .with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::custom("nothing", |_| None))])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    for app in [app::<ByHeader>(&auth), app::<ByUser>(&auth), app::<ByFunction>(&auth)] {
        assert_eq!(from(&app, "192.0.2.1", &[]).await.status(), 200);
        assert_eq!(from(&app, "192.0.2.1", &[]).await.status(), 200);
        assert_denied!(from(&app, "192.0.2.1", &[]).await, 429);
        assert_eq!(from(&app, "192.0.2.2", &[]).await.status(), 200);
    }
    let app = app::<ByHeader>(&auth);
    assert_eq!(from(&app, "192.0.2.1", &[("x-tenant", "blue")]).await.status(), 200);
}

async fn by_path(_: Guard<ByPath>) {}

policy!(ByPath = Policy::public("by_path").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::Path("id"))]));

#[tokio::test]
async fn a_path_parameter_is_a_key() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new().route("/{id}", get(by_path)).with_state(auth).into_router();
    for (peer, uri, status) in
        [("192.0.2.1", "/a", 200), ("192.0.2.2", "/a", 200), ("192.0.2.3", "/%61", 429), ("192.0.2.3", "/b", 200)]
    {
        assert_eq!(from_to(&app, peer, uri, &[]).await.status(), status, "{uri} from {peer}");
    }
}

const TEAM: KeyFn = |parts| parts.headers.get("x-team")?.to_str().ok().map(str::to_owned);

#[tokio::test]
async fn the_result_of_a_function_is_the_key_and_the_address_is_not() {
    policy!(Teams = Policy::public("teams").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::custom("team", TEAM))]));
    policy!(
        Members = Policy::protected("members").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::custom("team", TEAM))])
    );
    let TestAuth { auth, .. } = TestAuth::new();
    let alice = TestIdentity::user("alice").bearer(&auth);
    for app in [app::<Teams>(&auth), app::<Members>(&auth)] {
        for (peer, team, status) in [
            ("192.0.2.1", "red", 200),
            ("192.0.2.2", "red", 200),
            ("192.0.2.3", "red", 429),
            ("192.0.2.1", "blue", 200),
            ("192.0.2.1", "blue", 200),
            ("192.0.2.1", "green", 200),
            ("192.0.2.1", "blue", 429),
        ] {
            let answer = from(&app, peer, &[("x-team", team), ("authorization", &alice)]).await;
            assert_eq!(answer.status(), status, "{team} from {peer}");
        }
    }
}

#[tokio::test]
async fn a_limit_by_api_key_counts_a_user_once_however_many_tokens_it_has() {
    policy!(Keys = Policy::protected("keys").with_limits(&[Limit::new(TWO_A_MINUTE, LimitKey::ApiKey)]));
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Keys>(&auth);
    let (alice, bob) = (TestIdentity::user("alice"), TestIdentity::user("bob"));
    let tokens = [alice.bearer(&auth), alice.bearer(&auth), alice.bearer(&auth), bob.bearer(&auth)];
    assert_ne!(tokens[0], tokens[1]);
    for (token, status) in tokens.iter().zip([200, 200, 429, 200]) {
        assert_eq!(send(&app, &[("authorization", token)]).await.status(), status);
    }
}
