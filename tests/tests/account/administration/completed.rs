//! The future of a change is dropped while it waits for the store, as when a client hangs up. The change is completed.

use std::net::SocketAddr;

use auth_runtime::{
    account::{Administration, NewInvitation, NewUser},
    store::AccountStore,
};
use serde_json::json;
use tokio::task::yield_now;

use super::staff::{Rank, member, path, send};
use crate::account::{
    failing::Flaky,
    failures::few,
    hung_up::{Held, drop_at},
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, events},
};

/// An account with a session, an API key and a lock.
struct Alice {
    id: String,
    session: String,
    key: String,
}

async fn alice(world: &World) -> Alice {
    let id = world.join("alice", &["notes:read"]).await.id;
    let bearer = world.login("alice", PASSWORD).await.text("access_token");
    let key = world.json_as(&bearer, "/auth/api-keys", &json!({ "name": "deploy", "scopes": [] })).await.text("id");
    let session = world.administration().sessions(&id).await.unwrap().remove(0).id;
    // Another address than that of the owner, which is known by now.
    for _ in 0..3 {
        world.login_from(SocketAddr::from(([203, 0, 113, 9], 1)), "alice", "wrong").await;
    }
    assert!(world.administration().locked_until([&id]).await.unwrap()[0].is_some(), "the account is locked");
    Alice { id, session, key }
}

/// Drops the call of a method at each of the store's calls, and asserts that it is done all the same.
async fn completed<T, E>(
    what: &str,
    calls: usize,
    act: impl AsyncFn(&Administration, &Alice) -> Result<T, E>,
    is_done: impl AsyncFn(&World, &Alice) -> bool,
) {
    for call in 0..calls {
        let (world, store) = Flaky::world_with(|builder| few(defaults(builder)));
        let alice = alice(&world).await;
        assert!(!is_done(&world, &alice).await, "{what}");
        let administration = world.administration();
        drop_at(Held::at(&store, call), act(&administration, &alice)).await.let_go().await;
        let mut turns = 0;
        while !is_done(&world, &alice).await {
            turns += 1;
            assert!(turns < 1_000, "{what} is not completed when it is dropped at call {call}");
            yield_now().await;
        }
    }
}

async fn account(world: &World, alice: &Alice) -> Option<auth_runtime::store::Account> {
    super::staff::find(world, &alice.id).await
}

#[tokio::test]
async fn rights_that_are_being_set_are_set() {
    completed(
        "set_roles",
        3,
        async |administration, alice| administration.set_roles(&alice.id, ["editor"]).await,
        async |world, alice| account(world, alice).await.unwrap().roles == ["editor"],
    )
    .await;
    completed(
        "set_scopes",
        3,
        async |administration, alice| administration.set_scopes(&alice.id, [""; 0]).await,
        async |world, alice| account(world, alice).await.unwrap().scopes.is_empty(),
    )
    .await;
    completed(
        "set_superuser",
        1,
        async |administration, alice| administration.set_superuser(&alice.id, true).await,
        async |world, alice| account(world, alice).await.unwrap().superuser,
    )
    .await;
    completed(
        "set_active",
        3,
        async |administration, alice| administration.set_active(&alice.id, false).await,
        async |world, alice| {
            let is_active = account(world, alice).await.unwrap().active;
            !is_active && world.administration().sessions(&alice.id).await.unwrap().is_empty()
        },
    )
    .await;
}

#[tokio::test]
async fn names_that_are_being_changed_are_changed() {
    completed(
        "rename",
        2,
        async |administration, alice| administration.rename(&alice.id, "alicia").await,
        async |world, alice| account(world, alice).await.unwrap().username == "alicia",
    )
    .await;
    completed(
        "change_email",
        5,
        async |administration, alice| administration.change_email(&alice.id, "a@example.org").await,
        async |world, alice| account(world, alice).await.unwrap().email == "a@example.org",
    )
    .await;
}

