//! A user who is signed in with a cookie changes the password. A copy of the old cookie must stop working.

use std::time::Duration;

use auth_runtime::store::AccountStore;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    answers::Answer,
    cookies::{browse, cookie, sign_in},
    failing::Flaky,
    world::{PASSWORD, World, every_store, post},
};

const NEW: &str = "another horse battery";

async fn change(world: &World, cookie: &str, current: Option<&str>) -> Answer {
    change_with(world, cookie, &json!({ "current_password": current, "new_password": NEW })).await
}

async fn change_with(world: &World, cookie: &str, body: &Value) -> Answer {
    let request = post("/auth/password", "application/json").header("cookie", cookie);
    world.send(request.header("sec-fetch-site", "same-origin"), body.to_string()).await
}

async fn works(world: &World, cookie: &str) -> bool {
    browse(world, "GET", "/auth/me", cookie).await.status == 200
}

/// Returns the cookie that a browser has after this answer.
fn kept(answer: &Answer, before: &str) -> String {
    if answer.header("set-cookie").is_empty() { before.to_owned() } else { cookie(answer) }
}

#[tokio::test]
async fn a_change_gives_the_session_another_cookie() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let (own, other) = (cookie(&sign_in(&world, "alice").await), cookie(&sign_in(&world, "alice").await));
        world.clock.advance(Duration::from_secs(301));
        let answer = change(&world, &own, Some(PASSWORD)).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        let attributes = format!("; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax", 7_776_000 - 301);
        assert!(answer.header("set-cookie").ends_with(&attributes), "{answer:?}");
        let renewed = cookie(&answer);
        assert_ne!(renewed, own);
        for over in [&own, &other] {
            browse(&world, "GET", "/auth/me", over).await.assert_problem(401, "unauthenticated");
        }
        let sessions = browse(&world, "GET", "/auth/sessions", &renewed).await.json();
        assert_eq!(sessions.as_array().unwrap().len(), 1, "{sessions}");
        assert_eq!(browse(&world, "GET", "/fresh", &renewed).await.status, 200, "the old password was a proof");
    })
    .await;
}

#[tokio::test]
async fn a_change_without_the_old_password_proves_nothing_anew() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let own = cookie(&sign_in(&world, "alice").await);
        world.clock.advance(Duration::from_secs(200));
        let answer = change(&world, &own, None).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        let renewed = cookie(&answer);
        assert!(!works(&world, &own).await && works(&world, &renewed).await);
        world.clock.advance(Duration::from_secs(100));
        assert_eq!(browse(&world, "GET", "/fresh", &renewed).await.status, 200);
        world.clock.advance(Duration::from_secs(1));
        browse(&world, "GET", "/fresh", &renewed).await.assert_problem(401, "stale-login");
    })
    .await;
}

#[tokio::test]
async fn a_refused_change_keeps_the_cookie() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let own = cookie(&sign_in(&world, "alice").await);
        for (body, status) in [
            (json!({ "current_password": "wrong", "new_password": NEW }), 403),
            (json!({ "current_password": PASSWORD, "new_password": "short" }), 422),
            (json!({ "current_password": PASSWORD, "new_password": PASSWORD }), 422),
        ] {
            let answer = change_with(&world, &own, &body).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (status, ""), "{answer:?}");
        }
        assert!(works(&world, &own).await);
        // A session that refresh tokens continue has no cookie to renew.
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let body = json!({ "current_password": PASSWORD, "new_password": NEW });
        let answer = world.json_as(&token, "/auth/password", &body).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (204, ""), "{answer:?}");
    })
    .await;
}

#[tokio::test]
async fn without_the_store_the_browser_stays_signed_in_with_the_old_password() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    for call in 0.. {
        world.clock.advance(Duration::from_secs(60));
        let own = cookie(&sign_in(&world, "alice").await);
        let before = world.account("alice").await.password_hash;
        store.fail_at(call);
        let answer = change(&world, &own, Some(PASSWORD)).await;
        let kept = kept(&answer, &own);
        assert!(works(&world, &kept).await, "call {call}: {answer:?}");
        if answer.status == 204 {
            assert!(kept != own && !works(&world, &own).await, "a copy of the old cookie");
            // The calls: session and account read, account found, attempt counted, counter reset, account found again,
            // session still live, cookie renewed, links made void, sessions ended, change of the address made void,
            // hash replaced. Then sessions and the change are ended once more.
            assert_eq!(call, 12);
            assert!(!store.is_left_over(), "the last failure hit the second end of sessions");
            return;
        }
        assert_eq!(answer.status, 503, "call {call}: {answer:?}");
        assert_eq!(world.account("alice").await.password_hash.expose_secret(), before.expose_secret(), "call {call}");
    }
}

#[tokio::test]
async fn a_change_that_comes_too_late_keeps_the_browser_signed_in() {
    let (world, store) = Flaky::world();
    let (alice, bob) = (world.join("alice", &[]).await, world.join("bob", &[]).await);
    let own = cookie(&sign_in(&world, "alice").await);
    // A sign-in upgrades the hash of the same password just before the change would replace it.
    let inner = store.inner.clone();
    let stronger = bob.password_hash;
    store.before(7, async move {
        assert!(inner.set_password_hash(&alice.id, &alice.password_hash, &stronger).await.unwrap());
    });
    let answer = change(&world, &own, None).await;
    answer.assert_problem(409, "password-changed");
    assert!(works(&world, &kept(&answer, &own)).await, "{answer:?}");
}

#[tokio::test]
async fn the_second_change_with_one_cookie_is_signed_out() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let own = cookie(&sign_in(&world, "alice").await);
    let secret = own.split_once('=').unwrap().1.to_owned();
    let id = browse(&world, "GET", "/auth/sessions", &own).await.json()[0]["id"].as_str().unwrap().to_owned();
    let (inner, now) = (store.inner.clone(), world.auth.clock().unix());
    store.before(4, async move {
        use auth_runtime::{
            store::{CookieSwap, SessionStore},
            token::{SessionSecret, TokenHash},
        };

        let old = SessionSecret::parse(&secret).unwrap().hash();
        let swap = CookieSwap::new(old, TokenHash::from_bytes([7; 32]));
        assert!(inner.reauthenticated(&id, Some(swap), now).await.unwrap());
    });
    let answer = change(&world, &own, None).await;
    answer.assert_problem(401, "unauthenticated");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(world.login("alice", PASSWORD).await.status, 200, "nothing has changed");
}
