//! The store fails at each call of each endpoint. The answer is 503, the operator reads the cause, and the request can
//! be repeated.

use std::time::Duration;

use auth_runtime::{
    account::AdministrationError,
    store::{AccountStore, NewAccount},
};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::staff::{Rank, assert_told, member, path, send, token};
use crate::account::{
    failing::{Flaky, fail_at_each_call},
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, events},
};

/// Makes each of the store's calls in a request of an administrator fail in turn, and returns the number of calls.
/// Before each request, `prepare` makes an account ready and returns its identifier and the request's path and body.
async fn fail(method: &str, prepare: impl AsyncFn(&World, usize) -> (String, String, Value)) -> usize {
    let (world, store) = Flaky::world();
    member(&world, "admin", &[Rank::Admin], &["notes:read"]).await;
    fail_at_each_call(&world, &store, async |call| {
        let by = token(&world, "admin").await;
        let (id, what, body) = prepare(&world, call).await;
        store.fail_at(call);
        send(&world, &by, method, &path(&id, &what), &body).await
    })
    .await
}

async fn alice(world: &World, call: usize) -> String {
    match call {
        0 => member(world, "alice", &[], &["notes:read"]).await.id,
        _ => world.account("alice").await.id,
    }
}

#[tokio::test]
async fn each_change_without_the_store_is_503_and_can_be_repeated() {
    // The revocations, the administrator and the account come first.
    let begin = 3;
    for (method, what, body, calls) in [
        ("PUT", "/roles", json!({ "roles": ["reader"] }), begin + 3),
        ("PUT", "/scopes", json!({ "scopes": [] }), begin + 3),
        ("PUT", "/active", json!({ "active": false }), begin + 4),
        ("PUT", "/username", json!({ "username": "alicia" }), begin + 2),
        ("POST", "/require-reset", Value::Null, begin + 6),
        ("POST", "/unlock", Value::Null, begin + 2),
    ] {
        let found = fail(method, async |world, call| {
            // A name that was changed is no longer found by the former one.
            let id = match world.accounts.accounts().find_by_login("alicia").await.unwrap() {
                Some(account) => account.id,
                None => alice(world, call).await,
            };
            (id, what.to_owned(), body.clone())
        })
        .await;
        assert_eq!(found, calls, "{what}");
    }
}

#[tokio::test]
async fn making_a_superuser_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    let root = super::staff::superuser(&world, "root").await;
    let id = alice(&world, 0).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let by = token(&world, "root").await;
        store.fail_at(call);
        send(&world, &by, "PUT", &path(&id, "/superuser"), &json!({ "superuser": true })).await
    })
    .await;
    assert_eq!(calls, 4);
    assert_told(&root.id, &id, "make_superuser", "outcome=\"refused\" reason=\"store_failed\"");
}

#[tokio::test]
async fn ending_sessions_and_keys_without_the_store_is_503() {
    // The request that creates the key has read the revocations.
    for (what, calls) in [("/sessions", 4), ("/api-keys", 3)] {
        let found = fail("DELETE", async |world, call| {
            let id = alice(world, call).await;
            let bearer = token(world, "alice").await;
            let key = json!({ "name": "deploy", "scopes": [] });
            assert_eq!(world.json_as(&bearer, "/auth/api-keys", &key).await.status, 201);
            (id, what.to_owned(), Value::Null)
        })
        .await;
        assert_eq!(found, calls, "{what}");
    }
    let found = fail("DELETE", async |world, call| {
        let id = alice(world, call).await;
        token(world, "alice").await;
        let session = world.administration().sessions(&id).await.unwrap().remove(0).id;
        (id, format!("/sessions/{session}"), Value::Null)
    })
    .await;
    assert_eq!(found, 4, "one session");
    let found = fail("DELETE", async |world, call| {
        let id = alice(world, call).await;
        let bearer = token(world, "alice").await;
        let key = json!({ "name": "deploy", "scopes": [] });
        let key = world.json_as(&bearer, "/auth/api-keys", &key).await.text("id");
        (id, format!("/api-keys/{key}"), Value::Null)
    })
    .await;
    assert_eq!(found, 3, "one key");
}

