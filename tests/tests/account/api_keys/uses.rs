use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{
        failing::Flaky,
        world::{events, every_store},
    },
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn the_last_use_is_kept_to_the_minute() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (key, _) = alice.key(&[]).await;
        let service = Service::of(&world);
        let last_used = async || alice.list().await[0]["last_used_at"].clone();
        assert_eq!(last_used().await, Value::Null);
        for (seconds, shown) in [
            (0, "2027-01-15T08:00:00Z"),
            (59, "2027-01-15T08:00:00Z"),
            (1, "2027-01-15T08:01:00Z"),
            (30, "2027-01-15T08:01:00Z"),
        ] {
            world.clock.advance(Duration::from_secs(seconds));
            assert_eq!(service.status("/", &key).await, 200);
            assert_eq!(last_used().await, json!(shown));
        }
    })
    .await;
}

#[tokio::test]
async fn a_use_that_cannot_be_written_refuses_no_request_and_is_tried_once_a_minute() {
    let (world, store) = Flaky::world();
    let alice = Holder::join(&world, "alice", &[]).await;
    let (key, _) = alice.key(&[]).await;
    let service = Service::of(&world);
    // The third call, after the look-ups of the key and its owner.
    store.fail_at(2);
    assert_eq!(service.status("/", &key).await, 200);
    assert!(!store.is_left_over(), "nothing was written");
    assert!(events().lines().any(|line| line.contains(&store.cause) && line.contains("last_used")));
    store.fail_at(2);
    assert_eq!(service.status("/", &key).await, 200);
    assert!(store.is_left_over(), "a write for each request");
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(service.status("/", &key).await, 200);
    assert_eq!(alice.list().await[0]["last_used_at"], "2027-01-15T08:01:00Z");
}

#[tokio::test]
async fn a_store_that_is_busy_writing_keeps_no_program_waiting() {
    let (world, store) = Flaky::world();
    let alice = Holder::join(&world, "alice", &[]).await;
    let (key, _) = alice.key(&[]).await;
    // The store reads the key and its owner. The next call records the use.
    store.before(2, core::future::pending::<()>());
    let service = Service::of(&world);
    let answer = tokio::time::timeout(Duration::from_secs(10), service.status("/", &key)).await;
    assert_eq!(answer, Ok(200), "it waits");
}

#[tokio::test]
async fn a_key_that_is_refused_was_not_used() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (key, id) = alice.key(&[]).await;
        alice.revoke(&id).await;
        assert_eq!(Service::of(&world).status("/", &key).await, 401);
        assert_eq!(alice.list().await[0]["last_used_at"], Value::Null);
    })
    .await;
}
