use std::time::Duration;

use auth_runtime::store::SessionKind;
use axum::http::Request;
use serde_json::json;

use super::{
    answers::Answer,
    failing::Flaky,
    world::{PASSWORD, World, defaults, every_store, post},
};

/// Signs in from a page of this service.
pub(super) async fn sign_in(world: &World, name: &str) -> Answer {
    sign_in_with(world, name, &[("sec-fetch-site", "same-origin")]).await
}

pub(super) async fn sign_in_with(world: &World, name: &str, fields: &[(&str, &str)]) -> Answer {
    let body = json!({ "username": name, "password": PASSWORD, "device": "kitchen" }).to_string();
    let mut request = post("/auth/session", "application/json").header("host", "api.example.com");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    world.send(request, body).await
}

/// Sends a request as a page of this service does, with its cookie.
pub(super) async fn browse(world: &World, method: &str, path: &str, cookie: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    world.send(request.header("cookie", cookie).header("sec-fetch-site", "same-origin"), "").await
}

/// Returns the `name=value` of the cookie that an answer sets.
pub(super) fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn signing_in_sets_a_cookie_and_returns_the_profile() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let answer = sign_in(&world, "alice").await;
        assert_eq!((answer.status, answer.text("id")), (200, alice.id.clone()), "{answer:?}");
        let field = answer.header("set-cookie").to_owned();
        let attributes: Vec<_> = field.split("; ").skip(1).collect();
        assert!(field.starts_with("__Host-session=") && cookie(&answer).len() == 15 + 43, "{field}");
        assert_eq!(attributes, ["Path=/", "Max-Age=7776000", "Secure", "HttpOnly", "SameSite=Lax"]);
        assert!(!answer.body.contains("token") && !answer.body.contains("$argon2"), "{answer:?}");
        assert_eq!(browse(&world, "GET", "/auth/me", &cookie(&answer)).await.text("id"), alice.id);
        let sessions = browse(&world, "GET", "/auth/sessions", &cookie(&answer)).await.json();
        assert_eq!(sessions[0]["kind"], "cookie");
        assert_eq!((&sessions[0]["current"], &sessions[0]["device"]), (&json!(true), &json!("kitchen")));
    })
    .await;
}

#[tokio::test]
async fn only_the_hash_of_a_cookie_is_stored() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let cookie = cookie(&sign_in(&world, "alice").await);
        let now = alice.created_at;
        let sessions = world.accounts.sessions().list(&alice.id, now).await.unwrap();
        assert_eq!((sessions.len(), sessions[0].kind), (1, SessionKind::Cookie));
        let secret = cookie.split_once('=').unwrap().1;
        assert!(!sessions[0].id.contains(secret) && !format!("{sessions:?}").contains(secret));
        assert!(!super::world::events().contains(secret), "an event tells the secret");
    })
    .await;
}

