use std::time::Duration;

use serde_json::json;

use super::{
    super::world::{World, defaults, every_store},
    holder::Holder,
    program::Service,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn both_keys_work_while_they_overlap_and_then_the_new_one() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &["notes:read"]).await;
        let made = alice
            .create(&json!({
                "name": "deploy", "scopes": ["notes:read"], "expires_in_days": 30, "limit": { "count": 9, "per_seconds": 1 },
            }))
            .await;
        let (old, old_id) = (made.text("key"), made.text("id"));
        let rotated = alice.rotate(&old_id, &json!({ "overlap_hours": 2 })).await;
        assert_eq!((rotated.status, rotated.header("cache-control")), (201, "no-store"), "{rotated:?}");
        let new = rotated.text("key");
        for member in ["name", "scopes", "limit", "expires_at"] {
            assert_eq!(rotated.json()[member], made.json()[member], "{member}");
        }
        let listed = alice.listed(&old_id).await;
        assert_eq!(listed["replaced_by"], rotated.json()["id"]);
        assert_eq!(listed["expires_at"], "2027-01-15T10:00:00Z");

        let service = Service::of(&world);
        let works = async || [service.status("/read", &old).await, service.status("/read", &new).await];
        assert_eq!(works().await, [200, 200]);
        world.clock.advance(2 * HOUR - Duration::from_secs(1));
        assert_eq!(works().await, [200, 200]);
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(works().await, [401, 200]);
        world.clock.advance(30 * 24 * HOUR);
        assert_eq!(works().await, [401, 401]);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_rotated_once_and_only_while_it_works() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (_, id) = alice.key(&[]).await;
        assert_eq!(alice.rotate(&id, &json!({})).await.status, 201);
        alice.rotate(&id, &json!({})).await.assert_problem(409, "api-key-ended");
        let (_, revoked) = alice.key(&[]).await;
        alice.revoke(&revoked).await;
        alice.rotate(&revoked, &json!({})).await.assert_problem(409, "api-key-ended");
        let (_, expired) = alice.key(&[]).await;
        world.clock.advance(90 * 24 * HOUR);
        let alice = Holder::sign_in(&world, "alice").await;
        alice.rotate(&expired, &json!({})).await.assert_problem(409, "api-key-ended");
    })
    .await;
}

#[tokio::test]
async fn without_overlap_the_old_key_ends_at_once() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (old, id) = alice.key(&[]).await;
        let new = alice.rotate(&id, &json!({ "overlap_hours": 0 })).await.text("key");
        let service = Service::of(&world);
        assert_eq!([service.status("/", &old).await, service.status("/", &new).await], [401, 200]);
    })
    .await;
}

#[tokio::test]
async fn an_overlap_never_lengthens_a_life_and_is_a_week_at_most() {
    let world = World::in_memory(defaults);
    let alice = Holder::join(&world, "alice", &[]).await;
    let made = alice.create(&json!({ "name": "x", "scopes": [], "expires_in_days": 1 })).await;
    let id = made.text("id");
    for body in [json!({ "overlap_hours": 169 }), json!({ "overlap_hours": -1 }), json!({ "overlap": 1 })] {
        alice.rotate(&id, &body).await.assert_problem(422, "invalid-body");
    }
    assert_eq!(alice.rotate(&id, &json!({ "overlap_hours": 168 })).await.status, 201);
    assert_eq!(alice.listed(&id).await["expires_at"], made.json()["expires_at"]);
}

#[tokio::test]
async fn a_credential_with_few_scopes_gets_no_key_with_more() {
    every_store(async |world| {
        let mut alice = Holder::join(&world, "alice", &["notes:read", "notes:write"]).await;
        let (key, id) = alice.key(&["notes:read", "notes:write"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery&scope=notes:read";
        alice.token = world.token(login).await.text("access_token");
        alice.rotate(&id, &json!({})).await.assert_problem(403, "insufficient-scope");
        assert_eq!(Service::of(&world).status("/write", &key).await, 200, "the key is as it was");

        // A scope that the owner lost is not passed on, and the caller's token need not have it.
        let account = world.account("alice").await.id;
        world.accounts.accounts().set_scopes(&account, &["notes:read".to_owned()]).await.unwrap();
        assert_eq!(alice.rotate(&id, &json!({})).await.json()["scopes"], json!(["notes:read"]));
    })
    .await;
}
