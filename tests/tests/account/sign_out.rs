//! Signing out with a live or a dead cookie. A dead cookie has no other effect.

use std::time::Duration;

use auth_runtime::auth::AuthBuilder;
use axum::http::Request;
use serde_json::json;

use super::{
    answers::Answer,
    cookies::{assert_cleared, browse, cookie, sign_in, sign_in_with},
    failing::Flaky,
    world::{PASSWORD, World, defaults, every_store, post},
};

const LOGOUT: &str = "/auth/logout";
const EVERYWHERE: &str = "/auth/logout/all";

/// Returns cookies with the session's name but without a live session: ended, unknown, malformed and empty.
async fn dead_cookies(world: &World) -> Vec<String> {
    let ended = cookie(&sign_in(world, "alice").await);
    assert_eq!(browse(world, "POST", LOGOUT, &ended).await.status, 204);
    let named = |value: &str| format!("__Host-session={value}");
    vec![ended, named(&"A".repeat(43)), named("eyJ1c2VyIjoxfQ.another-applications"), named("")]
}

async fn ask(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(path).header("host", "api.example.com");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    world.send(request, "").await
}

#[tokio::test]
async fn a_dead_cookie_is_signed_out_and_expired() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        for dead in dead_cookies(&world).await {
            let answer = browse(&world, "POST", LOGOUT, &dead).await;
            assert_cleared(&answer);
            assert_eq!((answer.body.as_str(), answer.header("www-authenticate")), ("", ""));
        }
        let expired = cookie(&sign_in(&world, "alice").await);
        world.clock.advance(Duration::from_secs(7 * 86_400));
        assert_cleared(&browse(&world, "POST", LOGOUT, &expired).await);
    })
    .await;
}

#[tokio::test]
async fn a_dead_cookie_cannot_end_sessions_everywhere() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    for dead in dead_cookies(&world).await {
        let answer = browse(&world, "POST", EVERYWHERE, &dead).await;
        answer.assert_problem(401, "unauthenticated");
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn a_token_that_signs_out_takes_a_dead_cookie_along() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        for path in [LOGOUT, EVERYWHERE] {
            for dead in dead_cookies(&world).await {
                world.clock.advance(Duration::from_secs(60));
                let token = world.login("alice", PASSWORD).await.text("access_token");
                let bearer = format!("Bearer {token}");
                let fields = [("authorization", bearer.as_str()), ("cookie", &dead), ("sec-fetch-site", "same-origin")];
                assert_cleared(&ask(&world, path, &fields).await);
                world.me(&token).await.assert_problem(401, "invalid-token");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_session_of_a_token_is_ended_with_a_dead_cookie_beside_it() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let dead = dead_cookies(&world).await.remove(0);
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let id = world.call("GET", "/auth/sessions", &token).await.json()[0]["id"].as_str().unwrap().to_owned();
    let request = Request::delete(format!("/auth/sessions/{id}")).header("authorization", format!("Bearer {token}"));
    let request = request.header("cookie", &dead).header("sec-fetch-site", "same-origin");
    assert_cleared(&world.send(request, "").await);
}

#[tokio::test]
async fn other_refusals_of_a_sign_out_stay_and_expire_nothing() {
    let (world, store) = Flaky::world();
    world.join("alice", &[]).await;
    let dead = dead_cookies(&world).await.remove(0);
    let live = cookie(&sign_in(&world, "alice").await);
    let token = format!("Bearer {}", world.login("alice", PASSWORD).await.text("access_token"));
    let own = ("sec-fetch-site", "same-origin");
    let twice = format!("{dead}; {live}");
    for (fields, status, code) in [
        (vec![], 401, "unauthenticated"),
        (vec![own], 401, "unauthenticated"),
        (vec![("authorization", "Bearer x"), ("cookie", dead.as_str()), own], 401, "invalid-token"),
        (vec![("cookie", dead.as_str())], 403, "cross-site"),
        (vec![("cookie", dead.as_str()), ("sec-fetch-site", "cross-site")], 403, "cross-site"),
        (vec![("authorization", token.as_str()), ("cookie", dead.as_str())], 403, "cross-site"),
        (vec![("cookie", twice.as_str()), own], 400, "invalid-request"),
        (vec![("authorization", token.as_str()), ("cookie", live.as_str()), own], 400, "invalid-request"),
    ] {
        for path in [LOGOUT, EVERYWHERE] {
            let answer = ask(&world, path, &fields).await;
            answer.assert_problem(status, code);
            assert_eq!(answer.header("set-cookie"), "", "{fields:?}");
        }
    }
    store.fail_at(0);
    let answer = ask(&world, LOGOUT, &[("cookie", dead.as_str()), own]).await;
    answer.assert_problem(503, "unavailable");
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(browse(&world, "GET", "/auth/me", &live).await.status, 200, "nothing has ended");
}

/// A user with a dead cookie can use everything that anonymous users can.
#[tokio::test]
async fn a_dead_cookie_does_not_lock_its_owner_out() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    for (number, dead) in dead_cookies(&world).await.into_iter().enumerate() {
        world.clock.advance(Duration::from_secs(60));
        let with = |path: &str| post(path, "application/json").header("cookie", &dead);
        let bob = json!({ "username": format!("bob{number}"), "email": format!("{number}@example.org"), "password": PASSWORD });
        assert_eq!(world.send(with("/auth/register"), bob.to_string()).await.status, 201, "{dead}");
        let alice = json!({ "username": "alice", "password": PASSWORD });
        assert_eq!(world.send(with("/auth/login"), alice.to_string()).await.status, 200, "{dead}");
        let keys = Request::get("/.well-known/jwks.json").header("cookie", &dead);
        assert_eq!(world.raw(keys, "").await.status(), 200, "{dead}");
        let fields = [("sec-fetch-site", "same-origin"), ("cookie", dead.as_str())];
        let signed_in = sign_in_with(&world, "alice", &fields).await;
        assert_eq!(signed_in.status, 200, "{dead}");
        // A late request with the former cookie does not expire the new one.
        let late = browse(&world, "GET", "/auth/me", &dead).await;
        late.assert_problem(401, "unauthenticated");
        assert_eq!(late.header("set-cookie"), "");
        assert_eq!(browse(&world, "GET", "/auth/me", &cookie(&signed_in)).await.status, 200);
    }
}

#[tokio::test]
async fn all_cookies_of_the_domain_go_only_where_the_application_says_so() {
    let cleared = async |change: fn(AuthBuilder) -> AuthBuilder| {
        let world = World::in_memory(|builder| change(defaults(builder)));
        world.join("alice", &[]).await;
        let live = cookie(&sign_in(&world, "alice").await);
        let mut fields = Vec::new();
        // At the second request the cookie is dead.
        for path in [LOGOUT, LOGOUT] {
            let answer = browse(&world, "POST", path, &live).await;
            assert_eq!(answer.status, 204);
            assert!(answer.header("set-cookie").contains("Max-Age=0"), "{answer:?}");
            fields.push(answer.header("clear-site-data").to_owned());
        }
        let refused = browse(&world, "GET", "/auth/me", &live).await;
        assert_eq!((refused.status, refused.header("clear-site-data")), (401, ""));
        fields
    };
    assert_eq!(cleared(|builder| builder).await, ["", ""]);
    assert_eq!(cleared(|builder| builder.clear_site_data(false)).await, ["", ""]);
    assert_eq!(cleared(|builder| builder.clear_site_data(true)).await, ["\"cookies\"", "\"cookies\""]);
}
