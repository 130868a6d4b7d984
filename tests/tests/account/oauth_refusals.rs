//! Refusals by the guards of the OAuth endpoints: in the shape of RFC 6749, with the header fields of every refusal.

use auth_runtime::auth::Environment;
use axum::http::Request;

use super::{
    answers::Answer,
    cookies,
    failing::Flaky,
    world::{PASSWORD, World, as_bearer, defaults, every_store, fresh_address, post},
};

const FORM: &str = "application/x-www-form-urlencoded";
const UNAVAILABLE: &str = "The service cannot answer at the moment.";

async fn introspect(world: &World, fields: &[(&str, &str)]) -> Answer {
    let mut request = post("/auth/introspect", FORM).header("host", "api.example.com");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    world.send(request, "token=x").await
}

#[tokio::test]
async fn a_caller_without_the_introspection_scope_is_refused_in_the_words_of_the_challenge() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let anonymous = introspect(&world, &[]).await;
        anonymous.assert_oauth_error(401, "invalid_client", "This needs a credential.");
        assert_eq!(anonymous.header("www-authenticate"), r#"Bearer realm="api", scope="auth:introspect""#);

        let bad = introspect(&world, &[("authorization", "Bearer x")]).await;
        bad.assert_oauth_error(401, "invalid_token", "The credential is invalid or has expired.");
        assert!(bad.header("www-authenticate").contains(r#"error="invalid_token""#), "{bad:?}");

        let malformed = introspect(&world, &[("authorization", "Bearer a b")]).await;
        let description = "The credential is malformed, or there are several.";
        malformed.assert_oauth_error(400, "invalid_request", description);
        assert!(malformed.header("www-authenticate").contains(r#"error="invalid_request""#), "{malformed:?}");

        let token = world.login("alice", PASSWORD).await.text("access_token");
        let lacking = introspect(&world, &[("authorization", &format!("Bearer {token}"))]).await;
        lacking.assert_oauth_error(403, "insufficient_scope", "The credential lacks a scope that is needed.");
        assert!(lacking.header("www-authenticate").contains(r#"scope="auth:introspect""#), "{lacking:?}");
    })
    .await;
}

#[tokio::test]
async fn another_site_asks_nothing_with_a_cookie() {
    let world = World::in_memory(defaults);
    world.join("alice", &["auth:introspect"]).await;
    let own = cookies::cookie(&cookies::sign_in(&world, "alice").await);
    let refused = introspect(&world, &[("cookie", &own), ("sec-fetch-site", "cross-site")]).await;
    refused.assert_oauth_error(403, "access_denied", "The caller may not do this.");
    assert_eq!(introspect(&world, &[("cookie", &own), ("sec-fetch-site", "same-origin")]).await.status, 200);
}

#[tokio::test]
async fn a_limit_that_is_reached_says_when_to_come_back() {
    let world = World::in_memory(defaults);
    for (path, most) in [("/auth/token", 20), ("/auth/revoke", 60)] {
        let peer = fresh_address();
        let ask = async || world.send_from(peer, post(path, FORM), "").await;
        for _ in 0..most {
            assert_eq!(ask().await.status, 400, "{path}");
        }
        let refused = ask().await;
        refused.assert_oauth_error(429, "temporarily_unavailable", "Too many requests.");
        assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1, "{refused:?}");
        assert!(refused.header("ratelimit").contains("r=0"), "{refused:?}");
        assert!(refused.header("ratelimit-policy").contains(&format!("q={most}")), "{refused:?}");
    }
}

#[tokio::test]
async fn a_guard_without_its_store_is_503() {
    let (world, store) = Flaky::world();
    world.join("alice", &["auth:introspect"]).await;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    store.fail_at(0);
    let refused = world.introspect(&token, "x").await;
    assert!(!store.is_left_over(), "the store was not asked");
    refused.assert_oauth_error(503, "temporarily_unavailable", UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "5");
}

#[tokio::test]
async fn a_server_without_addresses_of_peers_is_500() {
    let world = World::in_memory(defaults);
    for path in ["/auth/token", "/auth/revoke"] {
        let refused = world.send_from_nowhere(post(path, FORM), "token=x").await;
        refused.assert_oauth_error(500, "server_error", "The service failed.");
    }
}

#[tokio::test]
async fn in_development_the_description_says_what_to_change() {
    let world = World::in_memory(|builder| defaults(builder).environment(Environment::Development));
    let refused = world.send_from_nowhere(post("/auth/token", FORM), "token=x").await;
    let description = refused.text("error_description");
    assert!(description.contains("into_make_service_with_connect_info"), "{refused:?}");
    refused.assert_oauth_error(500, "server_error", &description);
}

#[tokio::test]
async fn another_method_is_405() {
    let world = World::in_memory(defaults);
    for path in ["/auth/token", "/auth/revoke", "/auth/introspect"] {
        let refused = world.send(Request::get(path), "").await;
        refused.assert_oauth_error(405, "invalid_request", "This endpoint takes a posted form.");
        assert_eq!(refused.header("allow"), "POST", "{refused:?}");
        assert_eq!(refused.header("content-length"), refused.body.len().to_string(), "{refused:?}");
    }
}

/// The endpoints for the service's own front end speak JSON, and refuse like every other handler.
#[tokio::test]
async fn the_other_endpoints_keep_to_problem_documents() {
    let world = World::in_memory(defaults);
    world.send_from_nowhere(post("/auth/login", "application/json"), "{}").await.assert_problem(500, "internal");
    world.send_from_nowhere(post("/auth/refresh", "application/json"), "{}").await.assert_problem(500, "internal");
    world.send(as_bearer("POST", "/auth/reauthenticate", "x"), "").await.assert_problem(401, "invalid-token");
}
