use std::time::Duration;

use serde_json::json;

use super::staff::{Rank, find, member, superuser, token};
use crate::account::{
    cookies,
    world::{PASSWORD, World, as_bearer, defaults, events, every_store},
};

#[tokio::test]
async fn one_deletes_ones_own_account_after_a_sign_in_or_with_the_password() {
    every_store(async |world| {
        let alice = member(&world, "alice", &[Rank::Reader], &[]).await;
        let answer = world.call("DELETE", "/auth/me", &alice.token).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        assert!(find(&world, &alice.id).await.is_none());
        world.me(&alice.token).await.assert_problem(401, "invalid-token");
        let event = format!("user.id=\"{}\" outcome=\"account_deleted\" reason=\"owner\"", alice.id);
        assert!(events().contains(&event), "{event}");

        let bob = member(&world, "bob", &[], &[]).await;
        world.clock.advance(Duration::from_secs(301));
        world.call("DELETE", "/auth/me", &bob.token).await.assert_problem(401, "stale-login");
        let delete = async |body: serde_json::Value| {
            let request = as_bearer("DELETE", "/auth/me", &bob.token).header("content-type", "application/json");
            world.send(request, body.to_string()).await
        };
        delete(json!({ "current_password": "wrong" })).await.assert_problem(403, "wrong-password");
        delete(json!({ "password": PASSWORD })).await.assert_problem(422, "invalid-body");
        assert!(find(&world, &bob.id).await.is_some());
        assert_eq!(delete(json!({ "current_password": PASSWORD })).await.status, 204);
        assert!(find(&world, &bob.id).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_browser_loses_its_cookie_and_no_other_site_deletes() {
    every_store(async |world| {
        member(&world, "alice", &[], &[]).await;
        let cookie = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        let request = || axum::http::Request::delete("/auth/me").header("cookie", &cookie);
        let foreign = world.send(request().header("sec-fetch-site", "cross-site"), "").await;
        foreign.assert_problem(403, "cross-site");
        let answer = world.send(request().header("sec-fetch-site", "same-origin"), "").await;
        assert_eq!(answer.status, 204);
        assert!(answer.header("set-cookie").contains("Max-Age=0"), "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn the_last_superuser_stays() {
    every_store(async |world| {
        let root = superuser(&world, "root").await;
        world.call("DELETE", "/auth/me", &root.token).await.assert_problem(409, "last-superuser");
        assert_eq!(world.me(&root.token).await.status, 200);
        let event = format!("user.id=\"{}\" outcome=\"refused\" reason=\"last_superuser\"", root.id);
        assert!(events().contains(&event), "{event}");
        superuser(&world, "second").await;
        assert_eq!(world.call("DELETE", "/auth/me", &root.token).await.status, 204);
    })
    .await;
}

#[tokio::test]
async fn a_program_does_not_delete_its_owner() {
    let world = World::in_memory(defaults);
    let alice = member(&world, "alice", &[], &["notes:read"]).await;
    let bearer = token(&world, "alice").await;
    let key = json!({ "name": "deploy", "scopes": ["notes:read"] });
    let key = world.json_as(&bearer, "/auth/api-keys", &key).await.text("key");
    let request = axum::http::Request::delete("/auth/me").header("x-api-key", key);
    world.send(request, "").await.assert_problem(403, "credential-kind");
    assert!(find(&world, &alice.id).await.is_some());
}
