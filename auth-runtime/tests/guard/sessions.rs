use std::time::Duration;

use auth_runtime::{
    Guard, GuardedRouter, Policy, assert_denied,
    clock::Clock,
    identity::Identity,
    policy::{Rule, Via},
    routing::any,
    store::{AccountChange, EndReason, Ending, SessionStore},
    testing::{TestAuth, TestIdentity},
};
use axum::Router;

use super::{
    signed_in::{SESSION, SignedIn},
    support::*,
};

#[tokio::test]
async fn a_cookie_names_the_caller_with_present_roles_and_scopes() {
    policy!(Facts = Policy::protected("facts").with_rule(Rule::role("editor")));
    async fn facts(_: Guard<Facts>, who: Identity) -> String {
        let scopes: Vec<_> = who.scopes().collect();
        let roles: Vec<_> = who.roles().collect();
        format!(
            "{} {roles:?} {scopes:?} {:?} {:?} {} {}",
            who.subject(),
            who.session(),
            who.client(),
            who.auth_time().unwrap(),
            who.expires_at().unwrap(),
        )
    }
    let world = SignedIn::new().await;
    let app: Router = GuardedRouter::new().route("/", any(facts)).with_state(world.auth.clone()).into_router();
    let answer = text(send(&app, &[("cookie", &world.cookie())]).await).await;
    let expected = format!(
        r#"{} ["editor"] ["posts:read", "posts:write"] Some("{SESSION}") Some("first-party") 1800000000 1800003600"#,
        world.alice.id
    );
    assert_eq!(answer, expected);
    world.accounts.accounts().set_roles(&world.alice.id, &[]).await.unwrap();
    assert_denied!(send(&app, &[("cookie", &world.cookie())]).await, 403);
}

#[tokio::test]
async fn a_cookie_without_a_live_session_counts_as_absent_for_every_reason() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let forged = format!("__Host-session={}", "A".repeat(43));
    let expected = text(send(&app, &[]).await).await;
    assert_eq!(text(send(&app, &[("cookie", &forged)]).await).await, expected);
    assert_eq!(world.spy.calls(), ["find_by_cookie"]);
    let long = format!("__Host-session={}", "A".repeat(60_000));
    for cookie in ["__Host-session=", "__Host-session=x", "__Host-session=\"quoted\"", &long, &format!("{forged}=")] {
        let response = send(&app, &[("cookie", cookie)]).await;
        assert_denied!(response, 401);
        assert_eq!(challenge(&response), r#"Bearer realm="api""#);
        assert_eq!(text(response).await, expected);
        assert!(world.spy.calls().is_empty(), "the store was asked for {cookie:.40}");
    }
}

#[tokio::test]
async fn two_cookies_of_the_name_are_refused_and_others_ignored() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let cookie = world.cookie();
    for fields in [
        vec![("cookie", format!("{cookie}; {cookie}"))],
        vec![("cookie", cookie.clone()), ("cookie", cookie.clone())],
        vec![("cookie", cookie.clone()), ("cookie", "a=b; __Host-session=x".to_owned())],
        vec![("cookie", format!("__Host-session=; {cookie}"))],
    ] {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let response = send(&app, &fields).await;
        assert_denied!(response, 400);
        assert!(challenge(&response).contains("invalid_request"), "{fields:?}");
    }
    assert!(world.spy.calls().is_empty());
    let others = format!("theme=dark; session=x; {cookie}; __host-session=y");
    assert_eq!(send(&app, &[("cookie", "a=b"), ("cookie", &others)]).await.status(), 200);
}

#[tokio::test]
async fn a_cookie_without_the_prefix_is_none_in_production_and_the_reverse() {
    let world = SignedIn::new().await;
    let plain = world.cookie().replace("__Host-", "");
    let response = send(&protected(&world.auth), &[("cookie", &plain)]).await;
    assert_denied!(response, 401);
    assert_eq!(code(response).await, "unauthenticated");
    let world = SignedIn::with(|builder| builder.allow_insecure_cookies(true)).await;
    let app = protected(&world.auth);
    let own = world.cookie().replace("__Host-", "auth-runtime-");
    assert_eq!(send(&app, &[("cookie", &own)]).await.status(), 200);
    // Flask names its cookie `session`, and browsers send it to all ports of the host.
    for other in [world.cookie(), plain] {
        assert_eq!(code(send(&app, &[("cookie", &other)]).await).await, "unauthenticated", "{other}");
    }
    let beside_anothers = format!("session=eyJ1c2VyIjoxfQ.Zx; {own}");
    assert_eq!(send(&app, &[("cookie", &beside_anothers)]).await.status(), 200);
}

#[tokio::test]
async fn a_live_cookie_beside_another_credential_is_refused_and_not_renewed() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let (token, key) = (TestIdentity::user("alice").bearer(&world.auth), world.api_key().await);
    world.clock.advance(Duration::from_secs(120));
    for other in [("authorization", token), ("x-api-key", key)] {
        let fields = [(other.0, other.1.as_str()), ("cookie", &world.cookie())];
        let response = send(&app, &fields).await;
        assert_denied!(response, 400);
        assert!(challenge(&response).contains("invalid_request"), "{fields:?}");
        let calls = world.spy.calls();
        assert!(calls.contains(&"find_by_cookie") && !calls.contains(&"touch"), "{calls:?}");
    }
}

