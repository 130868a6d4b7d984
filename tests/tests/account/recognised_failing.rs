//! The store, or the randomness, fails while a recognised person signs in.

use auth_runtime::store::{Account, AccountStore, SessionStore};

use super::{
    answers::Answer,
    cookies,
    failing::{Flaky, fail_at_each_call},
    recognised_app::{Begun, begin_in, link_for, open, return_to},
    world::{World, events, post},
};

/// Returns the answer of the callback. A failure must leave the browser without a session.
async fn callback(world: &World, store: &Flaky, user: &str, carried: &[&str], call: usize) -> Answer {
    let begun = begin_in(world).await;
    store.fail_at(call);
    let answer = return_to(world, &begun.state, user, &[carried, &[begun.cookie.as_str()]].concat()).await;
    assert_eq!(answer.status == 200, !answer.header("set-cookie").is_empty(), "{answer:?}");
    answer
}

/// Registers a person whose address is verified. The first link to an address that is not takes the account over.
async fn joined(world: &World, store: &Flaky) -> Account {
    let alice = world.join("alice", &[]).await;
    let now = world.auth.clock().unix();
    assert!(store.inner.set_email_verified(&alice.id, &alice.email, now).await.unwrap());
    alice
}

#[tokio::test]
async fn a_callback_without_the_store_is_503_and_leaves_no_session() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let live = async || {
        let now = world.auth.clock().unix();
        store.inner.list(&alice.id, now).await.unwrap().len()
    };
    let calls = fail_at_each_call(&world, &store, async |call| {
        let before = live().await;
        let answer = callback(&world, &store, &alice.id, &[], call).await;
        // The last call ends the new session, so only its failure leaves one. No client has its cookie.
        assert!(answer.status == 200 || live().await == before, "call {call}");
        answer
    })
    .await;
    assert_eq!(calls, 4, "the account, the new session, the account once more, and its sessions");
}

#[tokio::test]
async fn a_callback_with_a_session_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let own = cookies::cookie(&cookies::sign_in(&world, "alice").await);
        callback(&world, &store, &alice.id, &[&own], call).await
    })
    .await;
    assert_eq!(calls, 6, "also, the old session is found and ended");
}

#[tokio::test]
async fn a_link_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    joined(&world, &store).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let asked = link_for(&world, "alice").await;
        store.fail_at(call);
        open(&world, &format!("/own/link?state={}&token={}", asked.state, asked.token), &[&asked.cookie]).await
    })
    .await;
    assert_eq!(calls, 5, "the token, the account, the new session, the account once more, and its sessions");
}

#[tokio::test]
async fn an_app_without_the_store_is_503_and_gets_no_token() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let begun = world.form("/own/app", "").await;
        store.fail_at(call);
        let form = format!("state={}&verifier={}&user={}", begun.text("state"), begun.text("verifier"), alice.id);
        let answer = world.form("/own/app/finish", &form).await;
        assert_eq!(answer.status == 200, answer.body.contains("access_token"), "{answer:?}");
        answer
    })
    .await;
    assert_eq!(calls, 4);
}

/// The token of a link that an app hands over, too.
#[tokio::test]
async fn an_app_with_a_link_without_the_store_is_503_and_gets_no_token() {
    let (world, store) = Flaky::world();
    joined(&world, &store).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let begun = world.form("/own/app", "").await;
        let token = link_for(&world, "alice").await.token;
        store.fail_at(call);
        let form = format!("state={}&verifier={}&token={token}", begun.text("state"), begun.text("verifier"));
        let answer = world.form("/own/app/finish", &form).await;
        assert_eq!(answer.status == 200, answer.body.contains("access_token"), "{answer:?}");
        answer
    })
    .await;
    assert_eq!(calls, 5, "the token, the account, the new session, the account once more, and its sessions");
}

#[tokio::test]
async fn asking_for_a_link_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    // The application itself finds the account, by the first call.
    store.fail_at(1);
    let answer = world.form("/own/ask", "user=alice").await;
    answer.assert_problem(503, "unavailable");
    assert!(!store.is_left_over() && events().contains(&store.cause), "the operator is told");
    assert_eq!(answer.header("set-cookie"), "");
    store.take_calls();
    link_for(&world, "alice").await;
    assert_eq!(store.take_calls(), 2, "the account found, and the token stored");
}

#[tokio::test]
async fn a_link_in_another_browser_without_the_store_is_503() {
    let (world, store) = Flaky::world();
    joined(&world, &store).await;
    let calls = fail_at_each_call(&world, &store, async |call| {
        let asked = link_for(&world, "alice").await;
        store.fail_at(call);
        open(&world, &format!("/own/link?state={}&token={}", asked.state, asked.token), &[]).await
    })
    .await;
    assert_eq!(calls, 1, "the token is found");
    let calls = fail_at_each_call(&world, &store, async |call| {
        let asked = link_for(&world, "alice").await;
        store.fail_at(call);
        let request = post("/own/link", "application/x-www-form-urlencoded").header("sec-fetch-site", "same-origin");
        let answer = world.send(request, format!("token={}", asked.token)).await;
        assert_eq!(answer.status == 200, !answer.header("set-cookie").is_empty(), "{answer:?}");
        answer
    })
    .await;
    assert_eq!(calls, 5, "the token, the account, the new session, the account once more, and its sessions");
}

/// Reading the account is the only call of the store before the session begins.
const BEGIN: usize = 1;

#[tokio::test]
async fn an_account_deactivated_meanwhile_is_not_signed_in() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    let (administration, id) = (world.administration(), alice.id.clone());
    let begun = begin_in(&world).await;
    store.before(BEGIN, async move { administration.set_active(&id, false).await.unwrap() });
    let answer = return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await;
    answer.assert_problem(401, "invalid-credentials");
    assert_eq!(answer.header("set-cookie"), "");
    assert!(world.administration().sessions(&alice.id).await.unwrap().is_empty(), "no session is left");
}

#[tokio::test]
async fn a_link_is_worth_nothing_once_the_account_has_another_address() {
    let (world, store) = Flaky::world();
    let alice = joined(&world, &store).await;
    let follow = async |begun: &Begun| {
        open(&world, &format!("/own/link?state={}&token={}", begun.state, begun.token), &[&begun.cookie]).await
    };
    let move_to = |old: &'static str, new: &'static str| {
        let (accounts, id, now) = (world.accounts.clone(), alice.id.clone(), world.auth.clock().unix());
        async move { accounts.accounts().set_email(&id, old, new, Some(now)).await.unwrap() }
    };
    let asked = link_for(&world, "alice").await;
    assert!(move_to("alice@example.org", "new@example.org").await);
    let before = follow(&asked).await;
    before.assert_problem(401, "invalid-credentials");
    let asked = link_for(&world, "alice").await;
    // The token is used up first.
    store.before(BEGIN + 1, move_to("new@example.org", "newer@example.org"));
    assert_eq!(follow(&asked).await, before, "during the sign-in");
    assert!(world.administration().sessions(&alice.id).await.unwrap().is_empty(), "no session is left");
}