/// Where nothing was ended, the account is looked up: the identifier may be mistyped.
#[tokio::test]
async fn ending_nothing_without_the_store_is_503() {
    // The end of all sessions also ends a change of the address.
    for (what, calls) in [("/sessions", 3 + 3), ("/api-keys", 3 + 2)] {
        let found = fail("DELETE", async |world, call| {
            let id = match call {
                0 => world.join("alice", &[]).await.id,
                _ => world.account("alice").await.id,
            };
            (id, what.to_owned(), Value::Null)
        })
        .await;
        assert_eq!(found, calls, "{what}");
    }
}

/// The token is stored after the answer. The address is set, and its owner can ask for another token.
#[tokio::test]
async fn a_verification_token_that_cannot_be_stored_leaves_the_address_set() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    member(&world, "admin", &[Rank::Admin], &[]).await;
    let alice = member(&world, "alice", &[], &[]).await;
    for _ in 0..2 {
        mailbox.next("verify").await;
    }
    let by = token(&world, "admin").await;
    store.fail_at(3 + 5);
    let body = json!({ "email": "alicia@example.org" });
    let answer = send(&world, &by, "PUT", &path(&alice.id, "/email"), &body).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(mailbox.next("email_changed").await.to, "alice@example.org");
    assert!(mailbox.is_empty().await, "no mail with a token that is not stored");
    assert!(!store.is_left_over() && events().contains(&store.cause), "the operator is told");
    assert_eq!(world.account("alice").await.email, "alicia@example.org");
    assert_eq!(world.call("POST", "/auth/email/send-verification", &alice.token).await.status, 202);
    assert_eq!(mailbox.next("verify").await.to, "alicia@example.org");
}

