use serde_json::json;

use super::{
    super::{
        other_issuers::Elsewhere,
        world::{World, defaults, every_store},
    },
    holder::Holder,
    program::Service,
};

#[tokio::test]
async fn keys_of_one_second_are_listed_the_oldest_first() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(alice.key(&[]).await.1);
        }
        let listed = alice.list().await;
        assert!(listed.iter().map(|key| key["id"].as_str().unwrap()).eq(&made), "{listed:?}");
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_ends_at_once_and_is_still_listed() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let (key, id) = alice.key(&[]).await;
        let (other, other_id) = alice.key(&[]).await;
        let service = Service::of(&world);
        assert_eq!(service.status("/", &key).await, 200);
        let revoked = alice.revoke(&id).await;
        assert_eq!((revoked.status, revoked.body.as_str()), (204, ""));
        assert_eq!([service.status("/", &key).await, service.status("/", &other).await], [401, 200]);
        assert_eq!(alice.revoke(&id).await.status, 204, "doing it again does no harm");
        let listed = alice.listed(&id).await;
        assert_eq!((&listed["revoked_at"], &listed["active"]), (&json!("2027-01-15T08:00:00Z"), &json!(false)));
        let listed = alice.listed(&other_id).await;
        assert_eq!((&listed["revoked_at"], &listed["active"]), (&json!(null), &json!(true)));
    })
    .await;
}

#[tokio::test]
async fn a_foreign_key_is_one_that_is_not_there() {
    every_store(async |world| {
        let alice = Holder::join(&world, "alice", &[]).await;
        let bob = Holder::join(&world, "bob", &[]).await;
        let (key, id) = alice.key(&[]).await;
        let unknown = "01a20942-1f10-74e6-916d-7e29aa74addd";
        let foreign = bob.revoke(&id).await;
        foreign.assert_problem(404, "not-found");
        assert_eq!(foreign, bob.revoke(unknown).await);
        let fields = ["ratelimit", "ratelimit-policy"];
        let mut answers = [bob.rotate(&id, &json!({})).await, bob.rotate(unknown, &json!({})).await];
        for answer in &mut answers {
            fields.iter().for_each(|field| drop(answer.headers.remove(*field)));
        }
        answers[0].assert_problem(404, "not-found");
        assert_eq!(answers[0], answers[1]);
        assert_eq!(bob.list().await, [json!(null); 0]);
        assert_eq!(Service::of(&world).status("/", &key).await, 200);
    })
    .await;
}

#[tokio::test]
async fn another_issuers_subject_owns_no_account_here() {
    let world = World::in_memory(|builder| defaults(builder).authenticator(Elsewhere));
    let mut alice = Holder::join(&world, "alice", &[]).await;
    let (key, id) = alice.key(&[]).await;
    alice.token = format!("elsewhere:{}", world.account("alice").await.id);
    for refused in [
        alice.create(&json!({ "name": "x", "scopes": [] })).await,
        alice.rotate(&id, &json!({})).await,
        alice.revoke(&id).await,
        alice.call(axum::http::Method::GET, "", &json!(null)).await,
    ] {
        refused.assert_problem(403, "forbidden");
    }
    assert_eq!(Service::of(&world).status("/", &key).await, 200);
}
