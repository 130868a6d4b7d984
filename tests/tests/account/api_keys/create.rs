use std::time::Duration;

use auth_runtime::auth::Environment;
use axum::http::Request;
use serde_json::json;

use super::{
    super::{
        answers::Answer,
        world::{World, defaults, every_store},
    },
    holder::Holder,
    program::Service,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn pointers(answer: &Answer) -> Vec<String> {
    answer.assert_problem(422, "invalid-body");
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_is_shown_once_and_works_in_both_headers() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read", "notes:write"]).await;
        let made = alice.create(&json!({ "name": "Déploiement", "scopes": ["notes:read"] })).await;
        assert_eq!((made.status, made.header("cache-control")), (201, "no-store"), "{made:?}");
        let (key, id) = (made.text("key"), made.text("id"));
        let mut shown = json!({
            "id": id, "name": "Déploiement", "display": &key[..12], "scopes": ["notes:read"], "limit": null,
            "created_at": "2027-01-15T08:00:00Z", "expires_at": "2027-04-15T08:00:00Z", "last_used_at": null,
            "revoked_at": null, "replaced_by": null, "active": true,
        });
        assert_eq!(alice.list().await, [shown.clone()]);
        shown["key"] = json!(key);
        assert_eq!(made.json(), shown);

        let service = Service::of(&world);
        let subject = world.account("alice").await.id;
        for said in [service.bearer("/", &key).await, service.x_api_key("/", &key).await] {
            assert_eq!((said.status, said.body.as_str()), (200, subject.as_str()));
        }
        assert_eq!(world.me(&key).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_key_has_its_scopes_no_roles_and_no_login() {
    every_store(async |world| {
        let account = world.join("alice", &["notes:read", "notes:write"]).await;
        world.accounts.accounts().set_roles(&account.id, &["admin".to_owned()]).await.unwrap();
        let alice = Holder::sign_in(&world, "alice").await;
        let (key, id) = alice.key(&["notes:read"]).await;
        let service = Service::of(&world);
        assert_eq!(service.bearer("/admin", &alice.token).await.status, 200);
        for (uri, status) in [("/read", 200), ("/write", 403), ("/admin", 403), ("/fresh", 401), ("/people", 403)] {
            assert_eq!(service.status(uri, &key).await, status, "{uri}");
        }
        assert_eq!(service.x_api_key("/people", &key).await.code(), "credential-kind");
        assert_eq!(service.bearer("/programs", &alice.token).await.code(), "credential-kind");
        let end = world.auth.clock().unix().plus_seconds(90 * 86_400).as_seconds();
        let expected = format!("{id} https://test.invalid 0 None Some({end}) notes:read");
        assert_eq!(service.x_api_key("/programs", &key).await.body, expected);
    })
    .await;
}

#[tokio::test]
async fn a_key_ends_by_default_and_within_the_longest_life() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (by_default, _) = alice.key(&[]).await;
        let short = alice.create(&json!({ "name": "short", "scopes": [], "expires_in_days": 1 })).await.text("key");
        let long = alice.create(&json!({ "name": "long", "scopes": [], "expires_in_days": 365 })).await.text("key");
        let service = Service::of(&world);
        let works = async |days, expected: [u16; 3]| {
            world.clock.advance(DAY * days - Duration::from_secs(1));
            let before = service.status("/", &short).await;
            world.clock.advance(Duration::from_secs(1));
            let found = [&short, &by_default, &long].map(|key| service.status("/", key));
            let [short, by_default, long] = found;
            assert_eq!([short.await, by_default.await, long.await], expected);
            before
        };
        assert_eq!(works(1, [401, 200, 200]).await, 200);
        works(89, [401, 401, 200]).await;
        works(275, [401, 401, 401]).await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_points_at_every_fault() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &["notes:read", "notes:write"]).await;
    let all = alice
        .create(&json!({
            "name": "a\nb", "scopes": ["notes:read", "admin", "notes:read", "notes"], "expires_in_days": 366,
            "limit": { "count": 0, "per_seconds": 86_401 },
        }))
        .await;
    let expected =
        ["/name", "/scopes/1", "/scopes/2", "/scopes/3", "/expires_in_days", "/limit/count", "/limit/per_seconds"];
    assert_eq!(pointers(&all), expected);
    assert!(!all.body.contains("admin"), "what was sent is not repeated: {all:?}");

    for (body, pointer) in [
        (json!({ "name": "", "scopes": [] }), "/name"),
        (json!({ "name": " ", "scopes": [] }), "/name"),
        (json!({ "name": "x".repeat(101), "scopes": [] }), "/name"),
        (json!({ "name": "a\u{202e}b", "scopes": [] }), "/name"),
        (json!({ "name": "a\u{200b}", "scopes": [] }), "/name"),
        (json!({ "name": "x", "scopes": [""] }), "/scopes/0"),
        (json!({ "name": "x", "scopes": ["notes:read notes:write"] }), "/scopes/0"),
        (json!({ "name": "x", "scopes": ["NOTES:READ"] }), "/scopes/0"),
        (json!({ "name": "x", "scopes": [], "expires_in_days": 0 }), "/expires_in_days"),
        (json!({ "name": "x", "scopes": [], "limit": { "count": 1_000_001, "per_seconds": 1 } }), "/limit/count"),
    ] {
        world.clock.advance(Duration::from_secs(6));
        assert_eq!(pointers(&alice.create(&body).await), [pointer], "{body}");
    }
    // A misspelled lifetime must not become the default lifetime.
    for body in [
        json!({ "name": "x", "scopes": [], "expire_in_days": 1 }),
        json!({ "name": "x", "scopes": [], "limit": { "count": 1, "per_second": 1 } }),
        json!({ "name": "x", "scopes": [], "limit": { "count": 1 } }),
        json!({ "name": "x" }),
        json!({ "name": "x", "scopes": "notes:read" }),
        json!({ "name": "x", "scopes": [], "expires_in_days": -1 }),
        json!({ "name": "x", "scopes": [], "user_id": "bob" }),
    ] {
        world.clock.advance(Duration::from_secs(6));
        alice.create(&body).await.assert_problem(422, "invalid-body");
    }
    assert_eq!(alice.list().await, [json!(null); 0]);
}

#[tokio::test]
async fn a_credential_with_few_scopes_buys_no_key_with_more() {
    every_store(async |world| {
        let mut alice = Holder::join(&world, "alice", &["notes:read", "notes:write"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery&scope=notes:read";
        alice.token = world.token(login).await.text("access_token");
        let wide = alice.create(&json!({ "name": "wide", "scopes": ["notes:read", "notes:write"] })).await;
        assert_eq!(pointers(&wide), ["/scopes/1"]);
        alice.key(&["notes:read"]).await;
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_the_token_names_and_the_owner_lost_is_not_given() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read"]).await;
        let id = world.account("alice").await.id;
        world.accounts.accounts().set_scopes(&id, &[]).await.unwrap();
        assert_eq!(pointers(&alice.create(&json!({ "name": "x", "scopes": ["notes:read"] })).await), ["/scopes/0"]);
    })
    .await;
}

#[tokio::test]
async fn creating_a_key_needs_a_recent_login() {
    let world = World::in_memory(|builder| defaults(builder).access_token_lifetime(Duration::from_secs(86_400)));
    let alice = Holder::join(&world, "alice", &[]).await;
    world.clock.advance(Duration::from_secs(15 * 60));
    let (_, id) = alice.key(&[]).await;
    world.clock.advance(Duration::from_secs(1));
    let body = json!({ "name": "x", "scopes": [] });
    for refused in [alice.create(&body).await, alice.rotate(&id, &json!({})).await] {
        refused.assert_problem(401, "stale-login");
        assert!(refused.header("www-authenticate").contains("max_age=900"), "{refused:?}");
    }
    assert_eq!(alice.list().await.len(), 1, "listing is always allowed");
    assert_eq!(alice.revoke(&id).await.status, 204, "and so is revoking");
}

#[tokio::test]
async fn anonymous_callers_and_keys_cannot_create_keys() {
    let world = World::in_memory(defaults);
    let mut alice = Holder::join(&world, "alice", &["notes:read"]).await;
    let (key, id) = alice.key(&["notes:read"]).await;
    let nobody = Request::post("/auth/api-keys").header("content-type", "application/json");
    world.send(nobody, r#"{"name":"x","scopes":[]}"#).await.assert_problem(401, "unauthenticated");
    alice.token = key;
    for refused in [
        alice.create(&json!({ "name": "x", "scopes": [] })).await,
        alice.rotate(&id, &json!({})).await,
        alice.revoke(&id).await,
        alice.call(axum::http::Method::GET, "", &json!(null)).await,
    ] {
        refused.assert_problem(403, "credential-kind");
    }
}

#[tokio::test]
async fn a_user_has_a_bounded_number_of_keys_and_makes_few_a_minute() {
    let world = World::in_memory(|builder| defaults(builder).api_keys_per_user(2));
    let alice = Holder::join(&world, "alice", &[]).await;
    let (_, first) = alice.key(&[]).await;
    let (_, second) = alice.key(&[]).await;
    let body = json!({ "name": "x", "scopes": [] });
    alice.create(&body).await.assert_problem(409, "too-many-api-keys");
    alice.rotate(&first, &json!({})).await.assert_problem(409, "too-many-api-keys");
    alice.revoke(&first).await;
    alice.key(&[]).await;
    let ids: Vec<_> = alice.list().await.iter().map(|key| key["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.len() == 2 && ids.contains(&second) && !ids.contains(&first), "{ids:?}");

    let bob = Holder::join(&world, "bob", &[]).await;
    for _ in 0..2 {
        bob.key(&[]).await;
    }
    let mut answers = Vec::new();
    for _ in 0..9 {
        answers.push(bob.create(&body).await);
    }
    assert!(answers[..8].iter().all(|answer| answer.status == 409), "{answers:?}");
    answers[8].assert_problem(429, "quota-exceeded");
}

#[tokio::test]
async fn keys_name_service_and_environment() {
    for (environment, beginning) in [(Environment::Test, "notes_test_"), (Environment::Production, "notes_live_")] {
        // In production, the cheap hashes of tests are refused.
        let world = World::in_memory(|builder| builder.environment(environment).api_key_prefix("notes"));
        let (key, _) = Holder::join(&world, "alice", &[]).await.key(&[]).await;
        assert!(key.starts_with(beginning), "{key}");
    }
}
