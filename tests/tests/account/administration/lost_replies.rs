//! The store writes a change, and its reply is lost. The people whom the change concerns are told all the same.

use std::time::Duration;

use auth_runtime::{
    auth::{AccountEvent, AuthBuilder},
    store::AccountStore as _,
};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::sleep,
};

use super::staff::{Rank, member, path, send};
use crate::account::{
    failing::Flaky,
    mailbox::Mailbox,
    recognised_app::{link_for, open},
    world::{World, defaults},
};

type Told = UnboundedReceiver<AccountEvent>;

fn world() -> (World, Flaky, Mailbox, Told) {
    let (tell, told) = unbounded_channel();
    let (sender, mailbox) = Mailbox::new();
    let listen = |builder: AuthBuilder| {
        builder.on_account_event(move |event| {
            let sent = tell.send(event);
            async move { sent }
        })
    };
    let (world, store) = Flaky::world_with(|builder| listen(defaults(builder).mail(sender)));
    (world, store, mailbox, told)
}

/// Returns how many of the events that the application got so far are such ones.
fn count(told: &mut Told, is_it: impl Fn(&AccountEvent) -> bool) -> usize {
    core::iter::from_fn(|| told.try_recv().ok()).filter(is_it).count()
}

/// Changes an account by an administrator while each reply is lost, and asks again after a failure. Returns how many
/// replies there are.
async fn lose_each_reply(method: &str, what: &str, body: Value, kind: &'static str, is_it: fn(&AccountEvent) -> bool) {
    for call in 0.. {
        let (world, store, mailbox, mut told) = world();
        let boss = member(&world, "boss", &[Rank::Admin], &[]).await;
        mailbox.next("verify").await;
        let alice = member(&world, "alice", &[], &[]).await;
        mailbox.next("verify").await;
        let target = path(&alice.id, what);
        store.lose_reply_of(call);
        let answer = send(&world, &boss.token, method, &target, &body).await;
        let is_over = store.has_lost_none();
        if answer.status == 503 {
            let again = send(&world, &boss.token, method, &target, &body).await;
            assert_eq!(again.status, 204, "call {call}: {again:?}");
        } else {
            assert_eq!(answer.status, 204, "call {call}: {answer:?}");
        }
        sleep(Duration::from_secs(20)).await;
        let mut sent = mailbox.take_all().await;
        sent.retain(|message| message.kind == kind);
        let to: Vec<_> = sent.iter().map(|message| &*message.to).collect();
        assert_eq!(to, ["alice@example.org"], "call {call}");
        assert_eq!(count(&mut told, is_it), 1, "call {call}");
        if is_over {
            assert!(call > 8, "{call}");
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_former_address_and_the_application_are_told_of_a_change_by_an_administrator() {
    let is_it = |event: &AccountEvent| matches!(event, AccountEvent::EmailChanged { .. });
    lose_each_reply("PUT", "/email", json!({ "email": "new@example.org" }), "email_changed", is_it).await;
}

#[tokio::test(start_paused = true)]
async fn the_owner_and_the_application_are_told_of_a_deletion_by_an_administrator() {
    let is_it = |event: &AccountEvent| matches!(event, AccountEvent::Deleted { .. });
    lose_each_reply("DELETE", "", Value::Null, "account_deleted", is_it).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_of_an_account_whose_owner_deleted_it() {
    let is_it = |event: &AccountEvent| matches!(event, AccountEvent::Deleted { .. });
    for call in 0.. {
        let (world, store, _mailbox, mut told) = world();
        let alice = member(&world, "alice", &[], &[]).await;
        store.lose_reply_of(call);
        let answer = world.call("DELETE", "/auth/me", &alice.token).await;
        if store.has_lost_none() {
            assert_eq!((call, answer.status), (13, 204), "{answer:?}");
            return;
        }
        sleep(Duration::from_secs(20)).await;
        let found = store.inner.find(&alice.id).await.unwrap();
        // The revocations, the account twice, and the write that deactivates it.
        assert_eq!(found.is_some(), call < 3, "call {call}");
        assert_eq!(count(&mut told, is_it), usize::from(call >= 3), "call {call}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_application_is_told_that_the_owner_has_come() {
    let is_it = |event: &AccountEvent| matches!(event, AccountEvent::OwnerProven { .. });
    for call in 0.. {
        let (world, store, _mailbox, mut told) = world();
        world.join("victim", &[]).await;
        let asked = link_for(&world, "victim").await;
        store.lose_reply_of(call);
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        let answer = open(&world, &path, &[&asked.cookie]).await;
        if store.has_lost_none() {
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(call > 10, "{call}");
            return;
        }
        sleep(Duration::from_secs(20)).await;
        let account = store.inner.find_by_login("victim").await.unwrap().unwrap();
        let is_told = count(&mut told, is_it) > 0;
        assert_eq!(account.email_verified_at.is_some(), is_told, "call {call}: {answer:?}");
    }
}

/// The store cannot even be asked whether the account is gone.
#[tokio::test(start_paused = true)]
async fn rests_of_an_account_whose_owner_deleted_it_are_removed_a_little_later() {
    let (world, store, _mailbox, _told) = world();
    let alice = member(&world, "alice", &[], &[]).await;
    store.lose_reply_of(8);
    store.fail_at(9);
    assert_eq!(world.call("DELETE", "/auth/me", &alice.token).await.status, 503);
    assert!(!store.has_lost_none() && !store.is_left_over());
    assert!(store.inner.find(&alice.id).await.unwrap().is_none());
    store.take_calls();
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(store.take_calls(), 5, "the account, and four kinds of records");
}