#[tokio::test]
async fn sessions_and_keys_that_are_being_ended_are_ended() {
    let has_no_session =
        async |world: &World, alice: &Alice| world.administration().sessions(&alice.id).await.unwrap().is_empty();
    completed(
        "end_session",
        1,
        async |administration, alice| administration.end_session(&alice.id, &alice.session).await,
        &has_no_session,
    )
    .await;
    completed(
        "end_sessions",
        1,
        async |administration, alice| administration.end_sessions(&alice.id).await,
        &has_no_session,
    )
    .await;
    let has_no_key = async |world: &World, alice: &Alice| {
        let keys = world.administration().api_keys(&alice.id).await.unwrap();
        keys.iter().all(|key| key.revoked_at.is_some())
    };
    completed(
        "revoke_api_key",
        1,
        async |administration, alice| administration.revoke_api_key(&alice.id, &alice.key).await,
        &has_no_key,
    )
    .await;
    completed(
        "revoke_api_keys",
        1,
        async |administration, alice| administration.revoke_api_keys(&alice.id).await,
        &has_no_key,
    )
    .await;
}

#[tokio::test]
async fn a_reset_an_unlock_and_a_deletion_that_have_begun_are_completed() {
    completed(
        "require_reset",
        6,
        async |administration, alice| administration.require_reset(&alice.id).await,
        async |world, alice| {
            use secrecy::ExposeSecret as _;
            account(world, alice).await.unwrap().password_hash.expose_secret().starts_with('!')
        },
    )
    .await;
    completed(
        "unlock",
        1,
        async |administration, alice| administration.unlock(&alice.id).await,
        async |world, alice| world.administration().locked_until([&alice.id]).await.unwrap()[0].is_none(),
    )
    .await;
    completed(
        "delete",
        7,
        async |administration, alice| administration.delete(&alice.id).await,
        async |world, alice| account(world, alice).await.is_none(),
    )
    .await;
}

#[tokio::test]
async fn persons_who_are_being_invited_or_created_are() {
    completed(
        "invite",
        3,
        async |administration, _| administration.invite(NewInvitation::new("bob@example.org")).await,
        async |world, _| world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_some(),
    )
    .await;
    completed(
        "create",
        2,
        async |administration, _| administration.create(NewUser::new("bob@example.org")).await,
        async |world, _| world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_some(),
    )
    .await;
}

/// The operator reads who did it, although the client that asked is gone.
#[tokio::test]
async fn a_change_by_an_administrator_who_hangs_up_has_its_event() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    let id = world.join("alice", &[]).await.id;
    for _ in 0..2 {
        mailbox.next("verify").await;
    }
    // The revocations, the administrator and the account are read. Then the session's end is dropped.
    let (sessions, none) = (path(&id, "/sessions"), serde_json::Value::Null);
    let request = send(&world, &admin.token, "DELETE", &sessions, &none);
    drop_at(Held::at(&store, 3), request).await.let_go().await;
    let told =
        format!("actor.id=\"{}\" user.id=\"{id}\" operation=\"end_sessions\" outcome=\"administered\"", admin.id);
    assert_event(&told).await;

    let body = json!({ "email": "bob@example.org" });
    let request = send(&world, &admin.token, "POST", "/auth/admin/accounts", &body);
    // The revocations were read a moment ago: the administrator is read, and the account is stored.
    drop_at(Held::at(&store, 1), request).await.let_go().await;
    mailbox.next("reset").await;
    let bob = store.inner.find_by_login("bob@example.org").await.unwrap().unwrap().id;
    let told = format!("actor.id=\"{}\" user.id=\"{bob}\" operation=\"create\" outcome=\"administered\"", admin.id);
    assert_event(&told).await;
}

async fn assert_event(told: &str) {
    for _ in 0..1_000 {
        if events().contains(told) {
            return;
        }
        yield_now().await;
    }
    panic!("the operator was not told: {told}");
}