#[tokio::test]
async fn another_site_cannot_sign_a_browser_in() {
    let world = World::in_memory(|builder| defaults(builder).trusted_origin("https://app.example.net"));
    world.join("alice", &[]).await;
    let old = cookie(&sign_in(&world, "alice").await);
    for cookies in [vec![], vec![("cookie", old.as_str())]] {
        for fields in [
            vec![],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site"), ("origin", "https://api.example.com")],
            vec![("sec-fetch-site", "odd")],
            vec![("origin", "https://evil.example")],
            vec![("origin", "http://api.example.com")],
            vec![("origin", "null")],
            vec![("x-csrf-token", "x")],
        ] {
            let answer = sign_in_with(&world, "alice", &[cookies.clone(), fields].concat()).await;
            answer.assert_problem(403, "cross-site");
            assert_eq!(answer.header("set-cookie"), "");
        }
        for fields in [
            vec![("sec-fetch-site", "none")],
            vec![("sec-fetch-site", "cross-site"), ("origin", "https://app.example.net")],
            vec![("origin", "https://api.example.com")],
        ] {
            world.clock.advance(Duration::from_secs(60));
            let answer = sign_in_with(&world, "alice", &[cookies.clone(), fields].concat()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_session_that_was_there_before_is_worth_nothing_after_signing_in() {
    every_store(async |world| {
        let mallory = world.join("mallory", &[]).await;
        world.join("alice", &[]).await;
        // Mallory puts the cookie of Mallory's own session into Alice's browser.
        let planted = cookie(&sign_in(&world, "mallory").await);
        let fields = [("sec-fetch-site", "same-origin"), ("cookie", planted.as_str())];
        let own = cookie(&sign_in_with(&world, "alice", &fields).await);
        assert_ne!(own, planted);
        browse(&world, "GET", "/auth/me", &planted).await.assert_problem(401, "unauthenticated");
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("username"), "alice");
        let left = world.accounts.sessions().list(&mallory.id, mallory.created_at).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
        // Each sign-in starts a new session, and ends only the session that the same browser had.
        let another = cookie(&sign_in(&world, "alice").await);
        assert_ne!(another, own);
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_ends_and_sets_nothing() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let own = cookie(&sign_in(&world, "alice").await);
    let request = post("/auth/session", "application/json");
    let request = request.header("sec-fetch-site", "same-origin").header("cookie", &own);
    let answer = world.send(request, json!({ "username": "alice", "password": "wrong" }).to_string()).await;
    answer.assert_problem(401, "invalid-credentials");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200);
}

#[tokio::test]
async fn unreadable_cookies_do_not_prevent_signing_in_but_two_cookies_do() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let with = async |cookie: &str| {
        let fields = [("sec-fetch-site", "same-origin"), ("cookie", cookie)];
        sign_in_with(&world, "alice", &fields).await
    };
    for cookie in ["__Host-session=", "__Host-session=x", "session=y", &format!("__Host-session={}", "A".repeat(43))] {
        assert_eq!(with(cookie).await.status, 200, "{cookie}");
    }
    with("__Host-session=a; __Host-session=b").await.assert_problem(400, "invalid-request");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_expires_the_cookie() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        for (method, path) in [("POST", "/auth/logout"), ("POST", "/auth/logout/all")] {
            let own = cookie(&sign_in(&world, "alice").await);
            let answer = browse(&world, method, path, &own).await;
            assert_cleared(&answer);
            browse(&world, "GET", "/auth/me", &own).await.assert_problem(401, "unauthenticated");
        }
        let own = cookie(&sign_in(&world, "alice").await);
        let id = browse(&world, "GET", "/auth/sessions", &own).await.json()[0]["id"].as_str().unwrap().to_owned();
        assert_cleared(&browse(&world, "DELETE", &format!("/auth/sessions/{id}"), &own).await);
        browse(&world, "GET", "/auth/me", &own).await.assert_problem(401, "unauthenticated");
        // A client that came with a token has no cookie to clear.
        let token = world.login("alice", PASSWORD).await.text("access_token");
        let answer = world.call("POST", "/auth/logout", &token).await;
        assert_eq!((answer.status, answer.header("set-cookie"), answer.header("clear-site-data")), (204, "", ""));
    })
    .await;
}

#[track_caller]
pub(super) fn assert_cleared(answer: &Answer) {
    assert_eq!(answer.status, 204, "{answer:?}");
    assert_eq!(answer.header("clear-site-data"), "", "the whole domain would lose its cookies");
    let expected = "__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";
    assert_eq!(answer.header("set-cookie"), expected);
}

#[tokio::test]
async fn another_site_cannot_sign_a_user_out() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let own = cookie(&sign_in(&world, "alice").await);
    for (method, path) in [
        ("POST", "/auth/logout"),
        ("POST", "/auth/logout/all"),
        ("DELETE", "/auth/sessions"),
        ("DELETE", "/auth/sessions/x"),
    ] {
        let request = Request::builder().method(method).uri(path).header("cookie", &own);
        let answer = world.send(request.header("sec-fetch-site", "cross-site"), "").await;
        answer.assert_problem(403, "cross-site");
    }
    assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200);
}

