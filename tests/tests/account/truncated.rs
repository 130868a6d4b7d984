//! Hashes of systems that silently cut passwords off after 72 bytes for bcrypt.

use std::{sync::Arc, time::Duration};

use auth_runtime::{
    auth::AuthBuilder,
    password::{Cost, Passwords},
    secret::SystemEntropy,
    store::NewAccount,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tokio::time::timeout;

use super::{
    cookies,
    failing::Flaky,
    hung_up,
    mailbox::{Mailbox, world_with_mail},
    world::{World, defaults, post},
};

/// The hash of 100 letters `y`, of which bcryptjs 3.0.3 hashed 72.
const CUT: &str = "$2b$04$FlzD1Iht1GP8xxxZ92nyR.wu.lErjpRnzLL7sQG8K/w57iVOpFx12";
const NEW: &str = "a new and longer password";

fn long() -> String {
    "y".repeat(100)
}

fn asked(builder: AuthBuilder) -> AuthBuilder {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).cost(Cost::weak_for_testing());
    defaults(builder).passwords(passwords.accept_truncated_bcrypt(true).build())
}

async fn import(world: &World) {
    let alice = NewAccount::new("alice", "alice@example.org", SecretString::from(CUT));
    world.accounts.accounts().create(alice).await.unwrap();
}

async fn world() -> (World, Mailbox) {
    let (world, mailbox) = world_with_mail(asked);
    import(&world).await;
    (world, mailbox)
}

async fn hash(world: &World) -> String {
    world.account("alice").await.password_hash.expose_secret().to_owned()
}

#[tokio::test]
async fn it_signs_in_once_and_asks_for_a_new_password() {
    let (world, mailbox) = world().await;
    assert_eq!(world.login("alice", "wrong").await.status, 401);
    let signed_in = world.login("alice", &long()).await;
    assert_eq!((signed_in.status, &signed_in.json()["password_change_required"]), (200, &json!(true)));
    let token = signed_in.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.me(&token).await.status, 200);
    assert_eq!(mailbox.next("reset").await.to, "alice@example.org");
    // From here on, neither that password nor another one with this beginning signs in.
    for password in [long(), long() + "z", "y".repeat(72)] {
        world.login("alice", &password).await.assert_problem(401, "invalid-credentials");
    }

    // The owner is signed in, and for some minutes needs no old password.
    let changed = world.json_as(&token, "/auth/password", &json!({ "new_password": NEW })).await;
    assert_eq!(changed.status, 204);
    let signed_in = world.login("alice", NEW).await;
    assert!(signed_in.status == 200 && signed_in.json().get("password_change_required").is_none());
}

#[tokio::test]
async fn the_mail_sets_a_new_password_too() {
    let (world, mailbox) = world().await;
    assert_eq!(world.login("alice", &long()).await.status, 200);
    let token = mailbox.next("reset").await.token;
    let reset = world.json("/auth/password/reset", &json!({ "token": token, "new_password": NEW })).await;
    assert_eq!(reset.status, 204);
    assert_eq!(world.login("alice", NEW).await.status, 200);
}

#[tokio::test]
async fn the_session_of_that_sign_in_cannot_go_on_by_the_cut_password() {
    let (world, _mailbox) = world().await;
    let token = world.login("alice", &long()).await.json()["access_token"].as_str().unwrap().to_owned();
    world.clock.advance(Duration::from_secs(301));
    let change = json!({ "current_password": long(), "new_password": NEW });
    world.json_as(&token, "/auth/password", &change).await.assert_problem(403, "wrong-password");
    assert_eq!(world.json_as(&token, "/auth/password", &json!({ "new_password": NEW })).await.status, 401);
    let renewed = world.json_as(&token, "/auth/reauthenticate", &json!({ "password": long() })).await;
    assert_eq!(renewed.status, 401);
}

#[tokio::test]
async fn the_other_ways_to_sign_in_say_it_as_well() {
    let (world, _mailbox) = world().await;
    let form = format!("grant_type=password&username=alice&password={}", long());
    let signed_in = world.token(&form).await;
    assert_eq!((signed_in.status, &signed_in.json()["password_change_required"]), (200, &json!(true)));

    let (world, _mailbox) = self::world().await;
    let body = json!({ "username": "alice", "password": long() }).to_string();
    let request = post("/auth/session", "application/json").header("sec-fetch-site", "same-origin");
    let signed_in = world.send(request, body).await;
    assert_eq!((signed_in.status, &signed_in.json()["password_change_required"]), (200, &json!(true)));
    assert_eq!(signed_in.json()["username"], "alice");
}

