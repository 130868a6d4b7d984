//! Invitations, from the administrator to the open account.

use std::time::Duration;

use auth_runtime::{
    account::{GrantError, InviteError, Invited, NewInvitation, Registration},
    auth::AuthBuilder,
    store::NewAccount,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    answers::Answer,
    failing::Flaky,
    hung_up::drop_at_call,
    mailbox::Mailbox,
    registration::{world as world_over, worlds},
    registration_fields::{register, with_address},
    world::{PASSWORD, World, defaults, events},
};

pub(super) async fn invite(world: &World, email: &str) -> Invited {
    world.administration().invite(NewInvitation::new(email)).await.unwrap()
}

pub(super) fn token(invited: &Invited) -> String {
    invited.token.as_ref().expect("the service sends no mail").expose_secret().to_owned()
}

pub(super) fn body(name: &str, email: &str, token: &str) -> Value {
    json!({ "username": name, "email": email, "password": PASSWORD, "invitation": token })
}

pub(super) async fn accept(world: &World, name: &str, email: &str, token: &str) -> Answer {
    world.json("/auth/register", &body(name, email, token)).await
}

fn same(builder: AuthBuilder) -> AuthBuilder {
    builder
}

#[tokio::test]
async fn an_invited_person_opens_the_account_once_and_its_address_is_verified() {
    for registration in [Registration::by_invitation(), Registration::open().roles(["member"])] {
        for world in worlds(registration, same).await {
            let mut invitation = NewInvitation::new("Alice@example.org");
            (invitation.roles, invitation.scopes) = (vec!["editor".to_owned()], vec!["notes:read".to_owned()]);
            let invited = world.administration().invite(invitation).await.unwrap();
            assert_eq!(invited.expires_at.as_seconds(), 1_800_000_000 + 7 * 86_400);
            let pending = world.account("alice@example.org").await;
            assert!(!pending.active && pending.pending_until == Some(invited.expires_at) && pending.id == invited.id);

            let answer = accept(&world, "alice", "alice@EXAMPLE.org", &token(&invited)).await;
            assert_eq!(answer.status, 201, "{answer:?}");
            let account = world.account("alice").await;
            assert_eq!(answer.json(), serde_json::to_value(account.profile()).unwrap());
            assert_eq!((&*account.id, &*account.email), (&*invited.id, "Alice@example.org"));
            assert_eq!((account.roles, account.scopes), (vec!["editor".to_owned()], vec!["notes:read".to_owned()]));
            assert!(account.active && account.pending_until.is_none());
            assert_eq!(account.email_verified_at, Some(world.auth.clock().unix()));
            assert_eq!(world.login("alice", PASSWORD).await.status, 200);

            let again = accept(&world, "bob", "alice@example.org", &token(&invited)).await;
            again.assert_problem(400, "invalid-one-time-token");
        }
    }
}

