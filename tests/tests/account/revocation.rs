use std::time::Duration;

use serde_json::json;

use auth_runtime::token::{NewAccessToken, TokenIssuer};

use super::world::{PASSWORD, World, as_bearer, defaults, every_store};

const LOGIN: &str = "grant_type=password&username=alice&password=correct+horse+battery";

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_family_along() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let first = world.token(LOGIN).await;
        let second =
            world.token(&format!("grant_type=refresh_token&refresh_token={}", first.text("refresh_token"))).await;
        // A used refresh token identifies its session too, and a wrong hint changes nothing.
        let form = format!("token={}&token_type_hint=access_token", first.text("refresh_token"));
        let answer = world.form("/auth/revoke", &form).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        world.refresh(&second.text("refresh_token")).await.assert_problem(401, "invalid-credentials");
        world.me(&second.text("access_token")).await.assert_problem(401, "invalid-token");
        assert_eq!(world.form("/auth/revoke", &form).await.status, 200, "again, it is nothing new");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_access_token_goes_alone() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let tokens = world.token(LOGIN).await;
        let access = tokens.text("access_token");
        let form = format!("token={access}&token_type_hint=refresh_token");
        assert_eq!(world.form("/auth/revoke", &form).await.status, 200);
        world.me(&access).await.assert_problem(401, "invalid-token");
        world.clock.advance(Duration::from_secs(5));
        world.beside().me(&access).await.assert_problem(401, "invalid-token");
        let renewed = world.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(world.me(&renewed.text("access_token")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn revoking_an_unknown_token_is_200_and_does_nothing() {
    every_store(async |world| {
        for token in ["x", &"A".repeat(43), "a.b.c", "%20", &"A".repeat(20_000)] {
            let answer = world.form("/auth/revoke", &format!("token={token}")).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{token}");
        }
        let missing = "The token is missing.";
        world.form("/auth/revoke", "").await.assert_oauth_error(400, "invalid_request", missing);
        world.form("/auth/revoke", "token=").await.assert_oauth_error(400, "invalid_request", missing);
        let twice = "A parameter is given twice.";
        world.form("/auth/revoke", "token=a&token=b").await.assert_oauth_error(400, "invalid_request", twice);
    })
    .await;
}

#[tokio::test]
async fn a_client_revokes_its_own_tokens_only() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let tokens = world.token(&format!("{LOGIN}&client_id=web")).await;
        for member in ["refresh_token", "access_token"] {
            let answer = world.form("/auth/revoke", &format!("token={}&client_id=app", tokens.text(member))).await;
            answer.assert_oauth_error(400, "unauthorized_client", "The token was issued to another client.");
        }
        assert_eq!(world.me(&tokens.text("access_token")).await.status, 200);
        let own = format!("token={}&client_id=web", tokens.text("refresh_token"));
        assert_eq!(world.form("/auth/revoke", &own).await.status, 200);
        world.me(&tokens.text("access_token")).await.assert_problem(401, "invalid-token");
    })
    .await;
}

#[tokio::test]
async fn a_good_token_is_described_to_those_who_may_ask() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        world.join("server", &["auth:introspect"]).await;
        let server = world.login("server", PASSWORD).await.text("access_token");
        let token = world.token(LOGIN).await.text("access_token");

        let answer = world.introspect(&server, &token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("ratelimit-policy"), r#""introspect";q=6000;w=60"#);
        let said = answer.json();
        let expected = json!({
            "active": true, "token_type": "Bearer", "iss": "https://test.invalid", "sub": alice.id, "aud": "test",
            "iat": 1_800_000_000, "exp": 1_800_000_900, "auth_time": 1_800_000_000, "client_id": "first-party",
            "scope": "notes:read", "roles": [], "jti": said["jti"], "sid": said["sid"],
        });
        assert_eq!(said, expected);
        assert!(said["jti"].is_string() && said["sid"].is_string());

        assert_eq!(world.introspect(&token, &token).await.status, 403);
        assert_eq!(world.form("/auth/introspect", &format!("token={token}")).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn introspection_names_the_audience_of_a_token() {
    let world = World::in_memory(|builder| defaults(builder).audience("other"));
    let alice = world.join("alice", &[]).await;
    world.join("server", &["auth:introspect"]).await;
    let server = world.login("server", PASSWORD).await.text("access_token");
    let others = TokenIssuer::builder(world.auth.keys().clone(), world.auth.issuer(), "other").build().unwrap();
    let (now, entropy) = (world.auth.clock().unix(), world.auth.entropy());
    let token = others.issue(&NewAccessToken::new(&alice.id, "app"), now, entropy).unwrap();
    let said = world.introspect(&server, token.expose()).await.json();
    assert_eq!((&said["active"], &said["aud"]), (&json!(true), &json!("other")));
}

#[tokio::test]
async fn introspection_of_any_other_token_says_only_that_it_is_inactive() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        world.join("server", &["auth:introspect"]).await;
        let server = world.login("server", PASSWORD).await;
        let server_token = server.text("access_token");
        let tokens = world.token(LOGIN).await;
        let ended = world.token(LOGIN).await.text("access_token");
        assert_eq!(world.call("POST", "/auth/logout", &ended).await.status, 204);
        let good = tokens.text("access_token");
        let tampered = format!("{}x", good);
        let unknown = "A".repeat(43);
        for token in [&ended, &tampered, &unknown, &tokens.text("refresh_token"), &"x".to_owned()] {
            let answer = world.introspect(&server_token, token).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"active":false}"#), "{token}");
        }
        // Only the account is inactive; its sessions are still live. A token of an inactive user is not active either.
        world.set_active(&alice.id, false).await;
        assert_eq!(world.introspect(&server_token, &good).await.body, r#"{"active":false}"#);
        world.set_active(&alice.id, true).await;
        assert_eq!(world.introspect(&server_token, &good).await.json()["active"], true);

        world.clock.advance(Duration::from_secs(900));
        let server_token = world.refresh(&server.text("refresh_token")).await.text("access_token");
        assert_eq!(world.introspect(&server_token, &good).await.body, r#"{"active":false}"#, "expired");
    })
    .await;
}

