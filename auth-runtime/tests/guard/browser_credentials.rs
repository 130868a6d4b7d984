//! Credentials of an application's own authenticator that browsers attach to requests, as they do with cookies.

use std::{collections::HashMap, time::Duration};

use auth_runtime::{
    Auth, Guard, GuardedRouter, Policy, assert_denied,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    guard::{CsrfForm, CsrfToken},
    identity::Identity,
    policy::Via,
    routing::{get, post},
    store::BoxFuture,
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, body::Body, http::Request, response::Response};
use tower::ServiceExt;

use super::{
    signed_in::SignedIn,
    support::{Sessions, challenge, code, events, policy, protected, public, send, text, with_sessions},
};

const UNKNOWN: &str = "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn with_session(name: &str) -> [(&str, &str); 1] {
    [("x-test-session", name)]
}

#[tokio::test]
async fn a_dead_one_counts_as_absent_and_the_operator_is_told_why() {
    let TestAuth { auth, .. } = with_sessions();
    let alice = TestIdentity::user("alice");
    let (good, bad) = (alice.bearer(&auth), alice.forged().bearer(&auth));
    for dead in ["ended", "unreadable"] {
        let log = events(async {
            assert_eq!(text(send(&public(&auth), &with_session(dead)).await).await, "anonymous");
        })
        .await;
        assert!(log.contains("ignored") && log.contains(dead), "{log}");
        let response = send(&protected(&auth), &with_session(dead)).await;
        assert_eq!(challenge(&response), r#"Bearer realm="api""#);
        assert_eq!(code(response).await, "unauthenticated");
        let beside =
            async |token: &str| send(&protected(&auth), &[("x-test-session", dead), ("authorization", token)]).await;
        assert_eq!(text(beside(&good).await).await, "alice");
        assert_eq!(code(beside(&bad).await).await, "invalid-token");
    }
}

#[tokio::test]
async fn in_the_authorization_field_a_dead_one_is_401() {
    struct Ended;

    impl Authenticator for Ended {
        fn via(&self) -> Via {
            Via::SESSION
        }

        fn takes_bearer(&self, _: &str) -> bool {
            true
        }

        fn authenticate<'a>(&'a self, _: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
            Box::pin(async { Err(AuthnError::Invalid("ended")) })
        }
    }

    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Ended));
    for app in [public(&auth), protected(&auth)] {
        let response = send(&app, &[("authorization", "Bearer x")]).await;
        assert!(challenge(&response).contains("invalid_token"));
        assert_denied!(response, 401);
    }
}

#[tokio::test]
async fn two_live_ones_are_refused() {
    let world = SignedIn::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION })).await;
    let app = protected(&world.auth);
    let status = async |session: &str, cookie: &str| {
        let response = send(&app, &[("x-test-session", session), ("cookie", cookie)]).await;
        (response.status().as_u16(), text(response).await)
    };
    let live = world.cookie();
    assert_eq!(status("bob", &live).await.0, 400);
    assert_eq!(status("bob", UNKNOWN).await, (200, "bob".to_owned()));
    assert_eq!(status("ended", &live).await, (200, world.alice.id.clone()));
    assert_eq!(status("ended", UNKNOWN).await.0, 401);
    assert_eq!(status("broken", &live).await.0, 503);
    let twice = TestAuth::with(|builder| {
        builder.authenticator(Sessions { claims: Via::SESSION }).authenticator(Sessions { claims: Via::SESSION })
    });
    assert_denied!(send(&protected(&twice.auth), &with_session("bob")).await, 400);
}

#[tokio::test]
async fn another_site_is_refused_before_the_look_up() {
    let TestAuth { auth, .. } = with_sessions();
    let token = TestIdentity::user("alice").bearer(&auth);
    let mut answers = Vec::new();
    // If the guard looked them up, `broken` would be 503 and `ended` would be anonymous.
    for session in ["bob", "ended", "unreadable", "broken"] {
        for authorization in [None, Some(token.as_str())] {
            let mut request =
                Request::post("/").header("x-test-session", session).header("sec-fetch-site", "cross-site");
            if let Some(token) = authorization {
                request = request.header("authorization", token);
            }
            let response = public(&auth).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), 403, "{session}");
            answers.push((response.headers().clone(), text(response).await));
        }
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
}

policy!(Page = Policy::protected("page"));
policy!(Exempt = Policy::protected("exempt").with_csrf_exemption("the form carries a token"));

async fn page(_: Guard<Page>, token: CsrfToken) -> String {
    token.to_string()
}

async fn form(_: Guard<Exempt>, CsrfForm(_): CsrfForm<HashMap<String, String>>) {}

async fn plain(_: Guard<Page>) {}

fn forms(auth: &Auth) -> Router {
    let router = GuardedRouter::new().route("/page", get(page)).route("/form", post(form)).route("/plain", post(plain));
    router.with_state(auth.clone()).into_router()
}

/// An attacker who plants a dead cookie in a browser knows its value, and the tokens that are signed for it.
#[tokio::test]
async fn a_planted_cookie_signs_no_forms_of_another_session() {
    let world = SignedIn::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION })).await;
    let app = forms(&world.auth);
    let ask = async |method: &str, path: &str, fields: &[(&str, &str)], body: String| -> Response {
        let mut request = Request::builder().method(method).uri(path).header("host", "api.example.com");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    };
    let planted = world.cookie();
    let token = text(ask("GET", "/page", &[("cookie", &planted)], String::new()).await).await;
    let cookie = ("cookie", planted.as_str());
    let (form, body) = (("content-type", "application/x-www-form-urlencoded"), format!("csrf_token={token}"));
    assert_eq!(ask("POST", "/form", &[cookie, form], body.clone()).await.status(), 200, "as long as it is live");
    world.clock.advance(Duration::from_secs(3_600));
    let bob = ("x-test-session", "bob");
    assert_eq!(code(ask("POST", "/form", &[cookie, form, bob], body).await).await, "cross-site");
    let field = ("x-csrf-token", token.as_str());
    assert_eq!(code(ask("POST", "/plain", &[cookie, field, bob], String::new()).await).await, "cross-site");
    assert_eq!(code(ask("GET", "/page", &[cookie, bob], String::new()).await).await, "cross-site");
}

#[tokio::test]
async fn without_accounts_a_cookie_of_our_name_signs_nothing() {
    let TestAuth { auth, .. } = with_sessions();
    let page = forms(&auth);
    let request = Request::get("/page").header("cookie", UNKNOWN).header("x-test-session", "bob");
    let response = page.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_denied!(response, 403);
    assert_eq!(code(response).await, "cross-site");
}

/// No browser sends `Authorization: Bearer` by itself, so there is nothing for a token of a form to tell.
#[tokio::test]
async fn in_the_authorization_field_a_session_needs_no_token_and_gets_none() {
    let world = SignedIn::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION })).await;
    let app = forms(&world.auth);
    let bearer = ("authorization", "Bearer session_bob");
    for dead in [&[][..], &[("cookie", UNKNOWN), ("sec-fetch-site", "same-origin")]] {
        let ask = async |method: &str, path: &str| {
            let mut request = Request::builder().method(method).uri(path).header(bearer.0, bearer.1);
            for (name, value) in dead {
                request = request.header(*name, *value);
            }
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            app.clone().oneshot(request.body(Body::from("to=bob")).unwrap()).await.unwrap()
        };
        assert_eq!(ask("POST", "/form").await.status(), 200);
        assert_eq!(code(ask("GET", "/page").await).await, "credential-kind");
    }
}
