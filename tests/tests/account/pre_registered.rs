//! A stranger registers with somebody else's address and waits. What the stranger made does not outlive the moment when
//! the owner of the address takes the account.

use auth_runtime::{
    auth::{AccountEvent, AuthBuilder},
    store::AccountStore,
};
use axum::http::{Request, request::Builder};
use secrecy::ExposeSecret as _;
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

/// A sign-in that proves no address, for example by a passkey that the stranger registered, is in flight while the
/// owner takes the account over.
#[tokio::test]
async fn a_strangers_sign_in_without_an_address_does_not_outlast_the_take_over() {
    for call in 1..4 {
        let (world, store) = Flaky::world();
        let id = world.join("victim", &[]).await.id;
        let asked = link_for(&world, "victim").await;
        let begun = begin_in(&world).await;
        let world = std::sync::Arc::new(world);
        let beside = std::sync::Arc::clone(&world);
        store.before(call, async move {
            let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
            assert_eq!(open(&beside, &path, &[&asked.cookie]).await.status, 200);
        });
        let answer = return_to(&world, &begun.state, &id, &[&begun.cookie]).await;
        // Before the session, before the account is read once more, and after that.
        assert_eq!(answer.status, if call < 3 { 401 } else { 200 }, "call {call}");
        let live = world.administration().sessions(&id).await.unwrap();
        let methods: Vec<_> = live.iter().map(|session| &*session.amr).collect();
        assert_eq!(methods, ["otp"], "call {call}: the owner's alone");
    }
}

/// The stranger signs in, by what proves no address, until the proof is recorded. What the application has to remove
/// works after that.
async fn assert_no_sign_in_before_the_proof_lives(
    prepare: impl AsyncFn(&World, &Mailbox) -> (Builder, String),
    expected: u16,
) {
    let mut ended = 0;
    for call in 0.. {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        let id = world.join("victim", &[]).await.id;
        mailbox.next("verify").await;
        let (request, body) = prepare(&world, &mailbox).await;
        let begun = begin_in(&world).await;
        let world = std::sync::Arc::new(world);
        let (beside, inner) = (std::sync::Arc::clone(&world), store.inner.clone());
        let (send, mut sent) = tokio::sync::oneshot::channel();
        let strangers = id.clone();
        store.before(call, async move {
            let account = inner.find(&strangers).await.unwrap().unwrap();
            let answer = return_to(&beside, &begun.state, &strangers, &[&begun.cookie]).await;
            send.send((account.email_verified_at.is_some(), answer.status)).unwrap();
        });
        let answer = world.send(request, body).await;
        assert_eq!(answer.status, expected, "call {call}: {answer:?}");
        let Ok((is_proven, status)) = sent.try_recv() else {
            assert!(ended > 10, "{ended} of {call}");
            return;
        };
        let live = world.administration().sessions(&id).await.unwrap();
        let is_there = live.iter().any(|session| session.amr.starts_with("fed"));
        assert!(status == 200 && (is_proven || !is_there), "call {call}, {status}");
        ended += usize::from(!is_proven);
    }
}

#[tokio::test]
async fn no_sign_in_of_the_stranger_before_the_proof_outlives_the_take_over() {
    let prepare = async |world: &World, _: &Mailbox| {
        let asked = link_for(world, "victim").await;
        let request = Request::get(format!("/own/link?state={}&token={}", asked.state, asked.token));
        (request.header("cookie", &asked.cookie), String::new())
    };
    assert_no_sign_in_before_the_proof_lives(prepare, 200).await;
}

#[tokio::test]
async fn no_sign_in_of_the_stranger_before_the_proof_outlives_the_reset() {
    let prepare = async |world: &World, mailbox: &Mailbox| {
        world.json("/auth/password/forgot", &json!({ "email": "victim@example.org" })).await;
        let body = json!({ "token": mailbox.next("reset").await.token, "new_password": OWNERS }).to_string();
        (Request::post("/auth/password/reset").header("content-type", "application/json"), body)
    };
    assert_no_sign_in_before_the_proof_lives(prepare, 204).await;
}

/// The sessions cannot be ended after the hash is replaced. The proof waits for that.
#[tokio::test]
async fn no_proof_is_recorded_while_a_session_of_the_stranger_may_live() {
    for call in 0.. {
        let (world, store) = Flaky::world();
        let id = world.join("victim", &[]).await.id;
        let asked = link_for(&world, "victim").await;
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        let world = std::sync::Arc::new(world);
        let (beside, failing) = (std::sync::Arc::clone(&world), store.clone());
        let (send, sent) = tokio::sync::oneshot::channel();
        // The hash is about to be replaced. The next call fails, and so does one of those after it.
        store.before(SWAP, async move {
            send.send(beside.login("victim", PASSWORD).await.text("access_token")).unwrap();
            failing.fail_at(0);
            let once_more = failing.clone();
            failing.before(1 + call, async move { once_more.fail_at(0) });
        });
        let answer = open(&world, &path, &[&asked.cookie]).await;
        let strangers = sent.await.unwrap();
        let is_over = store.is_left_over() || call > 20;
        let account = store.inner.find(&id).await.unwrap().unwrap();
        let lives = world.me(&strangers).await.status == 200;
        assert!(account.email_verified_at.is_none() || !lives, "call {call}: {answer:?}");
        if is_over {
            return;
        }
    }
}

/// The token and the account are read before, and what the password began has ended.
const SWAP: usize = 6;

/// The stranger changes the password, and somebody follows the link of the verification, before the hash is replaced.
#[tokio::test]
async fn no_password_of_the_stranger_outlives_the_take_over_of_an_account_that_is_verified_meanwhile() {
    let mut kept = Vec::new();
    for call in 0.. {
        let (world, store) = Flaky::world();
        let id = world.join("victim", &[]).await.id;
        let asked = link_for(&world, "victim").await;
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        let (inner, now) = (store.inner.clone(), world.auth.clock().unix());
        let (send, mut sent) = tokio::sync::oneshot::channel();
        store.before(call, async move {
            let account = inner.find(&id).await.unwrap().unwrap();
            let is_taken = account.password_hash.expose_secret().starts_with('!');
            if !is_taken {
                let other = "the stranger's".into();
                assert!(inner.set_password_hash(&id, &account.password_hash, &other).await.unwrap());
                assert!(inner.set_email_verified(&id, &account.email, now).await.unwrap());
            }
            send.send(is_taken).unwrap();
        });
        assert_eq!(open(&world, &path, &[&asked.cookie]).await.status, 200, "call {call}");
        if sent.try_recv() != Ok(false) {
            break;
        }
        let account = store.inner.find_by_login("victim").await.unwrap().unwrap();
        if account.password_hash.expose_secret() == "the stranger's" {
            kept.push(call);
        }
    }
    assert_eq!(kept, [0, 1], "an account that is verified when it is read is not taken over");
}
