//! A stranger registers with somebody else's address and waits. What the stranger made does not outlive the moment when
//! the owner of the address takes the account.

use auth_runtime::{
    auth::{AccountEvent, AuthBuilder},
    store::AccountStore,
};
use axum::http::Request;
use serde_json::json;
use tokio::sync::mpsc::unbounded_channel;

use super::{
    answers::Answer,
    api_keys::program::Service,
    cookies::{browse, cookie, sign_in},
    failing::Flaky,
    mailbox::{Mailbox, every_store_with_mail, world_with_mail},
    recognised_app::{begin_in, cookies, link_for, open, return_to},
    world::{PASSWORD, World, defaults, events},
};

const OWNERS: &str = "another horse battery";

/// What a stranger has on an account with the address of its victim.
struct Stranger {
    id: String,
    bearer: String,
    refresh: String,
    cookie: String,
    key: String,
    /// A token for another address, which the stranger reads.
    change: String,
}

impl Stranger {
    async fn register(world: &World, mailbox: &Mailbox) -> Self {
        let id = world.join("victim", &[]).await.id;
        mailbox.next("verify").await;
        let tokens = world.login("victim", PASSWORD).await;
        let bearer = tokens.text("access_token");
        let cookie = cookie(&sign_in(world, "victim").await);
        let key = world.json_as(&bearer, "/auth/api-keys", &json!({ "name": "wait", "scopes": [] })).await.text("key");
        let body = json!({ "new_email": "stranger@example.org", "current_password": PASSWORD });
        assert_eq!(world.json_as(&bearer, "/auth/email", &body).await.status, 202);
        mailbox.next("email_change_requested").await;
        let change = mailbox.next("email_change").await.token;
        Self { id, bearer, refresh: tokens.text("refresh_token"), cookie, key, change }
    }

    /// Returns which of the stranger's ways into the account still work.
    async fn ways(&self, world: &World) -> Vec<&'static str> {
        let works = [
            ("access token", world.me(&self.bearer).await.status == 200),
            ("refresh token", world.refresh(&self.refresh).await.status == 200),
            ("cookie", browse(world, "GET", "/auth/me", &self.cookie).await.status == 200),
            ("API key", Service::of(world).status("/", &self.key).await == 200),
            ("password", world.login("victim", PASSWORD).await.status == 200),
            ("other address", redeem(world, &self.change).await.status == 204),
        ];
        works.into_iter().filter(|(_, works)| *works).map(|(way, _)| way).collect()
    }
}

const ALL: [&str; 6] = ["access token", "refresh token", "cookie", "API key", "password", "other address"];

async fn redeem(world: &World, token: &str) -> Answer {
    world.json("/auth/email/change", &json!({ "token": token })).await
}

async fn reset(world: &World, mailbox: &Mailbox) -> Answer {
    world.json("/auth/password/forgot", &json!({ "email": "victim@example.org" })).await;
    let token = mailbox.next("reset").await.token;
    world.json("/auth/password/reset", &json!({ "token": token, "new_password": OWNERS })).await
}

