//! People whom the application recognised itself, in a browser.

use std::{net::SocketAddr, time::Duration};

use auth_runtime::store::SessionKind;
use axum::{extract::ConnectInfo, http::Request};
use serde_json::json;

use super::{
    cookies::{browse, cookie, sign_in},
    mailbox::world_with_mail,
    recognised_app::{Begun, begin_in, cookies, link_for, open, return_to},
    world::{PASSWORD, World, defaults, events, every_store, post},
};

#[tokio::test]
async fn beginning_sets_a_nonce_of_this_host_for_ten_minutes() {
    let world = World::in_memory(defaults);
    let answer = world.send(Request::get("/own/begin"), "").await;
    let field = answer.header("set-cookie").to_owned();
    let attributes: Vec<_> = field.split("; ").skip(1).collect();
    assert!(field.starts_with("__Host-sign-in=") && cookie(&answer).len() == 15 + 43, "{field}");
    assert_eq!(attributes, ["Path=/", "Max-Age=600", "Secure", "HttpOnly", "SameSite=Lax"]);
    let state = answer.text("state");
    assert!(state.len() == 75 && !field.contains(&state), "{state}");
    let nonce = cookie(&answer).split_once('=').unwrap().1.to_owned();
    assert!(!answer.body.contains(&nonce) && !events().contains(&nonce) && !events().contains(&state));
}

#[tokio::test]
async fn the_browser_that_began_gets_a_session_like_any_other() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read"]).await;
        let begun = begin_in(&world).await;
        let answer = return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await;
        assert_eq!((answer.status, answer.text("id")), (200, alice.id.clone()), "{answer:?}");
        let fields: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|field| field.to_str().unwrap()).collect();
        assert_eq!(fields.len(), 2, "{fields:?}");
        assert!(fields[0].starts_with("__Host-session=") && fields[0].contains("; Max-Age=7776000; Secure; HttpOnly"));
        assert_eq!(fields[1], "__Host-sign-in=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        let own = cookies(&answer).remove(0);
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("id"), alice.id);
        assert_eq!(browse(&world, "GET", "/own/methods", &own).await.json(), json!(["fed", "mfa"]));
        let sessions = world.accounts.sessions().list(&alice.id, world.auth.clock().unix()).await.unwrap();
        assert_eq!((sessions.len(), sessions[0].kind, sessions[0].amr.as_str()), (1, SessionKind::Cookie, "fed mfa"));
        let listed = browse(&world, "GET", "/auth/sessions", &own).await.json();
        assert_eq!((&listed[0]["device"], &listed[0]["current"]), (&json!("kitchen"), &json!(true)));
        assert!(events().contains("outcome=\"signed_in\" amr=\"fed mfa\""));
        // A fresh sign-in counts as a recent login.
        assert_eq!(browse(&world, "GET", "/fresh", &own).await.status, 200);
        world.clock.advance(Duration::from_secs(301));
        browse(&world, "GET", "/fresh", &own).await.assert_problem(401, "stale-login");
    })
    .await;
}