#[tokio::test]
async fn via_tells_sessions_and_tokens_apart() {
    policy!(SessionOnly = Policy::protected("session_only").with_via(Via::SESSION));
    policy!(BearerOnly = Policy::protected("bearer_only").with_via(Via::BEARER));
    let world = SignedIn::new().await;
    let token = TestIdentity::user("alice").bearer(&world.auth);
    let (cookie, bearer) = (("cookie", world.cookie()), ("authorization", token));
    let status = async |app: &Router, field: &(&str, String)| send(app, &[(field.0, &field.1)]).await.status().as_u16();
    let (sessions, tokens) = (app::<SessionOnly>(&world.auth), app::<BearerOnly>(&world.auth));
    assert_eq!([status(&sessions, &cookie).await, status(&sessions, &bearer).await], [200, 403]);
    assert_eq!([status(&tokens, &cookie).await, status(&tokens, &bearer).await], [403, 200]);
}

#[tokio::test]
async fn an_unused_session_ends_by_idleness_and_a_used_one_at_its_time() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let status = async || send(&app, &[("cookie", &world.cookie())]).await.status().as_u16();
    // Each use extends the session by an hour, up to a day.
    for minutes in (0..24 * 60).step_by(59) {
        assert_eq!(status().await, 200, "after {minutes} minutes");
        world.clock.advance(Duration::from_secs(59 * 60));
    }
    assert_eq!(status().await, 401, "after the whole day");
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let status = async || send(&app, &[("cookie", &world.cookie())]).await.status().as_u16();
    world.clock.advance(Duration::from_secs(3_599));
    assert_eq!(status().await, 200);
    world.clock.advance(Duration::from_secs(3_600));
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn a_session_is_written_once_a_minute_at_most() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let cookie = world.cookie();
    let use_it = async || {
        let fields = [("cookie", cookie.as_str()), ("user-agent", "Browser/7")];
        assert_eq!(send(&app, &fields).await.status(), 200);
        world.spy.calls()
    };
    for _ in 0..60 {
        assert_eq!(use_it().await, ["find_by_cookie"]);
        world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(use_it().await, ["find_by_cookie", "touch"]);
    assert_eq!(world.spy.label().user_agent, "Browser/7");
    assert_eq!(use_it().await, ["find_by_cookie"]);
    // A clock that goes back causes no write, either.
    world.clock.set_unix(1_700_000_000);
    assert_eq!(use_it().await, ["find_by_cookie"]);
}

#[tokio::test]
async fn an_ended_session_and_a_deactivated_user_are_refused_at_once() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let status = async || send(&app, &[("cookie", &world.cookie())]).await.status().as_u16();
    assert_eq!(world.accounts.accounts().set_active(&world.alice.id, false).await.unwrap(), AccountChange::Done);
    assert_eq!(status().await, 401);
    assert_eq!(world.accounts.accounts().set_active(&world.alice.id, true).await.unwrap(), AccountChange::Done);
    assert_eq!(status().await, 200);
    let now = world.clock.unix();
    let ending = Ending::new(EndReason::EndedByUser, now, now.plus_seconds(1));
    assert!(world.spy.end(SESSION, &world.alice.id, ending).await.unwrap());
    assert_eq!(status().await, 401);
}

#[tokio::test]
async fn a_failed_look_up_is_503_and_a_failed_touch_still_authenticates() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    world.spy.fail("find_by_cookie");
    let log = events(async {
        let response = send(&app, &[("cookie", &world.cookie())]).await;
        assert_denied!(response, 503);
        assert!(!text(response).await.contains("10.0.0.7"));
    })
    .await;
    assert!(log.contains("ERROR") && log.contains("10.0.0.7"), "{log}");
    world.spy.fail("touch");
    world.clock.advance(Duration::from_secs(120));
    let log = events(async {
        assert_eq!(send(&app, &[("cookie", &world.cookie())]).await.status(), 200);
    })
    .await;
    assert!(log.contains("ERROR") && log.contains("10.0.0.7"), "{log}");
    assert!(!log.contains(world.cookie().split_once('=').unwrap().1), "{log}");
}

#[tokio::test]
async fn a_session_that_ends_while_it_is_noted_is_no_credential() {
    // The guard reads the record, then another client ends the session, then the guard records the use.
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    world.clock.advance(Duration::from_secs(120));
    world.spy.lose();
    let log = events(async {
        assert_eq!(code(send(&app, &[("cookie", &world.cookie())]).await).await, "unauthenticated");
    })
    .await;
    assert!(log.contains("ignored") && log.contains("session_ended"), "{log}");
    assert_eq!(text(send(&public(&world.auth), &[("cookie", &world.cookie())]).await).await, "anonymous");
}

#[tokio::test]
async fn without_accounts_a_cookie_is_no_credential() {
    let TestAuth { auth, .. } = TestAuth::new();
    let cookie = format!("__Host-session={}", "A".repeat(43));
    let response = send(&protected(&auth), &[("cookie", &cookie)]).await;
    assert_eq!(code(response).await, "unauthenticated");
}
