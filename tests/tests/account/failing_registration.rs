//! Registration and invitations while the store fails.

use auth_runtime::{
    account::{InviteError, NewInvitation, Registration},
    store::AccountStore as _,
};
use serde_json::json;

use super::{
    failing::{Flaky, fail_at_each_call},
    invitations::{accept, body, invite, token},
    mailbox::Mailbox,
    registration_fields::{register, with_address},
    world::{PASSWORD, defaults, events},
};

#[tokio::test]
async fn registering_with_a_hook_without_the_store_is_503_and_can_be_tried_again() {
    let (registration, rows) = with_address(Registration::open());
    let (world, store) = Flaky::world_with_registration(registration, defaults);
    let calls = fail_at_each_call(&world, &store, async |call| {
        store.fail_at(call);
        let answer = register(&world, "alice", "Bonn").await;
        let found = store.inner.find_by_login("alice").await.unwrap();
        assert_eq!(found.is_some_and(|account| account.active), answer.status == 201, "call {call}");
        answer
    })
    .await;
    assert_eq!(calls, 2, "the account is stored, and opened");
    assert_eq!(rows.lock().unwrap().len(), 2, "the hook ran for the account that could not be opened, too");
}

/// The pending account remains then, and goes after an hour.
#[tokio::test]
async fn a_failed_hook_is_answered_although_its_account_cannot_be_removed() {
    let (registration, _) = with_address(Registration::open());
    let (world, store) = Flaky::world_with_registration(registration, defaults);
    store.fail_at(1);
    register(&world, "alice", "Nowhere").await.assert_problem(409, "no-such-city");
    assert!(!store.is_left_over() && events().contains(&store.cause), "the operator is told");
    assert!(!world.account("alice").await.active);
    world.clock.advance(std::time::Duration::from_secs(3_600));
    assert_eq!(store.inner.remove_pending(world.auth.clock().unix(), 10).await.unwrap(), 1);
}

#[tokio::test]
async fn accepting_an_invitation_without_the_store_is_503_and_does_not_use_it_up() {
    let (registration, rows) = with_address(Registration::by_invitation());
    let (world, store) = Flaky::world_with_registration(registration, defaults);
    let token = token(&invite(&world, "alice@example.org").await);
    let mut body = body("alice", "alice@example.org", &token);
    body["city"] = json!("Bonn");
    for call in 0..4 {
        store.fail_at(call);
        let answer = world.json("/auth/register", &body).await;
        answer.assert_problem(503, "unavailable");
        assert!(!store.is_left_over() && events().contains(&store.cause), "call {call}");
        assert!(!world.account("alice@example.org").await.active, "call {call}");
    }
    // The token found, its account, the user name free, the account opened. The token is made void after that.
    store.fail_at(4);
    let answer = world.json("/auth/register", &body).await;
    assert_eq!(answer.status, 201, "the account is open, so an error would mislead: {answer:?}");
    assert!(!store.is_left_over());
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    accept(&world, "bob", "alice@example.org", &token).await.assert_problem(422, "invalid-body");
    rows.lock().unwrap().clear();
    world.json("/auth/register", &body).await.assert_problem(400, "invalid-one-time-token");
    assert!(rows.lock().unwrap().is_empty(), "the token of an open account does not run the hook");
}

/// An administrator may correct the address while the person registers. The token was sent to the former one.
#[tokio::test]
async fn an_account_that_gets_another_address_meanwhile_is_not_opened() {
    // The token found, its account, the user name free, the account opened.
    for call in 0..4 {
        let (world, store) = Flaky::world_with_registration(Registration::by_invitation(), defaults);
        let invited = invite(&world, "alice@example.org").await;
        let (inner, id) = (store.inner.clone(), invited.id.clone());
        store.before(call, async move {
            assert!(inner.set_email(&id, "alice@example.org", "mallory@example.org", None).await.unwrap());
        });
        let answer = accept(&world, "alice", "alice@example.org", &token(&invited)).await;
        answer.assert_problem(400, "invalid-one-time-token");
        assert!(!world.account("mallory@example.org").await.active, "call {call}");
    }
}

#[tokio::test]
async fn inviting_without_the_store_is_an_error_and_can_be_tried_again() {
    let (world, store) = Flaky::world_with_registration(Registration::by_invitation(), defaults);
    let administration = world.administration();
    let invitation = NewInvitation::new("alice@example.org");
    for (calls, what) in [(3, "address free, account stored, token stored"), (4, "the first account removed, too")] {
        for call in 0..calls {
            store.fail_at(call);
            let error = administration.invite(invitation.clone()).await.unwrap_err();
            assert!(matches!(error, InviteError::Store(_)) && !store.is_left_over(), "{what}, call {call}: {error}");
            if calls == 3 {
                let found = store.inner.find_by_login("alice@example.org").await.unwrap();
                assert!(found.is_none(), "call {call}: nothing keeps the address");
            } else if call == 3 || call == 2 {
                // The failed call came after the first account was removed.
                invite(&world, "alice@example.org").await;
            }
        }
        let invited = administration.invite(invitation.clone()).await.unwrap();
        assert!(store.inner.find(&invited.id).await.unwrap().is_some());
    }
}

/// The token is stored after the answer. The account is open, and its owner can ask for another token.
#[tokio::test]
async fn a_verification_token_that_cannot_be_stored_leaves_the_account_open() {
    let (sender, mailbox) = Mailbox::new();
    let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
    store.fail_at(1);
    assert_eq!(world.register("alice", PASSWORD).await.status, 201);
    assert!(mailbox.is_empty().await, "no mail with a token that is not stored");
    assert!(!store.is_left_over() && events().contains(&store.cause), "the operator is told");
    let bearer = world.login("alice", PASSWORD).await.text("access_token");
    assert_eq!(world.call("POST", "/auth/email/send-verification", &bearer).await.status, 202);
    mailbox.next("verify").await;
}
