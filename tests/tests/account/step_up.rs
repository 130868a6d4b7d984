use std::time::Duration;

use auth_runtime::token::NewAccessToken;
use serde_json::json;

use super::{
    answers::Answer,
    failing::Flaky,
    world::{PASSWORD, World, as_bearer, defaults, every_store},
};

async fn reauthenticate(world: &World, token: &str, password: &str) -> Answer {
    let request = as_bearer("POST", "/auth/reauthenticate", token).header("content-type", "application/json");
    world.send(request, json!({ "password": password }).to_string()).await
}

#[tokio::test]
async fn a_stale_login_is_challenged_and_a_password_makes_it_fresh() {
    every_store(async |world| {
        world.join("alice", &["notes:read"]).await;
        let mut tokens = world.login("alice", PASSWORD).await;
        assert_eq!(world.call("GET", "/fresh", &tokens.text("access_token")).await.status, 200);
        world.clock.advance(Duration::from_secs(301));
        tokens = world.refresh(&tokens.text("refresh_token")).await;
        let token = tokens.text("access_token");
        let stale = world.call("GET", "/fresh", &token).await;
        stale.assert_problem(401, "stale-login");
        let challenge = stale.header("www-authenticate");
        assert!(challenge.contains(r#"error="insufficient_user_authentication""#), "{challenge}");
        assert!(challenge.contains("max_age=300"), "{challenge}");

        reauthenticate(&world, &token, "wrong").await.assert_problem(401, "invalid-credentials");
        world.call("GET", "/fresh", &token).await.assert_problem(401, "stale-login");
        let proved = reauthenticate(&world, &token, PASSWORD).await;
        assert_eq!((proved.status, proved.text("scope").as_str()), (200, "notes:read"), "{proved:?}");
        assert!(proved.json().get("refresh_token").is_none(), "the session continues with its present refresh token");
        assert_eq!(world.call("GET", "/fresh", &proved.text("access_token")).await.status, 200);
        world.call("GET", "/fresh", &token).await.assert_problem(401, "stale-login");

        // A refresh keeps the time of the authentication.
        world.clock.advance(Duration::from_secs(200));
        let tokens = world.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(world.call("GET", "/fresh", &tokens.text("access_token")).await.status, 200);
        world.clock.advance(Duration::from_secs(101));
        world.call("GET", "/fresh", &tokens.text("access_token")).await.assert_problem(401, "stale-login");
    })
    .await;
}

#[tokio::test]
async fn reauthentication_needs_the_own_password_and_a_live_session() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        assert_eq!(world.register("bob", "quite another secret").await.status, 201);
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let refused = reauthenticate(&world, &token, "quite another secret").await;
        refused.assert_problem(401, "invalid-credentials");
        assert_eq!(world.call("POST", "/auth/logout", &token).await.status, 204);
        reauthenticate(&world, &token, PASSWORD).await.assert_problem(401, "invalid-token");
        let form = world.form("/auth/reauthenticate", "password=x").await;
        form.assert_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn a_proof_counts_for_ones_own_live_session_only() {
    let world = World::in_memory(|builder| defaults(builder).refresh_token_lifetime(Duration::from_secs(10)));
    let (alice, bob) = (world.join("alice", &[]).await, world.join("bob", &[]).await);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let session = world.administration().sessions(&alice.id).await.unwrap().remove(0).id;
    let new = NewAccessToken::new(&bob.id, "app").session(&session);
    let foreign = world.auth.tokens().issue(&new, world.auth.clock().unix(), world.auth.entropy()).unwrap();
    reauthenticate(&world, foreign.expose(), PASSWORD).await.assert_problem(401, "invalid-credentials");
    assert_eq!(reauthenticate(&world, &token, PASSWORD).await.status, 200);

    // Only the account is inactive; its sessions are still live.
    world.set_active(&alice.id, false).await;
    reauthenticate(&world, &token, PASSWORD).await.assert_problem(401, "invalid-credentials");
    world.set_active(&alice.id, true).await;
    assert_eq!(reauthenticate(&world, &token, PASSWORD).await.status, 200);

    world.clock.advance(Duration::from_secs(10));
    reauthenticate(&world, &token, PASSWORD).await.assert_problem(401, "invalid-credentials");
}

#[tokio::test]
async fn a_proof_brings_no_scope_that_the_token_had_not() {
    every_store(async |world| {
        world.join("alice", &["notes:read", "notes:write"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery&scope=notes:read";
        let token = world.token(login).await.text("access_token");
        assert_eq!(reauthenticate(&world, &token, PASSWORD).await.text("scope"), "notes:read");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ends_during_the_proof_is_not_made_fresh() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let (administration, id) = (world.administration(), alice.id.clone());
    // The calls before this one: revocations, session, account, and two about the attempt.
    store.before(5, async move { assert_eq!(administration.end_sessions(&id).await.unwrap(), 1) });
    reauthenticate(&world, &token, PASSWORD).await.assert_problem(401, "invalid-credentials");
}