/// Login CSRF: Mallory begins in her own browser, and makes Alice's browser open where the provider led Mallory.
#[tokio::test]
async fn an_attackers_sign_in_cannot_be_finished_in_the_victims_browser() {
    every_store(async |world| {
        let mallory = world.join("mallory", &[]).await;
        world.join("alice", &[]).await;
        let own = cookie(&sign_in(&world, "alice").await);
        let (mallorys, alices) = (begin_in(&world).await, begin_in(&world).await);
        for carried in [vec![], vec![own.as_str()], vec![own.as_str(), alices.cookie.as_str()]] {
            let answer = return_to(&world, &mallorys.state, &mallory.id, &carried).await;
            answer.assert_problem(403, "sign-in-not-begun");
            assert_eq!(answer.header("set-cookie"), "");
        }
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("username"), "alice");
        let sessions = world.accounts.sessions().list(&mallory.id, mallory.created_at).await.unwrap();
        assert!(sessions.is_empty(), "{sessions:?}");
        // Nothing was used up.
        assert_eq!(return_to(&world, &mallorys.state, &mallory.id, &[&mallorys.cookie]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn every_doubt_about_the_browser_is_refused() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let Begun { state, cookie: nonce, .. } = begin_in(&world).await;
    let other = begin_in(&world).await;
    let app = world.form("/own/app", "").await;
    let altered = format!("B{}", &state[1..]);
    for (state, cookies) in [
        (state.as_str(), vec![]),
        ("", vec![nonce.as_str()]),
        ("x", vec![nonce.as_str()]),
        (altered.as_str(), vec![nonce.as_str()]),
        (other.state.as_str(), vec![nonce.as_str()]),
        (app.text("state").as_str(), vec![nonce.as_str()]),
        (app.text("state").as_str(), vec![format!("__Host-sign-in={}", app.text("verifier")).as_str()]),
        (state.as_str(), vec!["__Host-sign-in="]),
        (state.as_str(), vec!["__Host-sign-in=x"]),
        (state.as_str(), vec![nonce.to_lowercase().as_str()]),
        (state.as_str(), vec![nonce.replace("__Host-sign-in", "auth-runtime-sign-in").as_str()]),
    ] {
        let answer = return_to(&world, state, &alice.id, &cookies).await;
        answer.assert_problem(403, "sign-in-not-begun");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let two = format!("{nonce}; {}", other.cookie);
    return_to(&world, &state, &alice.id, &[&two]).await.assert_problem(400, "invalid-request");
    let two = "__Host-session=a; __Host-session=b";
    return_to(&world, &state, &alice.id, &[&nonce, two]).await.assert_problem(400, "invalid-request");
    for reason in ["no_sign_in_cookie", "sign_in_state_form", "sign_in_state_of_another"] {
        assert!(events().contains(reason), "{reason}");
    }
    assert_eq!(return_to(&world, &state, &alice.id, &[&nonce]).await.status, 200);
}

#[tokio::test]
async fn a_sign_in_ends_after_ten_minutes() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let (early, late) = (begin_in(&world).await, begin_in(&world).await);
    world.clock.advance(Duration::from_secs(599));
    assert_eq!(return_to(&world, &early.state, &alice.id, &[&early.cookie]).await.status, 200);
    world.clock.advance(Duration::from_secs(1));
    let answer = return_to(&world, &late.state, &alice.id, &[&late.cookie]).await;
    answer.assert_problem(403, "sign-in-not-begun");
    assert!(events().contains("sign_in_state_expired"));
}

#[tokio::test]
async fn a_sign_in_is_finished_once() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let begun = begin_in(&world).await;
        let finish = async || return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await;
        let (one, two, three) = tokio::join!(finish(), finish(), finish());
        let mut statuses = [one.status, two.status, three.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403, 403]);
        world.clock.advance(Duration::from_secs(599));
        finish().await.assert_problem(403, "sign-in-not-begun");
        let sessions = world.accounts.sessions().list(&alice.id, alice.created_at).await.unwrap();
        assert_eq!(sessions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_get_never_counts_as_posted() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let path = format!("/own/careless?user={}", alice.id);
    for site in ["same-origin", "none", "cross-site"] {
        let answer = world.send(Request::get(&path).header("sec-fetch-site", site), "").await;
        answer.assert_problem(403, "cross-site");
    }
    assert!(events().contains("sign_in_not_posted"));
}

#[tokio::test]
async fn accounts_that_may_not_sign_in_are_refused_alike() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        assert!(world.administration().set_active(&alice.id, false).await.is_ok());
        let finish = async |user: &str| {
            let begun = begin_in(&world).await;
            return_to(&world, &begun.state, user, &[&begun.cookie]).await
        };
        let unknown = finish("nobody").await;
        unknown.assert_problem(401, "invalid-credentials");
        assert_eq!(unknown.header("set-cookie"), "");
        assert_eq!(finish(&alice.id).await, unknown);
        assert_eq!(finish("alice").await, unknown, "a user name is no identifier");
        assert!(world.administration().set_active(&alice.id, true).await.is_ok());
        assert_eq!(finish(&alice.id).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_must_be_verified_is_verified_first() {
    let (world, mailbox) = world_with_mail(|builder| builder.require_verified_email(true));
    world.register("alice", PASSWORD).await;
    mailbox.next("verify").await;
    let alice = world.account("alice").await;
    let begun = begin_in(&world).await;
    let answer = return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await;
    answer.assert_problem(403, "email-unverified");
    assert_eq!(answer.header("set-cookie"), "");
    let token = mailbox.next("verify").await.token;
    assert_eq!(world.json("/auth/email/verify", &json!({ "token": token })).await.status, 204);
    let begun = begin_in(&world).await;
    assert_eq!(return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await.status, 200);
}

#[tokio::test]
async fn the_former_session_ends_and_so_do_those_beyond_the_maximum() {
    let world = World::in_memory(|builder| defaults(builder).sessions_per_user(2));
    let alice = world.join("alice", &[]).await;
    let finish = async |carried: &[&str]| {
        world.clock.advance(Duration::from_secs(1));
        let begun = begin_in(&world).await;
        let answer = return_to(&world, &begun.state, &alice.id, &[carried, &[begun.cookie.as_str()]].concat()).await;
        cookies(&answer).remove(0)
    };
    let first = finish(&[]).await;
    let second = finish(&[&first]).await;
    browse(&world, "GET", "/auth/me", &first).await.assert_problem(401, "unauthenticated");
    let third = finish(&[]).await;
    let fourth = finish(&[]).await;
    browse(&world, "GET", "/auth/me", &second).await.assert_problem(401, "unauthenticated");
    for own in [third, fourth] {
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.status, 200);
    }
}

#[tokio::test]
async fn wrong_passwords_lock_no_recognised_person_out_and_stay_counted() {
    let world = World::in_memory(|builder| defaults(builder).password_failures(1, Duration::from_secs(3_600)));
    let alice = world.join("alice", &[]).await;
    assert_eq!(world.login("alice", "wrong").await.status, 401);
    assert_eq!(world.login("alice", PASSWORD).await.status, 429);
    let begun = begin_in(&world).await;
    assert_eq!(return_to(&world, &begun.state, &alice.id, &[&begun.cookie]).await.status, 200);
    assert_eq!(world.login("alice", PASSWORD).await.status, 429, "the lock stays");
}

#[tokio::test]
async fn one_address_signs_in_as_often_as_by_password() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    let peer = SocketAddr::from(([192, 0, 2, 7], 1));
    for _ in 0..10 {
        assert_eq!(world.login_from(peer, "nobody", PASSWORD).await.status, 401);
        world.clock.advance(Duration::from_millis(1));
    }
    let begun = begin_in(&world).await;
    let request = |state: &str| {
        Request::get(format!("/own/callback?state={state}&user={}", alice.id)).header("cookie", &begun.cookie)
    };
    for _ in 0..10 {
        assert_eq!(world.send_from(peer, request("x"), "").await.status, 403);
    }
    let limited = world.send_from(peer, request(&begun.state), "").await;
    limited.assert_problem(429, "quota-exceeded");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(world.login_from(peer, "nobody", PASSWORD).await.status, 429);
    let elsewhere = SocketAddr::from(([192, 0, 2, 8], 1));
    assert_eq!(world.send_from(elsewhere, request(&begun.state), "").await.status, 200);
}

#[tokio::test]
async fn a_request_without_an_address_is_500() {
    let world = World::in_memory(defaults);
    for request in [Request::get("/own/begin"), Request::get("/own/callback?state=x&user=y")] {
        world.send_from_nowhere(request, "").await.assert_problem(500, "internal");
    }
    let with_address = Request::get("/own/begin").extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 9], 1))));
    assert_eq!(world.send_from_nowhere(with_address, "").await.status, 200);
}

