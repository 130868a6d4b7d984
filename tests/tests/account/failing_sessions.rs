//! The store fails while a user ends one session, reauthenticates or asks for mail, or while an administrator manages
//! accounts.

use std::{fmt::Debug, time::Duration};

use auth_runtime::{
    account::Administration,
    store::{AccountChange, AccountStore},
};
use serde_json::{Value, json};

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    failing::{Flaky, fail_at_each_call},
    mailbox::Mailbox,
    world::{PASSWORD, defaults, post},
};

#[tokio::test]
async fn ending_one_session_without_the_store_is_503_and_the_session_goes_on() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        assert!(world.administration().end_sessions(&alice.id).await.is_ok());
        let other = world.login("alice", PASSWORD).await;
        let id = world.administration().sessions(&alice.id).await.unwrap().remove(0).id;
        let token = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        let answer = world.call("DELETE", &format!("/auth/sessions/{id}"), &token).await;
        if answer.status == 503 {
            assert_eq!(world.me(&other.text("access_token")).await.status, 200, "call {call}");
            assert_eq!(world.refresh(&other.text("refresh_token")).await.status, 200, "call {call}");
        }
        answer
    })
    .await;
    assert_eq!(calls, 2, "the revocations, and the end");
}

#[tokio::test]
async fn reauthentication_without_the_store_is_503_and_renews_no_login() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let body = json!({ "password": PASSWORD });
    let calls = fail_at_each_call(&world, &store, async |call| {
        let tokens = world.login("alice", PASSWORD).await;
        world.clock.advance(Duration::from_secs(301));
        store.fail_at(call);
        let answer = world.json_as(&tokens.text("access_token"), "/auth/reauthenticate", &body).await;
        if answer.status == 503 {
            let renewed = world.refresh(&tokens.text("refresh_token")).await.text("access_token");
            world.call("GET", "/fresh", &renewed).await.assert_problem(401, "stale-login");
        }
        answer
    })
    .await;
    assert_eq!(calls, 6, "revocations, session, account, attempt counted, counter reset, time recorded");
}

#[tokio::test]
async fn renewing_a_cookie_without_the_store_is_503_and_the_old_one_goes_on() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let own = cookie(&sign_in(&world, "alice").await);
        store.fail_at(call);
        let request = post("/auth/reauthenticate", "application/json").header("cookie", &own);
        let body = json!({ "password": PASSWORD }).to_string();
        let answer = world.send(request.header("sec-fetch-site", "same-origin"), body).await;
        assert_eq!(answer.status == 200, !answer.header("set-cookie").is_empty(), "call {call}: {answer:?}");
        if answer.status == 503 {
            assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200, "call {call}");
        }
        answer
    })
    .await;
    assert_eq!(calls, 7, "session and account, both again, attempt counted, counter reset, cookie renewed");
}

#[tokio::test]
async fn asking_for_a_verification_without_the_store_sends_nothing() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let ask = async |call| -> Answer {
        let token = world.login("alice", PASSWORD).await.text("access_token");
        store.fail_at(call);
        let answer = world.json_as(&token, "/auth/email/send-verification", &Value::Null).await;
        // The mail is written after the answer.
        assert!(call > 2 || mailbox.is_empty().await, "call {call}");
        answer
    };
    for call in 0..2 {
        world.clock.advance(Duration::from_secs(60));
        let answer = ask(call).await;
        answer.assert_problem(503, "unavailable");
        assert!(!answer.body.contains("canary") && !answer.header("retry-after").is_empty(), "{answer:?}");
    }
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(ask(2).await.status, 202, "the answer does not wait for the token");
    assert!(!store.is_left_over(), "the token was not issued");
    assert_eq!(ask(3).await.status, 202);
    mailbox.next("verify").await;
}

#[tokio::test]
async fn an_administrators_change_without_the_store_is_an_error_and_can_be_repeated() {
    // The calls: account found, change written, tokens or sessions of the account revoked.
    administer(3, async |administration, id| administration.set_roles(id, ["reader"]).await).await;
    administer(3, async |administration, id| administration.set_scopes(id, [""; 0]).await).await;
    // A deactivation ends a change of the address and an invitation, too.
    administer(4, async |administration, id| administration.set_active(id, false).await).await;
}

/// Makes each of the operation's `calls` of the store fail in turn.
async fn administer<E: Debug>(calls: usize, act: impl AsyncFn(&Administration, &str) -> Result<(), E>) {
    let (world, store) = Flaky::world();
    let id = world.join("alice", &["notes:read"]).await.id;
    for call in 0..calls {
        assert_eq!(store.inner.set_active(&id, true).await.unwrap(), AccountChange::Done);
        let token = world.login("alice", PASSWORD).await.text("access_token");
        assert_eq!(world.me(&token).await.status, 200);
        store.fail_at(call);
        assert!(act(&world.administration(), &id).await.is_err(), "call {call}");
        act(&world.administration(), &id).await.unwrap();
        world.me(&token).await.assert_problem(401, "invalid-token");
    }
    store.take_calls();
    act(&world.administration(), &id).await.unwrap();
    assert_eq!(store.take_calls(), calls);
}
