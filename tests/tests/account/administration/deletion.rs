use auth_runtime::{
    account::{AdministrationError, NewInvitation},
    store::{AccountChange, AccountStore},
};
use serde_json::{Value, json};

use super::staff::{Rank, assert_told, find, member, path, superuser};
use crate::account::{
    cookies,
    failing::Flaky,
    mailbox::every_store_with_mail,
    world::{PASSWORD, World, defaults, events, every_store},
};

/// Signs Alice in, in every way, and returns her credentials.
struct Everything {
    id: String,
    access: String,
    refresh: String,
    cookie: String,
    key: String,
}

impl Everything {
    async fn of(world: &World, name: &str) -> Self {
        let member = member(world, name, &[], &["notes:read"]).await;
        let tokens = world.login(name, PASSWORD).await;
        let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
        let cookie = cookies::cookie(&cookies::sign_in(world, name).await);
        let key = json!({ "name": "deploy", "scopes": ["notes:read"] });
        let key = world.json_as(&access, "/auth/api-keys", &key).await.text("key");
        assert_eq!(world.me(&access).await.status, 200);
        Self { id: member.id, access, refresh, cookie, key }
    }

    async fn assert_gone(&self, world: &World) {
        world.me(&self.access).await.assert_problem(401, "invalid-token");
        world.refresh(&self.refresh).await.assert_problem(401, "invalid-credentials");
        assert_eq!(cookies::browse(world, "GET", "/auth/me", &self.cookie).await.status, 401);
        let request = axum::http::Request::get("/plain").header("x-api-key", &self.key);
        assert_eq!(world.send(request, "").await.status, 401);
        assert!(find(world, &self.id).await.is_none());
        assert_eq!(world.administration().sessions(&self.id).await.unwrap(), []);
        assert_eq!(world.administration().api_keys(&self.id).await.unwrap(), []);
    }
}

