use core::time::Duration;

use auth_runtime::{
    Auth, Policy, assert_denied,
    authn::{Authenticator, AuthnError},
    clock::{Clock, UnixTime},
    identity::Identity,
    policy::Via,
    store::BoxFuture,
    testing::{TestAuth, TestIdentity},
    token::NewAccessToken,
};
use axum::{
    body::Body,
    http::{Request, Response},
};

use super::support::*;

#[tokio::test]
async fn a_request_without_a_credential_gets_a_challenge_without_an_error_code() {
    let TestAuth { auth, .. } = TestAuth::new();
    let response = send(&protected(&auth), &[]).await;
    assert_denied!(response, 401);
    assert_eq!(challenge(&response), r#"Bearer realm="api""#);
    assert_eq!(code(response).await, "unauthenticated");
}

#[tokio::test]
async fn every_bad_token_gets_the_same_answer() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = protected(&auth);
    let alice = TestIdentity::user("alice");
    let mut answers = Vec::new();
    for token in [
        alice.clone().expired().bearer(&auth),
        alice.clone().wrong_audience().bearer(&auth),
        alice.clone().wrong_issuer().bearer(&auth),
        alice.clone().forged().bearer(&auth),
        "Bearer not-a-token".to_owned(),
        format!("Bearer {}", "a".repeat(20_000)),
    ] {
        let response = send(&app, &[("authorization", &token)]).await;
        assert_denied!(response, 401);
        answers.push((challenge(&response).to_owned(), text(response).await));
    }
    assert!(answers[0].0.contains(r#"error="invalid_token""#), "{}", answers[0].0);
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:#?}");
}

#[tokio::test]
async fn a_good_token_admits_and_names_the_caller() {
    let TestAuth { auth, .. } = TestAuth::new();
    let response = send(&protected(&auth), &[("authorization", &TestIdentity::user("alice").bearer(&auth))]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(response).await, "alice");
}

/// Handlers see all claims of the token, and no others.
#[tokio::test]
async fn an_identity_has_the_claims_of_its_token() {
    let TestAuth { auth, clock, .. } = TestAuth::new();
    let identify = async |new: NewAccessToken<'_>| {
        let token = auth.tokens().issue(&new, clock.unix(), auth.entropy()).unwrap();
        let request = Request::get("/").header("authorization", format!("Bearer {}", token.expose()));
        auth.authenticate(&request.body(()).unwrap().into_parts().0).await.unwrap().unwrap()
    };
    let who = identify(NewAccessToken::new("alice", "web")).await;
    assert_eq!((who.acr(), who.auth_time(), who.session()), (None, None, None));
    assert_eq!(who.roles().count() + who.scopes().count(), 0);
    let roles = ["admin", "chief editor"];
    let new = NewAccessToken::new("alice", "web").acr("urn:example:high").roles(&roles).scope("a b");
    let who = identify(new.auth_time(clock.unix()).session("s").amr(&["pwd", "otp"])).await;
    assert_eq!((who.subject(), who.client(), who.acr()), ("alice", Some("web"), Some("urn:example:high")));
    assert_eq!((who.auth_time(), who.session()), (Some(clock.unix()), Some("s")));
    assert_eq!(who.roles().collect::<Vec<_>>(), roles, "and no method of authentication is a role");
    assert_eq!(who.scopes().collect::<Vec<_>>(), ["a", "b"]);
}

#[tokio::test]
async fn malformed_and_double_credentials_are_400() {
    let TestAuth { auth, .. } = with_sessions();
    let app = protected(&auth);
    let token = TestIdentity::user("alice").bearer(&auth);
    for fields in [
        vec![("authorization", "Bearer")],
        vec![("authorization", "Bearer a b")],
        vec![("authorization", token.as_str()), ("authorization", token.as_str())],
        vec![("authorization", token.as_str()), ("x-test-session", "alice")],
        vec![("authorization", "Bearer session_alice"), ("x-test-session", "alice")],
    ] {
        let response = send(&app, &fields).await;
        assert_denied!(response, 400);
        assert!(challenge(&response).contains(r#"error="invalid_request""#), "{fields:?}");
    }
    let response = send_to(&app, "/?access_token=x", &[("authorization", &token)]).await;
    assert_denied!(response, 400);
}

#[tokio::test]
async fn a_token_in_the_query_is_no_credential() {
    let TestAuth { auth, .. } = TestAuth::new();
    let token = TestIdentity::user("alice").token(&auth);
    assert_denied!(send_to(&protected(&auth), &format!("/?access_token={token}"), &[]).await, 401);
}

#[tokio::test]
async fn another_scheme_is_no_credential() {
    let TestAuth { auth, .. } = TestAuth::new();
    let response = send(&protected(&auth), &[("authorization", "Basic YWxpY2U6eA==")]).await;
    assert_denied!(response, 401);
    assert_eq!(challenge(&response), r#"Bearer realm="api""#);
}

#[tokio::test]
async fn other_authenticators_take_part() {
    let TestAuth { auth, .. } = with_sessions();
    let app = protected(&auth);
    assert_eq!(text(send(&app, &[("x-test-session", "bob")]).await).await, "bob");
    assert_eq!(text(send(&app, &[("authorization", "Bearer session_bob")]).await).await, "session_bob");
    assert_denied!(send(&app, &[("x-test-session", "ended")]).await, 401);
}

#[tokio::test]
async fn an_authenticator_takes_no_bearer_token_unless_it_says_so() {
    /// Would accept every request as authenticated.
    struct Gullible;

    impl Authenticator for Gullible {
        fn via(&self) -> Via {
            Via::BEARER
        }

        fn authenticate<'a>(&'a self, text: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
            Box::pin(async move { Ok(Identity::builder(text, Via::BEARER).of_this_service().build()) })
        }
    }

    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Gullible));
    let app = protected(&auth);
    assert_denied!(send(&app, &[("authorization", "Bearer mallory")]).await, 401);
    let alice = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(text(send(&app, &[("authorization", &alice)]).await).await, "alice");
}

#[tokio::test]
async fn a_store_that_fails_is_503_and_leaks_nothing() {
    let TestAuth { auth, .. } = with_sessions();
    let app = protected(&auth);
    let log = events(async {
        let response = send(&app, &[("x-test-session", "broken")]).await;
        assert_denied!(response, 503);
        assert!(!text(response).await.contains("10.0.0.7"));
    })
    .await;
    assert!(log.contains("ERROR") && log.contains("10.0.0.7"), "the operator is not told: {log}");
}

#[tokio::test]
async fn an_authenticator_cannot_pass_its_credential_for_another_kind() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Sessions { claims: Via::BEARER }));
    for field in [("x-test-session", "bob"), ("authorization", "Bearer session_bob")] {
        let log = events(async {
            assert_denied!(send(&protected(&auth), &[field]).await, 500);
        })
        .await;
        assert!(log.contains("ERROR") && log.contains("misconfigured") && log.contains("another kind"), "{log}");
    }
}

