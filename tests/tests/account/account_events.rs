//! What the application does after a registration, a sign-in, a new password, another address and a deletion.

use std::time::{Duration, Instant};

use auth_runtime::{
    auth::{AccountEvent, AuthBuilder, PasswordChange},
    store::SessionKind,
};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{
    cookies,
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, events},
};

fn listened() -> (impl FnOnce(AuthBuilder) -> AuthBuilder, UnboundedReceiver<AccountEvent>) {
    let (tell, told) = unbounded_channel();
    let change = |builder| {
        defaults(builder).on_account_event(move |event| {
            let told = tell.send(event);
            async move { told }
        })
    };
    (change, told)
}

/// Returns the next event. Events come within milliseconds, so a missing one fails the test instead of stopping it.
async fn heard(told: &mut UnboundedReceiver<AccountEvent>) -> AccountEvent {
    let event = tokio::time::timeout(Duration::from_secs(10), told.recv()).await;
    event.expect("an event is told").expect("the world is there")
}

#[tokio::test]
async fn every_step_is_told_once_it_is_final() {
    let (listen, mut told) = listened();
    let (sender, mailbox) = Mailbox::new();
    let world = World::in_memory(|builder| listen(builder).mail(sender));
    let id = world.join("alice", &[]).await.id;
    let event = heard(&mut told).await;
    let AccountEvent::Registered { user_id, username, email, invited, .. } = &event else { panic!("{event:?}") };
    assert_eq!((&**user_id, &**username, &**email, *invited), (&*id, "alice", "alice@example.org", false));

    let token = world.login("alice", PASSWORD).await.text("access_token");
    let event = heard(&mut told).await;
    let AccountEvent::SignedIn { user_id, session_id, kind, .. } = &event else { panic!("{event:?}") };
    assert_eq!((&**user_id, *kind), (&*id, SessionKind::Bearer));
    assert_eq!(*session_id, world.administration().sessions(&id).await.unwrap()[0].id);

    assert_eq!(cookies::sign_in(&world, "alice").await.status, 200);
    let event = heard(&mut told).await;
    assert!(matches!(event, AccountEvent::SignedIn { kind: SessionKind::Cookie, .. }), "{event:?}");

    let body = json!({ "current_password": PASSWORD, "new_password": "another horse battery" });
    assert_eq!(world.json_as(&token, "/auth/password", &body).await.status, 204);
    let event = heard(&mut told).await;
    assert!(matches!(event, AccountEvent::PasswordChanged { how: PasswordChange::Changed, .. }), "{event:?}");

    mailbox.next("verify").await;
    mailbox.next("changed").await;
    world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
    let body = json!({ "token": mailbox.next("reset").await.token, "new_password": "a third horse battery" });
    assert_eq!(world.json("/auth/password/reset", &body).await.status, 204);
    let event = heard(&mut told).await;
    assert!(matches!(&event, AccountEvent::OwnerProven { user_id, .. } if *user_id == id), "{event:?}");
    let event = heard(&mut told).await;
    assert!(matches!(event, AccountEvent::PasswordChanged { how: PasswordChange::Reset, .. }), "{event:?}");
    assert!(told.is_empty());
}

#[tokio::test]
async fn another_address_and_the_end_of_an_account_are_told_whoever_caused_them() {
    let (listen, mut told) = listened();
    let (sender, mailbox) = Mailbox::new();
    let world = World::in_memory(|builder| listen(builder).mail(sender));
    let mut next = async || loop {
        match heard(&mut told).await {
            AccountEvent::Registered { .. } | AccountEvent::SignedIn { .. } => {}
            event => break event,
        }
    };
    for (name, by_owner) in [("alice", true), ("bob", false)] {
        let id = world.join(name, &[]).await.id;
        mailbox.next("verify").await;
        let token = world.login(name, PASSWORD).await.text("access_token");
        if by_owner {
            let body = json!({ "new_email": "alicia@example.org", "current_password": PASSWORD });
            assert_eq!(world.json_as(&token, "/auth/email", &body).await.status, 202);
            mailbox.next("email_change_requested").await;
            let body = json!({ "token": mailbox.next("email_change").await.token });
            assert_eq!(world.json("/auth/email/change", &body).await.status, 204);
        } else {
            world.administration().change_email(&id, "alicia@example.org").await.unwrap();
        }
        let event = next().await;
        assert!(matches!(&event, AccountEvent::EmailChanged { user_id, .. } if *user_id == id), "{event:?}");
        mailbox.next("email_changed").await;
        if by_owner {
            assert_eq!(world.call("DELETE", "/auth/me", &token).await.status, 204);
        } else {
            mailbox.next("verify").await;
            world.administration().delete(&id).await.unwrap();
        }
        let event = next().await;
        assert!(matches!(&event, AccountEvent::Deleted { user_id, .. } if *user_id == id), "{event:?}");
        mailbox.next("account_deleted").await;
    }
}

#[tokio::test]
async fn what_is_refused_is_not_told() {
    let (listen, mut told) = listened();
    let world = World::in_memory(listen);
    world.join("alice", &[]).await;
    heard(&mut told).await;
    assert_eq!(world.register("alice", PASSWORD).await.status, 409);
    assert_eq!(world.register("bob", "short").await.status, 422);
    assert_eq!(world.login("alice", "wrong").await.status, 401);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    heard(&mut told).await;
    let body = json!({ "current_password": "wrong", "new_password": "another horse battery" });
    assert_eq!(world.json_as(&token, "/auth/password", &body).await.status, 403);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(told.is_empty());
}

#[tokio::test]
async fn a_listener_that_fails_or_hangs_changes_no_answer() {
    let world = World::in_memory(|builder| {
        defaults(builder)
            .on_account_event(|_| async { Err("canary: the listener is broken") })
            .on_account_event(|_| std::future::pending::<Result<(), &str>>())
    });
    let begun = Instant::now();
    assert_eq!(world.register("alice", PASSWORD).await.status, 201);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(4), "an answer waited for a listener: {:?}", begun.elapsed());
    while !events().contains("canary: the listener is broken") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
