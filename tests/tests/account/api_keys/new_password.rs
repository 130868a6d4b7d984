//! API keys of a user after a change or a reset of the password.

use auth_runtime::{
    store::ApiKeyStore,
    token::{ApiKeyFormat, KeyEnvironment},
};
use serde_json::{Value, json};

use super::{
    super::{
        answers::Answer,
        failing::Flaky,
        mailbox::{Mailbox, every_store_with_mail, world_with_mail},
        world::{PASSWORD, World},
    },
    holder::Holder,
    program::Service,
};

const NEW: &str = "another horse battery";

async fn change(world: &World, token: &str, more: &Value) -> Answer {
    let mut body = json!({ "current_password": PASSWORD, "new_password": NEW });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.json_as(token, "/auth/password", &body).await
}

async fn reset(world: &World, mailbox: &Mailbox, more: &Value) -> Answer {
    world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
    let mut body = json!({ "token": mailbox.next("reset").await.token, "new_password": NEW });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.json("/auth/password/reset", &body).await
}

/// Creates two working keys and a revoked one for Alice, whose address is verified, and a key for another user.
async fn keys<'a>(world: &'a World, mailbox: &Mailbox) -> (Holder<'a>, [String; 3]) {
    let alice = Holder::join(world, "alice", &[]).await;
    let token = mailbox.next("verify").await.token;
    assert_eq!(world.json("/auth/email/verify", &json!({ "token": token })).await.status, 204);
    let (one, two, (_, revoked)) = (alice.key(&[]).await.0, alice.key(&[]).await.0, alice.key(&[]).await);
    assert_eq!(alice.revoke(&revoked).await.status, 204);
    let bob = Holder::join(world, "bob", &[]).await;
    mailbox.next("verify").await;
    (alice, [one, two, bob.key(&[]).await.0])
}

async fn statuses(world: &World, keys: &[String; 3]) -> [u16; 3] {
    let service = Service::of(world);
    let [one, two, other] = keys;
    [service.status("/", one).await, service.status("/", two).await, service.status("/", other).await]
}

#[tokio::test]
async fn keys_outlive_a_password_and_the_owner_is_told_how_many() {
    every_store_with_mail(async |world, mailbox| {
        let (alice, keys) = keys(&world, &mailbox).await;
        assert_eq!(change(&world, &alice.token, &json!({ "revoke_api_keys": false })).await.status, 204);
        assert_eq!(statuses(&world, &keys).await, [200; 3]);
        assert_eq!(mailbox.next("changed").await.api_keys, Some(2));
        assert_eq!(reset(&world, &mailbox, &json!({})).await.status, 204);
        assert_eq!(statuses(&world, &keys).await, [200; 3]);
        assert_eq!(mailbox.next("changed").await.api_keys, Some(2));
    })
    .await;
}

#[tokio::test]
async fn all_keys_are_revoked_with_the_password_where_that_is_asked_for() {
    for by_mail in [false, true] {
        every_store_with_mail(async |world, mailbox| {
            let (alice, keys) = keys(&world, &mailbox).await;
            let revoke = json!({ "revoke_api_keys": true });
            let answer = match by_mail {
                true => reset(&world, &mailbox, &revoke).await,
                false => change(&world, &alice.token, &revoke).await,
            };
            assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
            assert_eq!(statuses(&world, &keys).await, [401, 401, 200]);
            assert_eq!(mailbox.next("changed").await.api_keys, Some(0));
        })
        .await;
    }
}

#[tokio::test]
async fn a_wish_that_is_misspelled_or_refused_revokes_nothing() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    let (alice, keys) = keys(&world, &mailbox).await;
    for more in [json!({ "revoke_api_key": true }), json!({ "revoke_api_keys": "yes" })] {
        change(&world, &alice.token, &more).await.assert_problem(422, "invalid-body");
        reset(&world, &mailbox, &more).await.assert_problem(422, "invalid-body");
    }
    let wrong = json!({ "current_password": "wrong", "revoke_api_keys": true });
    change(&world, &alice.token, &wrong).await.assert_problem(403, "wrong-password");
    let bad = json!({ "token": "x", "new_password": NEW, "revoke_api_keys": true });
    world.json("/auth/password/reset", &bad).await.assert_problem(400, "invalid-one-time-token");
    assert_eq!(statuses(&world, &keys).await, [200; 3]);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn without_the_store_a_new_password_leaves_no_key_that_was_to_go() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let service = Service::of(&world);
    for call in 0.. {
        world.clock.advance(std::time::Duration::from_secs(60));
        let alice = Holder::sign_in(&world, "alice").await;
        let (key, _) = alice.key(&[]).await;
        store.fail_at(call);
        let answer = change(&world, &alice.token, &json!({ "revoke_api_keys": true })).await;
        if answer.status == 204 {
            assert_eq!(service.status("/", &key).await, 401);
            // The calls: account found, attempt counted, counter reset, account found again, session still live, links
            // made void, sessions ended, change of the address made void, keys revoked, hash replaced. Then sessions,
            // the change and keys are ended once more.
            assert_eq!(call, 10);
            assert!(!store.is_left_over(), "the last failure hit the second end of sessions");
            return;
        }
        assert_eq!(answer.status, 503, "call {call}: {answer:?}");
        assert_eq!(world.login("alice", PASSWORD).await.status, 200, "call {call}");
    }
}

#[tokio::test]
async fn a_key_that_is_made_while_the_password_changes_goes_as_well() {
    for call in 1.. {
        let (world, store) = Flaky::world();
        let alice = Holder::join(&world, "alice", &[]).await;
        let (old, _) = alice.key(&[]).await;
        let mut made = store.inner.list_keys(&world.account("alice").await.id).await.unwrap().remove(0);
        let key = ApiKeyFormat::new("ak", KeyEnvironment::Test).unwrap().mint(world.auth.entropy()).unwrap();
        made.id = "made meanwhile".to_owned();
        made.hash = key.hash();
        let inner = store.inner.clone();
        store.before(call, async move { inner.create_key(made, 10).await.unwrap() });
        let answer = change(&world, &alice.token, &json!({ "revoke_api_keys": true })).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(Service::of(&world).status("/", &old).await, 401, "call {call}");
        if Service::of(&world).status("/", key.expose()).await == 200 {
            assert_eq!(call, 13, "the call before it revokes the keys created until then");
            return;
        }
    }
}