#[tokio::test]
async fn without_an_invitation_nobody_registers_where_one_is_needed() {
    for world in worlds(Registration::by_invitation(), same).await {
        let answer = world.register("alice", PASSWORD).await;
        answer.assert_problem(422, "invalid-body");
        let fault = json!({
            "pointer": "/invitation", "code": "missing", "message": "is missing: accounts are opened by invitation",
        });
        assert_eq!(answer.json()["errors"], json!([fault]));
        assert!(world.accounts.accounts().find_by_login("alice").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn every_bad_token_gets_the_same_answer_and_an_event() {
    for world in worlds(Registration::open(), same).await {
        let invited = invite(&world, "alice@example.org").await;
        let good = token(&invited);
        let other = token(&invite(&world, "bob@example.org").await);
        assert_eq!(accept(&world, "bob", "bob@example.org", &other).await.status, 201);
        let mut flipped = good.clone();
        flipped.replace_range(5..6, if &good[5..6] == "A" { "B" } else { "A" });
        let mut answers = Vec::new();
        for bad in ["", "x", &*flipped, &*other, &good[1..]] {
            answers.push(accept(&world, "carol", "alice@example.org", bad).await);
        }
        world.clock.advance(Duration::from_secs(7 * 86_400));
        answers.push(accept(&world, "carol", "alice@example.org", &good).await);
        for answer in &answers {
            answer.assert_problem(400, "invalid-one-time-token");
            assert_eq!(answer.body, answers[0].body);
        }
        assert!(world.accounts.accounts().find_by_login("carol").await.unwrap().is_none());
    }
    for reason in ["malformed", "unknown"] {
        assert!(events().contains(&format!("reason=\"{reason}\"")), "{reason}");
    }
}

#[tokio::test]
async fn another_address_is_refused_in_words_that_do_not_tell_the_invited_one() {
    for world in worlds(Registration::by_invitation(), same).await {
        let invited = invite(&world, "alice@example.org").await;
        let answer = accept(&world, "mallory", "mallory@example.org", &token(&invited)).await;
        answer.assert_problem(422, "invalid-body");
        let fault = json!({
            "pointer": "/email", "code": "not-invited", "message": "is not the address that was invited",
        });
        assert_eq!(answer.json()["errors"], json!([fault]));
        assert!(!answer.body.contains("alice"));
        assert!(events().contains("reason=\"another_address\""));
        let answer = accept(&world, "alice", "alice@example.org", &token(&invited)).await;
        assert_eq!(answer.status, 201, "the token is not used up: {answer:?}");
    }
}

#[tokio::test]
async fn a_refused_password_or_name_does_not_use_the_token_up() {
    for world in worlds(Registration::open(), same).await {
        assert_eq!(world.register("taken", PASSWORD).await.status, 201);
        let token = token(&invite(&world, "alice@example.org").await);
        let mut weak = body("alice", "alice@example.org", &token);
        weak["password"] = json!("short");
        world.json("/auth/register", &weak).await.assert_problem(422, "invalid-body");
        accept(&world, "a b", "alice@example.org", &token).await.assert_problem(422, "invalid-body");
        let answer = accept(&world, "TAKEN", "alice@example.org", &token).await;
        answer.assert_problem(409, "taken");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/username");
        assert_eq!(accept(&world, "alice", "alice@example.org", &token).await.status, 201);
    }
}

#[tokio::test]
async fn inviting_an_address_again_replaces_the_token_and_the_roles() {
    for world in worlds(Registration::by_invitation(), same).await {
        let mut invitation = NewInvitation::new("alice@example.org");
        invitation.roles = vec!["admin".to_owned()];
        let first = world.administration().invite(invitation).await.unwrap();
        world.clock.advance(Duration::from_secs(6 * 86_400));
        let second = invite(&world, "ALICE@example.org").await;
        accept(&world, "alice", "alice@example.org", &token(&first))
            .await
            .assert_problem(400, "invalid-one-time-token");
        world.clock.advance(Duration::from_secs(6 * 86_400));
        let answer = accept(&world, "alice", "alice@example.org", &token(&second)).await;
        assert_eq!((answer.status, &answer.json()["roles"]), (201, &json!([])), "{answer:?}");
    }
}

/// The cleaning has not removed it yet.
#[tokio::test]
async fn an_address_whose_invitation_has_ended_can_be_invited_again() {
    for world in
        worlds(Registration::by_invitation(), |builder| builder.invitation_lifetime(Duration::from_secs(60))).await
    {
        let first = invite(&world, "alice@example.org").await;
        world.clock.advance(Duration::from_secs(60));
        let answer = accept(&world, "alice", "alice@example.org", &token(&first)).await;
        answer.assert_problem(400, "invalid-one-time-token");
        let second = invite(&world, "alice@example.org").await;
        assert_eq!(accept(&world, "alice", "alice@example.org", &token(&second)).await.status, 201);
    }
}

/// While the hook of a registration runs, its account is not an administrator's to replace.
#[tokio::test]
async fn an_address_that_is_being_registered_is_invited_only_after_an_hour() {
    for world in worlds(Registration::open(), same).await {
        let mut new = NewAccount::new("alice", "alice@example.org", "a hash".into());
        new.active = false;
        new.pending_until = Some(world.auth.clock().unix().plus_seconds(3_600));
        let id = world.accounts.accounts().create(new).await.unwrap().id;
        let error = world.administration().invite(NewInvitation::new("alice@example.org")).await.unwrap_err();
        assert!(matches!(error, InviteError::HasAccount), "{error}");
        assert!(world.accounts.accounts().find(&id).await.unwrap().is_some(), "the registration goes on");
        world.clock.advance(Duration::from_secs(3_600));
        assert_ne!(invite(&world, "alice@example.org").await.id, id);
    }
}

#[tokio::test]
async fn whom_an_administrator_cannot_invite_is_said_in_words() {
    for world in worlds(Registration::open(), same).await {
        assert_eq!(world.register("alice", PASSWORD).await.status, 201);
        let administration = world.administration();
        for email in ["alice@example.org", "ALICE@example.org"] {
            let error = administration.invite(NewInvitation::new(email)).await.unwrap_err();
            assert!(matches!(error, InviteError::HasAccount), "{error}");
        }
        for email in ["", "alice", "zo\u{eb}@example.org", "a@b@example.org"] {
            let error = administration.invite(NewInvitation::new(email)).await.unwrap_err();
            assert!(matches!(error, InviteError::NoAddress), "{email}: {error}");
        }
        let mut invitation = NewInvitation::new("bob@example.org");
        invitation.roles = vec![" ".to_owned()];
        let error = administration.invite(invitation).await.unwrap_err();
        assert!(matches!(error, InviteError::Grant(GrantError::Role(_))), "{error}");
        assert!(world.accounts.accounts().find_by_login("bob@example.org").await.unwrap().is_none());
        assert!(world.account("alice").await.active, "the account is as it was");
    }
}

#[tokio::test]
async fn an_invited_account_lets_nobody_in_before_it_is_opened() {
    let (sender, mailbox) = Mailbox::new();
    let (clock, store) = (auth_runtime::testing::ManualClock::at(super::world::START), memory());
    let world = world_over(Registration::open(), |builder| builder.mail(sender), clock, store);
    let invited = invite(&world, "alice@example.org").await;
    assert!(invited.token.is_none(), "the service sends it itself");
    let sent = mailbox.next("invitation").await;
    assert_eq!((&*sent.to, sent.expires_in), ("alice@example.org", Duration::from_secs(7 * 86_400)));
    for password in [PASSWORD, "!invited", ""] {
        assert_eq!(world.login("alice@example.org", password).await.status, 401);
    }
    let answer = world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
    assert_eq!(answer.status, 202);
    assert!(mailbox.is_empty().await, "no reset for a pending account");
    for (path, body) in [
        ("/auth/email/verify", json!({ "token": sent.token })),
        ("/auth/password/reset", json!({ "token": sent.token, "new_password": "another horse battery" })),
    ] {
        world.json(path, &body).await.assert_problem(400, "invalid-one-time-token");
    }
    let unrelated = json!({ "username": "mallory", "email": "alice@example.org", "password": PASSWORD });
    world.json("/auth/register", &unrelated).await.assert_problem(409, "taken");
    assert_eq!(accept(&world, "alice", "alice@example.org", &sent.token).await.status, 201);
    assert!(mailbox.is_empty().await, "the address needs no further proof");
}

fn memory() -> auth_runtime::store::Accounts {
    let clock = std::sync::Arc::new(auth_runtime::testing::ManualClock::at(super::world::START));
    let entropy = std::sync::Arc::new(auth_runtime::secret::SystemEntropy::new());
    auth_runtime::store::Accounts::new(auth_runtime::store::MemoryStore::new(clock, entropy))
}

#[tokio::test]
async fn an_account_by_address_alone_can_be_invited() {
    for world in worlds(Registration::by_invitation().email_alone(), same).await {
        let invited = invite(&world, "Alice@example.org").await;
        let body = json!({ "email": "alice@example.org", "password": PASSWORD, "invitation": token(&invited) });
        let answer = world.json("/auth/register", &body).await;
        assert_eq!((answer.status, &*answer.text("username")), (201, "Alice@example.org"), "{answer:?}");
        assert_eq!(world.login("alice@example.org", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn the_hook_of_an_invited_account_can_fail_and_be_tried_again() {
    let (registration, rows) = with_address(Registration::by_invitation());
    for world in worlds(registration, same).await {
        let invited = invite(&world, "alice@example.org").await;
        for (city, status) in [("Nowhere", 409), ("Broken", 500), ("Panic", 503), ("Bonn", 201), ("Bonn", 400)] {
            let mut body = body("alice", "alice@example.org", &token(&invited));
            body["city"] = json!(city);
            let answer = world.json("/auth/register", &body).await;
            assert_eq!(answer.status, status, "{city}: {answer:?}");
        }
        let (member, _) = rows.lock().unwrap().remove(&invited.id).unwrap();
        assert!(member.invited && member.username == "alice");
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_leaves_no_invited_account_half_open() {
    // The account opened, and the token made void.
    for call in 3..5 {
        let (registration, rows) = with_address(Registration::by_invitation());
        let (world, store) = Flaky::world_with_registration(registration, defaults);
        let invited = invite(&world, "alice@example.org").await;
        let mut body = body("alice", "alice@example.org", &token(&invited));
        body["city"] = json!("Bonn");
        drop_at_call(&store, call, world.json("/auth/register", &body)).await;
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let account = world.account("alice").await;
        assert!(account.active && rows.lock().unwrap().contains_key(&account.id), "call {call}");
        let told = format!("user.id={} outcome=\"registered\" reason=\"invited\"", account.id);
        assert!(events().contains(&told), "call {call}");
    }
}

#[tokio::test]
async fn the_hook_does_not_run_for_an_invited_person_whose_user_name_is_taken() {
    let (registration, rows) = with_address(Registration::open());
    for world in worlds(registration, same).await {
        assert_eq!(register(&world, "taken", "Bonn").await.status, 201);
        rows.lock().unwrap().clear();
        let mut body = body("TAKEN", "alice@example.org", &token(&invite(&world, "alice@example.org").await));
        body["city"] = json!("Bonn");
        world.json("/auth/register", &body).await.assert_problem(409, "taken");
        assert!(rows.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_invitation_opens_no_account_that_has_another_address_by_now() {
    for world in worlds(Registration::by_invitation(), same).await {
        let invited = invite(&world, "alice@example.org").await;
        let accounts = world.accounts.accounts();
        let set = accounts.set_email(&invited.id, "alice@example.org", "mallory@example.org", None).await;
        assert!(set.unwrap());
        for email in ["mallory@example.org", "alice@example.org"] {
            let answer = accept(&world, "mallory", email, &token(&invited)).await;
            answer.assert_problem(400, "invalid-one-time-token");
        }
        assert!(!world.account("mallory@example.org").await.active);
    }
}

#[tokio::test]
async fn the_output_of_debug_shows_neither_token_nor_address() {
    let world = World::in_memory(defaults);
    let invited = invite(&world, "alice@example.org").await;
    let printed = format!("{invited:?} {:?}", NewInvitation::new("alice@example.org"));
    assert!(!printed.contains("alice") && !printed.contains(&token(&invited)), "{printed}");
}