#[tokio::test]
async fn reauthentication_renews_the_cookie() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let own = cookie(&sign_in(&world, "alice").await);
        world.clock.advance(Duration::from_secs(301));
        browse(&world, "GET", "/fresh", &own).await.assert_problem(401, "stale-login");
        let prove = async |cookie: &str, password: &str| {
            let request = post("/auth/reauthenticate", "application/json").header("cookie", cookie);
            let body = json!({ "password": password }).to_string();
            world.send(request.header("sec-fetch-site", "same-origin"), body).await
        };
        prove(&own, "wrong").await.assert_problem(401, "invalid-credentials");
        browse(&world, "GET", "/fresh", &own).await.assert_problem(401, "stale-login");
        let answer = prove(&own, PASSWORD).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.header("set-cookie").contains(&format!("Max-Age={}", 7_776_000 - 301)), "{answer:?}");
        let renewed = cookie(&answer);
        assert_ne!(renewed, own);
        assert_eq!(browse(&world, "GET", "/fresh", &renewed).await.status, 200);
        browse(&world, "GET", "/auth/me", &own).await.assert_problem(401, "unauthenticated");
        prove(&own, PASSWORD).await.assert_problem(401, "unauthenticated");
        let sessions = browse(&world, "GET", "/auth/sessions", &renewed).await.json();
        assert_eq!(sessions.as_array().unwrap().len(), 1, "{sessions}");
    })
    .await;
}

#[tokio::test]
async fn a_session_of_a_deactivated_or_ended_account_is_over() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let own = cookie(&sign_in(&world, "alice").await);
        world.set_active(&alice.id, false).await;
        browse(&world, "GET", "/auth/me", &own).await.assert_problem(401, "unauthenticated");
        world.set_active(&alice.id, true).await;
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200);
        let ended = world.administration().end_sessions(&alice.id).await;
        assert!(ended.is_ok());
        browse(&world, "GET", "/auth/me", &own).await.assert_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn idle_and_absolute_life_are_the_settings() {
    every_store(async |world| {
        const DAY: u64 = 24 * 60 * 60;
        world.join("alice", &[]).await;
        let idle = cookie(&sign_in(&world, "alice").await);
        world.clock.advance(Duration::from_secs(7 * DAY));
        browse(&world, "GET", "/auth/me", &idle).await.assert_problem(401, "unauthenticated");
        let busy = cookie(&sign_in(&world, "alice").await);
        for day in (0..90).step_by(6) {
            assert_eq!(browse(&world, "GET", "/auth/me", &busy).await.status, 200, "after {day} days");
            world.clock.advance(Duration::from_secs(6 * DAY));
        }
        browse(&world, "GET", "/auth/me", &busy).await.assert_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_limited_like_a_login() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    for _ in 0..10 {
        assert_eq!(sign_in(&world, "alice").await.status, 200);
    }
    let answer = sign_in(&world, "alice").await;
    answer.assert_problem(429, "quota-exceeded");
    assert!(!answer.header("retry-after").is_empty());
}

#[tokio::test]
async fn a_store_that_is_busy_writing_delays_no_request() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let own = cookie(&sign_in(&world, "alice").await);
    world.clock.advance(Duration::from_secs(61));
    // The store reads the session and its account. The next call records the use.
    store.before(2, core::future::pending::<()>());
    let answer = tokio::time::timeout(Duration::from_secs(10), browse(&world, "GET", "/auth/me", &own)).await;
    assert_eq!(answer.expect("it waits").status, 200);
}

#[tokio::test]
async fn ending_another_session_keeps_the_cookie() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let (one, other) = (cookie(&sign_in(&world, "alice").await), cookie(&sign_in(&world, "alice").await));
        let sessions = browse(&world, "GET", "/auth/sessions", &one).await.json();
        let end = async |current: bool| {
            let session = sessions.as_array().unwrap().iter().find(|session| session["current"] == current).unwrap();
            let path = format!("/auth/sessions/{}", session["id"].as_str().unwrap());
            browse(&world, "DELETE", &path, &one).await
        };
        let answer = end(false).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (204, ""));
        assert_eq!(browse(&world, "GET", "/auth/me", &other).await.status, 401);
        let answer = end(true).await;
        assert!(answer.status == 204 && answer.header("set-cookie").contains("Max-Age=0"), "{answer:?}");
    })
    .await;
}
