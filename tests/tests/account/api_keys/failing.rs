use axum::http::Method;
use serde_json::json;

use super::{
    super::failing::{Flaky, fail_at_each_call},
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn a_key_without_the_store_is_503_and_leaks_nothing() {
    let (world, store) = Flaky::world();
    let (key, _) = Holder::join(&world, "alice", &[]).await.key(&[]).await;
    let service = Service::of(&world);
    // The look-ups of the key and of its owner.
    for call in 0..2 {
        store.fail_at(call);
        let said = service.x_api_key("/", &key).await;
        assert_eq!((said.status, said.code().as_str()), (503, "unavailable"), "{call}");
        assert!(!said.body.contains("canary") && !said.header("retry-after").is_empty(), "{said:?}");
    }
    assert_eq!(service.status("/", &key).await, 200);
}

#[tokio::test]
async fn making_listing_and_revoking_without_the_store_is_503_and_nothing_is_half_done() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let body = json!({ "name": "x", "scopes": [] });
    let calls = fail_at_each_call(&world, &store, async |call| {
        let alice = Holder::sign_in(&world, "alice").await;
        store.fail_at(call);
        alice.create(&body).await
    })
    .await;
    assert_eq!(calls, 4, "revocations, owner, key, and session still live");
    let alice = Holder::sign_in(&world, "alice").await;
    let works = alice.list().await.iter().filter(|key| key["active"] == true).count();
    assert_eq!(works, 1, "only the key that the client received works");

    let calls = fail_at_each_call(&world, &store, async |call| {
        let alice = Holder::sign_in(&world, "alice").await;
        store.fail_at(call);
        alice.call(Method::GET, "", &json!(null)).await
    })
    .await;
    assert_eq!(calls, 3);

    let id = alice.list().await[0]["id"].as_str().unwrap().to_owned();
    let calls = fail_at_each_call(&world, &store, async |call| {
        let alice = Holder::sign_in(&world, "alice").await;
        store.fail_at(call);
        alice.revoke(&id).await
    })
    .await;
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn a_failed_rotation_leaves_the_old_key_unchanged_or_no_working_key() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let service = Service::of(&world);
    let calls = fail_at_each_call(&world, &store, async |call| {
        let alice = Holder::sign_in(&world, "alice").await;
        let (old, id) = alice.key(&[]).await;
        let before = alice.list().await;
        store.fail_at(call);
        let answer = alice.rotate(&id, &json!({ "overlap_hours": 0 })).await;
        if answer.status == 503 && call < 3 {
            assert_eq!(alice.list().await, before);
            assert_eq!(service.status("/", &old).await, 200);
            assert_eq!(alice.revoke(&id).await.status, 204);
        } else if answer.status == 503 {
            let works: Vec<_> = alice.list().await.into_iter().filter(|key| key["active"] == true).collect();
            assert_eq!(works, [json!(null); 0], "the rotation is done, but the caller's session could not be checked");
        }
        answer
    })
    .await;
    assert_eq!(calls, 4, "owner, keys, rotation, and session still live");
}