#[tokio::test]
async fn methods_that_are_none_are_the_applications_mistake() {
    let world = World::in_memory(defaults);
    let alice = world.join("alice", &[]).await;
    for methods in ["a%22b", "caf%C3%A9", "a+b+c+d+e+f+g+h+i", "%0A"] {
        let begun = begin_in(&world).await;
        let path = format!("/own/callback?state={}&user={}&methods={methods}", begun.state, alice.id);
        let answer = open(&world, &path, &[&begun.cookie]).await;
        answer.assert_problem(500, "internal");
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert!(events().contains("the methods of a sign-in are not 1 to 8 short names"));
}

#[tokio::test]
async fn a_link_signs_in_the_browser_that_asked_for_it_once() {
    every_store(async |world| {
        let alice = world.join("alice", &[]).await;
        let asked = link_for(&world, "alice").await;
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        let answer = open(&world, &path, &[&asked.cookie]).await;
        let own = cookies(&answer).remove(0);
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("id"), alice.id);
        assert_eq!(browse(&world, "GET", "/own/methods", &own).await.json(), json!(["otp"]));
        let other = begin_in(&world).await;
        let again = format!("/own/link?state={}&token={}", other.state, asked.token);
        open(&world, &again, &[&other.cookie]).await.assert_problem(400, "invalid-one-time-token");
        assert!(!events().contains(&asked.token), "an event tells the token");
    })
    .await;
}