#[tokio::test]
async fn only_a_posted_form_is_looked_at() {
    let world = World::in_memory(defaults);
    world.join("alice", &["auth:introspect"]).await;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    for path in ["/auth/revoke", "/auth/introspect"] {
        let description = "The body must be application/x-www-form-urlencoded.";
        let answer = world.json_as(&token, path, &json!({ "token": token })).await;
        answer.assert_oauth_error(400, "invalid_request", description);
        let in_the_query = as_bearer("POST", &format!("{path}?token={token}"), &token);
        let in_the_query = in_the_query.header("content-type", "application/x-www-form-urlencoded");
        world.send(in_the_query, "").await.assert_oauth_error(400, "invalid_request", "The token is missing.");
    }
    assert_eq!(world.me(&token).await.status, 200);
}

#[tokio::test]
async fn a_wall_clock_that_was_ahead_for_a_while_brings_no_revoked_token_back() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let (ended, revoked) = (world.token(LOGIN).await, world.token(LOGIN).await);
        let (ended, revoked) = (ended.text("access_token"), revoked.text("access_token"));
        assert_eq!(world.call("POST", "/auth/logout", &ended).await.status, 204);
        assert_eq!(world.form("/auth/revoke", &format!("token={revoked}")).await.status, 200);
        let now = world.auth.clock().unix().as_seconds();
        world.clock.set_unix(now + 3_600);
        world.clock.advance(Duration::from_secs(3));
        let meanwhile = world.token(LOGIN).await.text("access_token");
        assert_eq!(world.me(&meanwhile).await.status, 200);
        world.clock.set_unix(now + 3);
        world.me(&ended).await.assert_problem(401, "invalid-token");
        world.me(&revoked).await.assert_problem(401, "invalid-token");
    })
    .await;
}

/// Mints a token as an application does, without a session.
fn minted(world: &World, id: &str) -> String {
    let (now, entropy) = (world.auth.clock().unix(), world.auth.entropy());
    world.auth.tokens().issue(&NewAccessToken::new(id, "app"), now, entropy).unwrap().expose().to_owned()
}

#[tokio::test]
async fn signing_out_with_a_token_without_a_session_ends_that_token() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let (one, other) = (minted(&world, &alice.id), minted(&world, &alice.id));
        assert_eq!(world.call("POST", "/auth/logout", &one).await.status, 204);
        world.me(&one).await.assert_problem(401, "invalid-token");
        assert_eq!(world.me(&other).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_revoked_token_of_longer_life_than_the_present_one_does_not_come_back() {
    let world = World::in_memory(|builder| defaults(builder).access_token_lifetime(Duration::from_secs(60)));
    let alice = world.join("alice", &[]).await;
    // The token was issued before the setting was changed.
    let token = minted(&world.beside(), &alice.id);
    assert_eq!(world.form("/auth/revoke", &format!("token={token}&client_id=app")).await.status, 200);
    for _ in 0..20 {
        world.clock.advance(Duration::from_secs(40));
        world.me(&token).await.assert_problem(401, "invalid-token");
        // An admitted request makes the process read the store's revocations and drop its expired entries.
        assert_eq!(world.me(&minted(&world, &alice.id)).await.status, 200);
    }
}