/// Returns where a form with this password leads. `more` is added to the form.
async fn form_leads_to(change: impl FnOnce(AuthBuilder) -> AuthBuilder, more: &str) -> String {
    let (world, mailbox) = world_with_mail(|builder| change(asked(builder)));
    import(&world).await;
    let request = post("/auth/session", "application/x-www-form-urlencoded").header("sec-fetch-site", "same-origin");
    let answer = world.send(request, format!("username=alice&password={}{more}", long())).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    mailbox.next("reset").await;
    // The browser is signed in, and needs no old password for some minutes.
    let request = post("/auth/password", "application/json").header("sec-fetch-site", "same-origin");
    let request = request.header("cookie", cookies::cookie(&answer));
    assert_eq!(world.send(request, json!({ "new_password": NEW }).to_string()).await.status, 204);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_form_leads_to_the_page_for_a_new_password_or_says_it_to_the_usual_page() {
    let with_page = |builder: AuthBuilder| builder.signed_in_page("/home").password_change_page("/new-password");
    assert_eq!(form_leads_to(with_page, "").await, "/new-password");
    let back = "&return_to=%2Forders%3Fpage%3D2%26a%3D1";
    assert_eq!(form_leads_to(with_page, back).await, "/new-password?return_to=/orders%3Fpage%3D2%26a%3D1");
    assert_eq!(form_leads_to(with_page, "&return_to=//evil.example").await, "/new-password");

    let without = |builder: AuthBuilder| builder.signed_in_page("/home#top");
    assert_eq!(form_leads_to(without, "").await, "/home?password_change_required=true#top");
    assert_eq!(form_leads_to(without, back).await, "/orders?page=2&a=1&password_change_required=true");
}

#[tokio::test]
async fn a_truncated_hash_signs_no_user_in_by_default() {
    let world = World::in_memory(defaults);
    import(&world).await;
    assert_eq!(world.login("alice", &long()).await.status, 401);
    assert_eq!(hash(&world).await, CUT);
}

/// With one session a user, the sign-ins that fail must not end the session of the successful one.
#[tokio::test]
async fn one_of_many_simultaneous_requests_signs_in() {
    for most in [1, 50] {
        let (sender, mailbox) = Mailbox::new();
        let world = World::in_memory(|builder| asked(builder).mail(sender).sessions_per_user(most));
        import(&world).await;
        let (password, other_end) = (long(), long() + "other");
        let answers: [_; 3] = tokio::join!(
            world.login("alice", &password),
            world.login("alice", &password),
            world.login("alice", &other_end),
        )
        .into();
        let (signed_in, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!((signed_in.len(), refused.len()), (1, 2));
        refused.iter().for_each(|answer| answer.assert_problem(401, "invalid-credentials"));
        assert_eq!(world.me(&signed_in[0].text("access_token")).await.status, 200);
        let id = world.account("alice").await.id;
        assert_eq!(world.administration().sessions(&id).await.unwrap().len(), 1);
        mailbox.next("reset").await;
        assert!(mailbox.is_empty().await, "one message");
    }
}

#[tokio::test]
async fn a_refused_scope_does_not_use_the_hash_up() {
    let (world, mailbox) = world().await;
    let form = format!("grant_type=password&username=alice&password={}&scope=notes:write", long());
    let refused = world.token(&form).await;
    assert_eq!((refused.status, &refused.json()["error"]), (400, &json!("invalid_scope")));
    assert_eq!(hash(&world).await, CUT);
    assert!(mailbox.is_empty().await, "no message");
    assert_eq!(world.login("alice", &long()).await.status, 200);
    mailbox.next("reset").await;
}

/// An access token that cannot be minted signs no user in, so the hash must stay.
#[tokio::test]
async fn too_many_roles_do_not_use_the_hash_up() {
    let (world, _mailbox) = world().await;
    let id = world.account("alice").await.id;
    let roles: Vec<String> = (0..200).map(|number| format!("role{number}")).collect();
    assert!(world.accounts.accounts().set_roles(&id, &roles).await.unwrap());
    assert_eq!(world.login("alice", &long()).await.status, 503);
    assert_eq!(hash(&world).await, CUT);
    assert!(world.accounts.accounts().set_roles(&id, &[]).await.unwrap());
    assert_eq!(world.login("alice", &long()).await.status, 200);
}

/// A client that hangs up before the hash is used up can try again; after that, the owner gets the mail.
#[tokio::test]
async fn a_client_that_hangs_up_tries_again_or_gets_the_mail() {
    // The swap comes after the session has begun and the account was read again; one call follows.
    const USE_UP: usize = 6;
    for call in 0..=USE_UP + 1 {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| asked(builder).mail(sender));
        import(&world).await;
        hung_up::drop_at_call(&store, call, world.login("alice", &long())).await;
        let is_old = hash(&world).await == CUT;
        assert_eq!(is_old, call < USE_UP, "call {call}");
        if is_old {
            assert_eq!(world.login("alice", &long()).await.status, 200, "call {call}");
        }
        let token = timeout(Duration::from_secs(5), mailbox.next("reset")).await.expect("the mail is sent").token;
        let reset = world.json("/auth/password/reset", &json!({ "token": token, "new_password": NEW })).await;
        assert_eq!(reset.status, 204, "call {call}");
    }
}

/// If a store fails, the sign-in either succeeds or leaves the hash for the next try.
#[tokio::test]
async fn a_store_that_fails_leaves_the_hash_unless_the_user_is_signed_in() {
    for call in 0..12 {
        let (world, store) = Flaky::world_with(asked);
        import(&world).await;
        store.fail_at(call);
        let answer = world.login("alice", &long()).await;
        store.fail_at(usize::MAX);
        let is_old = hash(&world).await == CUT;
        match answer.status {
            503 => assert!(is_old, "{call}"),
            200 => assert!(!is_old, "{call}"),
            other => panic!("{call}: {other}"),
        }
        let again = world.login("alice", &long()).await.status;
        assert_eq!(again, if is_old { 200 } else { 401 }, "{call}");
    }
}