/// A scanner of mail opens the link first, and then the person on another device.
#[tokio::test]
async fn a_link_opened_elsewhere_asks_by_post_and_is_used_up_by_no_get() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let asked = link_for(&world, "alice").await;
        let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
        for _ in 0..3 {
            let page = open(&world, &path, &[]).await;
            assert_eq!((page.status, page.text("sign_in_as").as_str()), (200, "alice@example.org"));
            assert_eq!(page.header("set-cookie"), "");
        }
        let ask = async |site: &str| {
            let request = post("/own/link", "application/x-www-form-urlencoded").header("sec-fetch-site", site);
            world.send(request, format!("token={}", asked.token)).await
        };
        for site in ["cross-site", "same-site"] {
            let answer = ask(site).await;
            answer.assert_problem(403, "cross-site");
            assert_eq!(answer.header("set-cookie"), "");
        }
        let no_site = world.form("/own/link", &format!("token={}", asked.token)).await;
        no_site.assert_problem(403, "cross-site");
        let own = cookies(&ask("same-origin").await).remove(0);
        assert_eq!(browse(&world, "GET", "/auth/me", &own).await.text("username"), "alice");
        ask("same-origin").await.assert_problem(400, "invalid-one-time-token");
        open(&world, &path, &[]).await.assert_problem(400, "invalid-one-time-token");
    })
    .await;
}

#[tokio::test]
async fn a_link_is_good_for_ten_minutes_and_the_newest_one_alone() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let (old, new) = (link_for(&world, "alice").await, link_for(&world, "alice").await);
        let open_with = async |asked: &Begun| {
            let path = format!("/own/link?state={}&token={}", asked.state, asked.token);
            open(&world, &path, &[&asked.cookie]).await
        };
        open_with(&old).await.assert_problem(400, "invalid-one-time-token");
        assert_eq!(open_with(&new).await.status, 200);
        let late = link_for(&world, "alice").await;
        world.clock.advance(Duration::from_secs(600));
        // The cookie is over, too, so the page that asks first finds the token dead.
        open_with(&late).await.assert_problem(400, "invalid-one-time-token");
        // Tokens of other purposes sign no user in.
        let path = format!("/own/link?token={}", "A".repeat(43));
        open(&world, &path, &[]).await.assert_problem(400, "invalid-one-time-token");
    })
    .await;
}

#[tokio::test]
async fn a_token_for_another_purpose_signs_nobody_in() {
    let (world, mailbox) = world_with_mail(|builder| builder);
    world.register("alice", PASSWORD).await;
    let verify = mailbox.next("verify").await.token;
    let begun = begin_in(&world).await;
    let path = format!("/own/link?state={}&token={verify}", begun.state);
    open(&world, &path, &[&begun.cookie]).await.assert_problem(400, "invalid-one-time-token");
    assert_eq!(world.json("/auth/email/verify", &json!({ "token": verify })).await.status, 204, "it was not used up");
    let asked = link_for(&world, "alice").await;
    let reset = json!({ "token": asked.token, "new_password": "another horse battery" });
    world.json("/auth/password/reset", &reset).await.assert_problem(400, "invalid-one-time-token");
}