#[tokio::test]
async fn deleting_an_account_removes_everything_that_belongs_to_it() {
    every_store_with_mail(async |world, mailbox| {
        let admin = member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
        mailbox.next("verify").await;
        let alice = Everything::of(&world, "alice").await;
        let verification = mailbox.next("verify").await.token;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let reset = mailbox.next("reset").await.token;

        let answer = world.call("DELETE", &path(&alice.id, ""), &admin.token).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        alice.assert_gone(&world).await;
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        for (path, body) in [
            ("/auth/email/verify", json!({ "token": verification })),
            ("/auth/password/reset", json!({ "token": reset, "new_password": "another horse battery" })),
        ] {
            world.json(path, &body).await.assert_problem(400, "invalid-one-time-token");
        }
        let told = mailbox.next("account_deleted").await;
        assert_eq!((&*told.to, &*told.username), ("alice@example.org", "alice"));
        assert_told(&admin.id, &alice.id, "delete", "outcome=\"administered\"");
        let event = format!("user.id=\"{}\" outcome=\"account_deleted\" reason=\"administrator\"", alice.id);
        assert!(events().contains(&event), "{event}");
        let again = world.administration().delete(&alice.id).await;
        assert!(matches!(again, Err(AdministrationError::Unknown)), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn a_deleted_persons_name_stays_reserved_and_the_address_is_free() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        world.administration().delete(&alice.id).await.unwrap();
        for name in ["alice", "ALICE"] {
            let answer = world.register(name, PASSWORD).await;
            answer.assert_problem(409, "taken");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/username");
        }
        let body = json!({ "username": "other", "email": "alice@example.org", "password": PASSWORD });
        assert_eq!(world.json("/auth/register", &body).await.status, 201);
    })
    .await;
}

#[tokio::test]
async fn a_deletion_that_was_cut_off_is_completed_by_the_next() {
    const CALLS: usize = 11;
    for call in 0..CALLS {
        let (world, store) = Flaky::world();
        let alice = Everything::of(&world, "alice").await;
        store.fail_at(call);
        let first = world.administration().delete(&alice.id).await;
        assert!(!store.is_left_over(), "call {call}");
        if first.is_err() {
            assert!(matches!(first, Err(AdministrationError::Store(_))), "call {call}: {first:?}");
            assert!(call < 7, "once the account is gone, an error would mislead");
            // From the deactivation onwards, no sign-in succeeds.
            assert_eq!(world.login("alice", PASSWORD).await.status, if call < 2 { 200 } else { 401 }, "call {call}");
            world.administration().delete(&alice.id).await.unwrap();
        }
        alice.assert_gone(&world).await;
    }
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    store.take_calls();
    world.administration().delete(&alice.id).await.unwrap();
    let steps = "the account is found and deactivated; four kinds of records; the account; four kinds once more";
    assert_eq!(store.take_calls(), CALLS, "{steps}");
}

/// A process may have been killed between the account and what a sign-in left behind.
#[tokio::test]
async fn what_is_left_of_an_account_that_is_gone_is_removed() {
    every_store(async |world| {
        let alice = Everything::of(&world, "alice").await;
        assert_eq!(world.accounts.accounts().delete(&alice.id).await.unwrap(), AccountChange::Done);
        assert_eq!(world.administration().sessions(&alice.id).await.unwrap().len(), 3, "the store removes no session");
        let outcome = world.administration().delete(&alice.id).await;
        assert!(matches!(outcome, Err(AdministrationError::Unknown)), "{outcome:?}");
        alice.assert_gone(&world).await;
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_deactivated_half_way_is_deleted() {
    every_store(async |world| {
        let alice = Everything::of(&world, "alice").await;
        world.administration().set_active(&alice.id, false).await.unwrap();
        world.administration().delete(&alice.id).await.unwrap();
        alice.assert_gone(&world).await;
    })
    .await;
}

/// A deactivated superuser is not the last active one.
#[tokio::test]
async fn a_superuser_is_deleted_while_another_is_active() {
    every_store(async |world| {
        let (root, second) = (superuser(&world, "root").await, superuser(&world, "second").await);
        assert_eq!(world.call("DELETE", &path(&second.id, ""), &root.token).await.status, 204);
        let last = world.administration().delete(&root.id).await;
        assert!(matches!(last, Err(AdministrationError::LastSuperuser)), "{last:?}");
        assert_eq!(world.me(&root.token).await.status, 200, "nothing has ended");
    })
    .await;
}

/// The sign-in has verified the password when the account is deleted, or has begun its session.
#[tokio::test]
async fn a_sign_in_that_runs_meanwhile_ends_without_a_session() {
    for with_cookie in [false, true] {
        for call in 1..7 {
            let (world, store) = Flaky::world();
            let alice = world.join("alice", &[]).await;
            let (administration, id) = (world.administration(), alice.id.clone());
            store.before(call, async move { administration.delete(&id).await.unwrap() });
            let answer = match with_cookie {
                true => cookies::sign_in(&world, "alice").await,
                false => world.login("alice", PASSWORD).await,
            };
            let refused = answer.status == 401 && answer.header("set-cookie").is_empty();
            // After the account was read once more, the session was there to be removed with the account.
            let is_dead = || async {
                match with_cookie {
                    true => cookies::browse(&world, "GET", "/auth/me", &cookies::cookie(&answer)).await.status,
                    false => world.me(&answer.text("access_token")).await.status,
                }
            };
            assert!(refused || is_dead().await == 401, "call {call}: {answer:?}");
            assert_eq!(world.administration().sessions(&alice.id).await.unwrap(), [], "call {call}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_sign_in_left_behind_is_removed_a_little_later_where_the_store_fails() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    store.fail_at(7);
    world.administration().delete(&alice.id).await.unwrap();
    assert!(!store.is_left_over());
    store.take_calls();
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(store.take_calls(), 4, "four kinds of records");
    assert_eq!(store.inner.set_active(&alice.id, true).await.unwrap(), AccountChange::Unknown);
}

/// An invited person has no account yet whose end would be news.
#[tokio::test]
async fn the_end_of_an_invitation_is_mailed_to_nobody() {
    every_store_with_mail(async |world, mailbox| {
        let id = world.administration().invite(NewInvitation::new("bob@example.org")).await.unwrap().id;
        mailbox.next("invitation").await;
        world.administration().delete(&id).await.unwrap();
        assert!(find(&world, &id).await.is_none() && mailbox.is_empty().await);
    })
    .await;
}

#[tokio::test]
async fn without_mail_an_account_is_deleted_all_the_same() {
    let world = World::in_memory(defaults);
    let root = superuser(&world, "root").await;
    let alice = member(&world, "alice", &[], &[]).await;
    let body = Value::Null;
    let answer = super::staff::send(&world, &root.token, "DELETE", &path(&alice.id, ""), &body).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
}