#[tokio::test]
async fn via_narrows_the_kinds() {
    policy!(BearerOnly = Policy::protected("bearer_only").with_via(Via::BEARER));
    policy!(NoKind = Policy::protected("no_kind").with_via(Via::NONE));
    let TestAuth { auth, .. } = with_sessions();
    let token = TestIdentity::user("alice").bearer(&auth);
    let bearer_only = app::<BearerOnly>(&auth);
    assert_eq!(send(&bearer_only, &[("authorization", &token)]).await.status(), 200);
    let response = send(&bearer_only, &[("x-test-session", "bob")]).await;
    assert_denied!(response, 403);
    assert_eq!(code(response).await, "credential-kind");
    assert_denied!(send(&app::<NoKind>(&auth), &[("authorization", &token)]).await, 403);
}

policy!(Fresh = Policy::protected("fresh").with_max_login_age(Duration::from_secs(300)));

/// Sends a token of a user who signed in that many seconds ago.
async fn signed_in_ago(auth: &Auth, ago: i64) -> Response<Body> {
    let now = auth.clock().unix();
    let login = NewAccessToken::new("alice", "test").auth_time(now.plus_seconds(-ago));
    let token = format!("Bearer {}", auth.tokens().issue(&login, now, auth.entropy()).unwrap().expose());
    send(&app::<Fresh>(auth), &[("authorization", &token)]).await
}

#[tokio::test]
async fn a_stale_login_asks_for_a_step_up() {
    let TestAuth { auth, .. } = with_sessions();
    for (ago, status) in [(0, 200), (300, 200), (301, 401), (-60, 200), (-61, 401)] {
        let response = signed_in_ago(&auth, ago).await;
        assert_eq!(response.status(), status, "{ago} seconds ago");
        if status == 401 {
            let expected = r#"error="insufficient_user_authentication""#;
            assert!(challenge(&response).contains(expected) && challenge(&response).ends_with("max_age=300"));
        }
    }
    // A credential that does not say when the caller signed in is not fresh.
    assert_denied!(send(&app::<Fresh>(&auth), &[("x-test-session", "bob")]).await, 401);
}

#[tokio::test]
async fn a_login_lies_no_further_in_the_future_than_the_clock_skew_allows() {
    for skew in [0_i64, 10, 60] {
        let TestAuth { auth, .. } =
            TestAuth::with(|builder| builder.clock_skew(Duration::from_secs(skew.unsigned_abs())));
        assert_eq!(signed_in_ago(&auth, -skew).await.status(), 200, "{skew} seconds ahead");
        assert_eq!(signed_in_ago(&auth, -skew - 1).await.status(), 401, "{skew} seconds and one ahead");
    }
}

#[tokio::test]
async fn public_handlers_are_not_bothered_but_a_bad_credential_is_refused_where_asked_for() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = public(&auth);
    assert_eq!(text(send(&app, &[]).await).await, "anonymous");
    let alice = TestIdentity::user("alice");
    assert_eq!(text(send(&app, &[("authorization", &alice.bearer(&auth))]).await).await, "alice");
    assert_denied!(send(&app, &[("authorization", &alice.expired().bearer(&auth))]).await, 401);
}

#[tokio::test]
async fn an_identity_that_other_code_puts_into_the_request_is_not_believed() {
    use axum::{Extension, body::Body, http::Request};
    use tower::ServiceExt as _;

    let TestAuth { auth, .. } = TestAuth::new();
    let mallory = Identity::builder("mallory", Via::BEARER).role("admin").build();
    let app = protected(&auth).layer(Extension(mallory));
    let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_denied!(response, 401);
}

#[tokio::test]
async fn no_event_holds_a_token() {
    let TestAuth { auth, .. } = TestAuth::new();
    let token = TestIdentity::user("alice").token(&auth);
    let forged = TestIdentity::user("alice").forged().token(&auth);
    let app = protected(&auth);
    let log = events(async {
        send(&app, &[("authorization", &format!("Bearer {token}"))]).await;
        send(&app, &[("authorization", &format!("Bearer {forged}"))]).await;
        send(&app, &[]).await;
    })
    .await;
    assert!(log.contains("admitted") && log.contains("refused") && log.contains("any_caller"), "{log}");
    for secret in [&token, &forged] {
        assert!(secret.split('.').all(|part| !log.contains(part)), "{log}");
    }
}
