use std::time::Duration;

use auth_runtime::auth::AuthBuilder;
use serde_json::{Value, json};

use super::staff::{Member, Rank, assert_told, member, path, send, token};
use crate::account::{
    mailbox::every_store_with_mail,
    world::{PASSWORD, World, defaults, every_store, fresh_address},
};

async fn delete(world: &World, by: &Member, id: &str, what: &str) -> u16 {
    world.call("DELETE", &path(id, what), &by.token).await.status
}

async fn get(world: &World, by: &Member, id: &str, what: &str) -> Value {
    world.call("GET", &path(id, what), &by.token).await.json()
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let (second, third) = (token(&world, "alice").await, token(&world, "alice").await);
        let listed = get(&world, &admin, &alice.id, "/sessions").await;
        assert_eq!(listed.as_array().unwrap().len(), 3);
        assert!(listed.as_array().unwrap().iter().all(|session| session["current"] == false), "{listed}");
        let one = listed[0]["id"].as_str().unwrap();
        assert_eq!(delete(&world, &admin, &alice.id, &format!("/sessions/{one}")).await, 204);
        let again = world.call("DELETE", &path(&alice.id, &format!("/sessions/{one}")), &admin.token).await;
        again.assert_problem(404, "no-session");
        // Another user's session does not belong to this account.
        let own = get(&world, &admin, &admin.id, "/sessions").await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(delete(&world, &admin, &alice.id, &format!("/sessions/{own}")).await, 404);
        assert_eq!(get(&world, &admin, &alice.id, "/sessions").await.as_array().unwrap().len(), 2);
        assert_eq!(delete(&world, &admin, &alice.id, "/sessions").await, 204);
        assert_eq!(delete(&world, &admin, &alice.id, "/sessions").await, 204, "there is none left to end");
        for token in [&alice.token, &second, &third] {
            world.me(token).await.assert_problem(401, "invalid-token");
        }
        assert_told(&admin.id, &alice.id, "end_session", "outcome=\"administered\"");
        assert_told(&admin.id, &alice.id, "end_session", "outcome=\"refused\" reason=\"unknown_session\"");
        assert_told(&admin.id, &alice.id, "end_sessions", "outcome=\"administered\"");
    })
    .await;
}

#[tokio::test]
async fn api_keys_are_listed_and_revoked_one_by_one_or_all() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
        let alice = member(&world, "alice", &[], &["notes:read"]).await;
        let mut keys = Vec::new();
        for name in ["one", "two", "three"] {
            let body = json!({ "name": name, "scopes": ["notes:read"] });
            keys.push(world.json_as(&alice.token, "/auth/api-keys", &body).await.text("key"));
        }
        let listed = get(&world, &admin, &alice.id, "/api-keys").await;
        assert_eq!(listed["api_keys"].as_array().unwrap().len(), 3);
        assert!(keys.iter().all(|key| !listed.to_string().contains(key)), "{listed}");
        let one = listed["api_keys"][0]["id"].as_str().unwrap();
        assert_eq!(delete(&world, &admin, &alice.id, &format!("/api-keys/{one}")).await, 204);
        assert_eq!(delete(&world, &admin, &admin.id, &format!("/api-keys/{one}")).await, 404);
        assert_eq!(delete(&world, &admin, &alice.id, "/api-keys").await, 204);
        let listed = get(&world, &admin, &alice.id, "/api-keys").await;
        assert!(listed["api_keys"].as_array().unwrap().iter().all(|key| key["active"] == false), "{listed}");
        for key in &keys {
            let request = axum::http::Request::get("/plain").header("x-api-key", key);
            assert_eq!(world.send(request, "").await.status, 401);
        }
        assert_told(&admin.id, &alice.id, "revoke_api_key", "outcome=\"administered\"");
        assert_told(&admin.id, &alice.id, "revoke_api_keys", "outcome=\"administered\"");
    })
    .await;
}

#[tokio::test]
async fn an_administrator_ends_a_lock() {
    every_store(async |world| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        for _ in 0..100 {
            world.clock.advance(Duration::from_secs(60));
            world.login("alice", "wrong").await;
        }
        assert_eq!(world.login("alice", PASSWORD).await.status, 429);
        let admin = Member { token: token(&world, "admin").await, ..admin };
        let answer = send(&world, &admin.token, "POST", &path(&alice.id, "/unlock"), &Value::Null).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        world.clock.advance(Duration::from_secs(60));
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
        assert_told(&admin.id, &alice.id, "unlock", "outcome=\"administered\"");
    })
    .await;
}

/// The owner's own browser stays known, so that strangers cannot lock the owner out there.
#[tokio::test]
async fn the_end_of_a_lock_makes_no_client_a_stranger() {
    let few = |builder: AuthBuilder| defaults(builder).password_failures(3, Duration::from_secs(600));
    for world in [World::in_memory(few), World::on_sqlite_with("sqlite::memory:", few).await] {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        let home = fresh_address();
        assert_eq!(world.login_from(home, "alice", PASSWORD).await.status, 200);
        let answer = send(&world, &admin.token, "POST", &path(&alice.id, "/unlock"), &Value::Null).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        for _ in 0..4 {
            world.login("alice", "wrong").await;
        }
        assert_eq!(world.login("alice", PASSWORD).await.status, 429, "a stranger");
        assert_eq!(world.login_from(home, "alice", PASSWORD).await.status, 200, "the owner");
    }
}

#[tokio::test]
async fn an_administrator_forces_a_reset_of_the_password() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        let alice = member(&world, "alice", &[], &[]).await;
        for _ in 0..2 {
            mailbox.next("verify").await;
        }
        let answer = send(&world, &admin.token, "POST", &path(&alice.id, "/require-reset"), &Value::Null).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        world.me(&alice.token).await.assert_problem(401, "invalid-token");
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        assert_told(&admin.id, &alice.id, "require_reset", "outcome=\"administered\"");
    })
    .await;
}

#[tokio::test]
async fn an_identifier_that_a_client_made_up_forges_no_event() {
    let world = World::in_memory(defaults);
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    let forged = path("x%0AINFO%20outcome=%E2%80%A8%1B%5B2J", "/unlock");
    send(&world, &admin.token, "POST", &forged, &Value::Null).await.assert_problem(404, "no-account");
    // The subscriber of these tests escapes each backslash once more.
    assert_told(&admin.id, r"x\\nINFO outcome=\\u{2028}\\u{1b}[2J", "unlock", "outcome=\"refused\"");
}