/// Signs in by a link, and returns the session's cookie.
async fn by_link(world: &World) -> String {
    let asked = link_for(world, "victim").await;
    let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
    let answer = open(world, &path, &[&asked.cookie]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    cookies(&answer).remove(0)
}

/// Returns from a provider that has verified this address, or says nothing about one.
async fn by_provider(world: &World, id: &str, address: &str) -> Answer {
    let begun = begin_in(world).await;
    if address.is_empty() {
        return return_to(world, &begun.state, id, &[&begun.cookie]).await;
    }
    open(world, &format!("/own/callback?state={}&user={id}&address={address}", begun.state), &[&begun.cookie]).await
}

#[tokio::test]
async fn nothing_of_a_stranger_outlives_the_owners_reset_and_the_address_is_verified() {
    every_store_with_mail(async |world, mailbox| {
        let stranger = Stranger::register(&world, &mailbox).await;
        assert_eq!(reset(&world, &mailbox).await.status, 204);
        assert_eq!(stranger.ways(&world).await, [""; 0]);
        assert_eq!(mailbox.next("changed").await.api_keys, Some(0), "the owner is told that no key is left");
        let own = world.login("victim", OWNERS).await.text("access_token");
        assert_eq!(world.me(&own).await.json()["email_verified"], true);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_stranger_outlives_the_owners_sign_in_by_a_link() {
    every_store_with_mail(async |world, mailbox| {
        let stranger = Stranger::register(&world, &mailbox).await;
        let own = by_link(&world).await;
        assert_eq!(stranger.ways(&world).await, [""; 0]);
        let me = browse(&world, "GET", "/auth/me", &own).await.json();
        assert_eq!((&me["email_verified"], &me["email"]), (&json!(true), &json!("victim@example.org")));
        // The account is the owner's from now on. The next link ends nothing.
        assert_eq!(reset(&world, &mailbox).await.status, 204);
        let bearer = world.login("victim", OWNERS).await.text("access_token");
        by_link(&world).await;
        assert_eq!(world.me(&bearer).await.status, 200);
        assert_eq!(world.login("victim", OWNERS).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_stranger_outlives_the_sign_in_by_a_provider_that_has_verified_the_address() {
    every_store_with_mail(async |world, mailbox| {
        let stranger = Stranger::register(&world, &mailbox).await;
        let another = by_provider(&world, &stranger.id, "other@example.org").await;
        another.assert_problem(401, "invalid-credentials");
        assert_eq!(world.me(&stranger.bearer).await.status, 200, "an address of somebody else takes nothing over");
        assert_eq!(by_provider(&world, &stranger.id, "victim@example.org").await.status, 200);
        assert_eq!(stranger.ways(&world).await, [""; 0]);
    })
    .await;
}

/// The application says nothing about the address, so the account may be one that it created for this person.
#[tokio::test]
async fn a_sign_in_without_an_address_takes_nothing_over() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    let stranger = Stranger::register(&world, &mailbox).await;
    assert_eq!(by_provider(&world, &stranger.id, "").await.status, 200);
    assert_eq!(stranger.ways(&world).await, ALL);
}

/// Whoever follows the link of a verification confirms the account as it is.
#[tokio::test]
async fn a_verified_account_keeps_its_sessions_at_a_link_and_its_keys_at_a_reset() {
    every_store_with_mail(async |world, mailbox| {
        world.register("victim", PASSWORD).await;
        let verification = mailbox.next("verify").await.token;
        let bearer = world.login("victim", PASSWORD).await.text("access_token");
        let key = json!({ "name": "deploy", "scopes": [] });
        assert_eq!(world.json_as(&bearer, "/auth/api-keys", &key).await.status, 201);
        assert_eq!(world.json("/auth/email/verify", &json!({ "token": verification })).await.status, 204);
        by_link(&world).await;
        assert_eq!(world.me(&bearer).await.status, 200);
        assert_eq!(world.login("victim", PASSWORD).await.status, 200);
        assert_eq!(reset(&world, &mailbox).await.status, 204);
        assert_eq!(mailbox.next("changed").await.api_keys, Some(1));
    })
    .await;
}

#[tokio::test]
async fn a_link_verifies_the_address_where_that_is_required() {
    let (world, mailbox) = world_with_mail(|builder| builder.require_verified_email(true));
    world.register("victim", PASSWORD).await;
    mailbox.next("verify").await;
    let own = by_link(&world).await;
    assert_eq!(browse(&world, "GET", "/auth/me", &own).await.json()["email_verified"], true);
    assert!(mailbox.is_empty().await, "no other verification is sent");
    assert_eq!(world.login("victim", PASSWORD).await.status, 401, "the password is older than the proof");
}

#[tokio::test]
async fn the_application_is_told_once_that_the_owner_has_come() {
    let (tell, mut told) = unbounded_channel();
    let listen = |builder: AuthBuilder| {
        builder.on_account_event(move |event| {
            let told = tell.send(event);
            async move { told }
        })
    };
    let (world, mailbox) = world_with_mail(listen);
    let id = world.join("victim", &[]).await.id;
    mailbox.next("verify").await;
    by_link(&world).await;
    by_link(&world).await;
    let event = format!("user.id=\"{id}\" outcome=\"email_verified\" reason=\"owner_proven\"");
    assert_eq!(events().matches(&event).count(), 1, "{event}");
    let mut seen = Vec::new();
    while seen.len() < 4 {
        seen.push(told.recv().await.unwrap());
    }
    let is_proof = |event: &&AccountEvent| matches!(event, AccountEvent::OwnerProven { .. });
    assert_eq!(seen.iter().filter(is_proof).count(), 1, "{seen:?}");
    assert!(seen.iter().all(|event| event.user_id() == id));
}

/// Until the proof is recorded, the next sign-in takes the account over again.
#[tokio::test]
async fn a_take_over_without_the_store_leaves_nothing_of_the_stranger_once_it_has_succeeded() {
    for call in 0.. {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        let stranger = Stranger::register(&world, &mailbox).await;
        let asked = link_for(&world, "victim").await;
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        store.fail_at(call);
        let answer = open(&world, &path, &[&asked.cookie]).await;
        if store.is_left_over() {
            assert_eq!(answer.status, 200, "{answer:?}");
            assert!(call > 10, "{call}");
            return;
        }
        if answer.status == 503 {
            assert_eq!(answer.header("set-cookie"), "");
            by_link(&world).await;
        }
        let account = store.inner.find_by_login("victim").await.unwrap().unwrap();
        assert!(account.email_verified_at.is_some(), "call {call}");
        assert_eq!(Service::of(&world).status("/", &stranger.key).await, 401, "call {call}");
        assert_eq!(world.login("victim", PASSWORD).await.status, 401, "call {call}");
        assert_eq!(world.me(&stranger.bearer).await.status, 401, "call {call}");
        redeem(&world, &stranger.change).await.assert_problem(400, "invalid-one-time-token");
    }
}

/// The stranger signs in while the owner takes the account over.
#[tokio::test]
async fn a_session_that_the_stranger_begins_meanwhile_ends_as_well() {
    for call in 0.. {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        let stranger = Stranger::register(&world, &mailbox).await;
        let asked = link_for(&world, "victim").await;
        let world = std::sync::Arc::new(world);
        let (beside, (send, mut sent)) = (std::sync::Arc::clone(&world), tokio::sync::oneshot::channel());
        store.before(call, async move { send.send(beside.login("victim", PASSWORD).await).unwrap() });
        let request = Request::get(format!("/own/link?state={}&token={}", asked.state, asked.token));
        let answer = world.send(request.header("cookie", &asked.cookie), "").await;
        assert_eq!(answer.status, 200, "call {call}: {answer:?}");
        let Ok(strangers) = sent.try_recv() else {
            assert!(call > 10, "{call}");
            return;
        };
        if strangers.status == 200 {
            let token = strangers.text("access_token");
            assert_eq!(world.me(&token).await.status, 401, "call {call}");
        }
        assert_eq!(stranger.ways(&world).await, [""; 0], "call {call}");
    }
}