/// Rests of an account may remain although its record is gone.
#[tokio::test]
async fn deleting_an_account_that_is_gone_without_the_store_is_an_error_until_nothing_remains() {
    let (world, store) = Flaky::world();
    let administration = world.administration();
    for call in 0..6 {
        store.fail_at(call);
        let outcome = administration.delete("nobody").await;
        // The account, its sessions, its keys, its tokens, and its counters.
        match outcome {
            Err(AdministrationError::Store(_)) => assert!(call < 5 && !store.is_left_over(), "call {call}"),
            Err(AdministrationError::Unknown) => assert!(call == 5 && store.is_left_over(), "call {call}"),
            other => panic!("call {call}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn reading_without_the_store_is_503() {
    for (what, calls) in [("", 4), ("/sessions", 4), ("/api-keys", 4)] {
        let found = fail("GET", async |world, call| (alice(world, call).await, what.to_owned(), Value::Null)).await;
        assert_eq!(found, calls, "{what}");
    }
    let (world, store) = Flaky::world();
    member(&world, "admin", &[Rank::Admin], &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let by = token(&world, "admin").await;
        store.fail_at(call);
        world.call("GET", "/auth/admin/accounts", &by).await
    })
    .await;
    assert_eq!(calls, 4, "the revocations, the administrator, the list, and the locks");
}

#[tokio::test]
async fn setting_an_address_without_the_store_is_503_and_can_be_repeated() {
    let found = fail("PUT", async |world, call| {
        (alice(world, call).await, "/email".to_owned(), json!({ "email": format!("a{call}@example.org") }))
    })
    .await;
    assert_eq!(found, 3 + 5, "account found, tokens made void, account found, address set, tokens made void");
}

#[tokio::test(start_paused = true)]
async fn deleting_without_the_store_is_503_until_the_account_is_gone() {
    let (world, store) = Flaky::world();
    member(&world, "admin", &[Rank::Admin], &[]).await;
    for call in 0..14 {
        world.clock.advance(Duration::from_secs(60));
        let name = format!("alice{call}");
        let id = member(&world, &name, &[], &[]).await.id;
        let by = token(&world, "admin").await;
        store.fail_at(call);
        let answer = world.call("DELETE", &path(&id, ""), &by).await;
        assert!(!store.is_left_over(), "call {call}");
        // The revocations, the administrator and the account, and the steps up to the removal of the account.
        assert_eq!(answer.status, if call < 3 + 7 { 503 } else { 204 }, "call {call}: {answer:?}");
        if answer.status == 503 {
            assert_eq!(world.call("DELETE", &path(&id, ""), &by).await.status, 204, "call {call}");
        }
        assert!(store.inner.find_by_login(&name).await.unwrap().is_none(), "call {call}");
        // What the second pass missed is removed a little later.
        sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn deleting_ones_own_account_without_the_store_is_503_until_it_is_gone() {
    let (world, store) = Flaky::world();
    // The revocations, the account, and the steps up to the removal of the account.
    for call in 0..14 {
        world.clock.advance(Duration::from_secs(60));
        let name = format!("alice{call}");
        let alice = member(&world, &name, &[], &[]).await;
        store.fail_at(call);
        let answer = world.call("DELETE", "/auth/me", &alice.token).await;
        if store.is_left_over() {
            assert_eq!((call, answer.status), (13, 204), "{answer:?}");
            return;
        }
        assert_eq!(answer.status, if call < 2 + 7 { 503 } else { 204 }, "call {call}: {answer:?}");
        assert_eq!(store.inner.find_by_login(&name).await.unwrap().is_none(), answer.status == 204, "call {call}");
        sleep(Duration::from_secs(2)).await;
        // An account that was deactivated goes a little later, since its owner cannot ask again.
        let rest = store.inner.find_by_login(&name).await.unwrap();
        assert_eq!(rest.map(|account| account.active), (call < 2 + 2).then_some(true), "call {call}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_names_the_account_whose_owner_could_not_delete_it() {
    let (world, store) = Flaky::world();
    let alice = member(&world, "alice", &[], &[]).await;
    let told = format!("was not removed: call `Administration::delete` user.id=\"{}\"", alice.id);
    // The sessions are to be removed.
    store.fail_at(4);
    assert_eq!(world.call("DELETE", "/auth/me", &alice.token).await.status, 503);
    for (seconds, pauses) in [(1.5, 1), (2.0, 2), (4.0, 3)] {
        assert!(!events().contains(&told), "{pauses}");
        store.fail_at(0);
        sleep(Duration::from_secs_f32(seconds)).await;
        assert!(!store.is_left_over(), "after pause {pauses}");
    }
    assert!(events().lines().any(|line| line.contains("ERROR") && line.contains(&told)), "{told}");
    world.administration().delete(&alice.id).await.unwrap();
    assert!(store.inner.find_by_login("alice").await.unwrap().is_none());
}

#[tokio::test]
async fn changing_ones_own_address_without_the_store_is_503_and_changes_nothing() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let ask = async |call: usize, fails: bool| {
        let bearer = token(&world, "alice").await;
        let body = json!({ "new_email": format!("a{call}@example.org"), "current_password": PASSWORD });
        if fails {
            store.fail_at(call);
        }
        world.json_as(&bearer, "/auth/email", &body).await
    };
    for call in 0.. {
        world.clock.advance(Duration::from_secs(900));
        let answer = ask(call, true).await;
        if answer.status == 202 {
            assert_eq!(call, 5, "revocations, account, attempt counted and cleared, address looked up");
            // The token is written after the answer, and its failure sends no mail.
            mailbox.next("email_change_requested").await;
            assert!(mailbox.is_empty().await && !store.is_left_over());
            break;
        }
        answer.assert_problem(503, "unavailable");
        assert!(mailbox.is_empty().await, "call {call}");
    }
    for call in 0.. {
        world.clock.advance(Duration::from_secs(900));
        assert_eq!(ask(100 + call, false).await.status, 202);
        mailbox.next("email_change_requested").await;
        let body = json!({ "token": mailbox.next("email_change").await.token });
        let address = async || store.inner.find_by_login("alice").await.unwrap().unwrap().email;
        let before = address().await;
        store.fail_at(call);
        let answer = world.json("/auth/email/change", &body).await;
        assert!(!store.is_left_over(), "call {call}");
        if answer.status == 204 {
            assert_eq!(call, 6, "token, account, two kinds of tokens made void, token still live, address set");
            break;
        }
        answer.assert_problem(503, "unavailable");
        assert_eq!(address().await, before, "call {call}");
        assert_eq!(world.json("/auth/email/change", &body).await.status, 204, "the token is still good: call {call}");
        assert_ne!(address().await, before, "call {call}");
        mailbox.next("email_changed").await;
    }
    // The last call uses the token up, and is made again a little later.
    mailbox.next("email_changed").await;
}

/// The store writes the address and then fails to say so.
#[tokio::test]
async fn an_address_that_was_set_in_spite_of_an_error_is_told_to_the_former_one() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let alice = world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let bearer = token(&world, "alice").await;
    let body = json!({ "new_email": "alicia@example.org", "current_password": PASSWORD });
    assert_eq!(world.json_as(&bearer, "/auth/email", &body).await.status, 202);
    mailbox.next("email_change_requested").await;
    let body = json!({ "token": mailbox.next("email_change").await.token });
    let (inner, failing, now) = (store.inner.clone(), store.clone(), world.auth.clock().unix());
    store.before(4, async move {
        assert!(inner.set_email(&alice.id, "alice@example.org", "alicia@example.org", Some(now)).await.unwrap());
        failing.fail_at(0);
    });
    assert_eq!(world.json("/auth/email/change", &body).await.status, 204);
    assert!(!store.is_left_over());
    assert_eq!(mailbox.next("email_changed").await.to, "alice@example.org");
    world.json("/auth/email/change", &body).await.assert_problem(400, "invalid-one-time-token");
}

/// The token is written after the answer. A forced reset in between ends the session that asked for it.
#[tokio::test]
async fn a_forced_reset_before_the_token_is_written_ends_the_change() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let alice = world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let bearer = token(&world, "alice").await;
    let administration = world.administration();
    store.before(5, async move { administration.require_reset(&alice.id).await.unwrap() });
    let body = json!({ "new_email": "thief@example.org", "current_password": PASSWORD });
    assert_eq!(world.json_as(&bearer, "/auth/email", &body).await.status, 202);
    mailbox.next("email_change_requested").await;
    assert!(mailbox.is_empty().await, "a token was sent");
    assert_eq!(world.login("alice", PASSWORD).await.status, 401, "the reset came in between");
}

/// What a reset at the last moment ends is not carried out: the address may be a thief's.
#[tokio::test(start_paused = true)]
async fn a_change_whose_token_ends_before_the_address_is_set_is_taken_back() {
    for (is_verified, failures) in [(true, 0), (false, 0), (true, 1)] {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        let alice = world.join("alice", &[]).await;
        let now = world.auth.clock().unix();
        assert!(!is_verified || store.inner.set_email_verified(&alice.id, &alice.email, now).await.unwrap());
        let before = store.inner.find(&alice.id).await.unwrap().unwrap();
        mailbox.next("verify").await;
        let body = json!({ "token": asked(&world, &mailbox).await });
        let (administration, failing) = (world.administration(), store.clone());
        let id = alice.id.clone();
        store.before(5, async move {
            administration.require_reset(&id).await.unwrap();
            if failures > 0 {
                // The use of the token succeeds.
                failing.fail_at(1);
            }
        });
        world.json("/auth/email/change", &body).await.assert_problem(400, "invalid-one-time-token");
        assert!(failures == 0 || !store.is_left_over());
        sleep(Duration::from_secs(2)).await;
        let after = store.inner.find(&alice.id).await.unwrap().unwrap();
        assert_eq!((after.email, after.email_verified_at), (before.email, before.email_verified_at), "{failures}");
        assert!(mailbox.is_empty().await, "nobody is told of a change that is none");
    }
}

/// Another person has registered with the former address.
#[tokio::test(start_paused = true)]
async fn a_change_that_cannot_be_taken_back_is_told() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    let alice = world.join("alice", &[]).await;
    mailbox.next("verify").await;
    let body = json!({ "token": asked(&world, &mailbox).await });
    let (administration, inner) = (world.administration(), store.inner.clone());
    let id = alice.id.clone();
    store.before(6, async move {
        administration.end_sessions(&id).await.unwrap();
        AccountStore::create(&inner, NewAccount::new("other", "alice@example.org", "!".into())).await.unwrap();
    });
    world.json("/auth/email/change", &body).await.assert_problem(400, "invalid-one-time-token");
    assert!(mailbox.is_empty().await);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(mailbox.next("email_changed").await.to, "alice@example.org");
    let told = format!("call `Administration::change_email` user.id={}", alice.id);
    assert!(events().lines().any(|line| line.contains("ERROR") && line.contains(&told)), "{told}");
}

/// Asks for another address, and returns the token that was sent there.
async fn asked(world: &World, mailbox: &Mailbox) -> String {
    let bearer = token(world, "alice").await;
    let body = json!({ "new_email": "thief@example.org", "current_password": PASSWORD });
    assert_eq!(world.json_as(&bearer, "/auth/email", &body).await.status, 202);
    mailbox.next("email_change_requested").await;
    mailbox.next("email_change").await.token
}
