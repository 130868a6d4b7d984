//! What `WWW-Authenticate` says, on real routers.

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    auth::ProtectedResource,
    error::Challenge,
    policy::Rule,
    routing::get,
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, http::header::WWW_AUTHENTICATE};

use super::support::*;

policy!(Reads = Policy::protected("reads").with_rule(Rule::All(&[Rule::scope("a:read"), Rule::role("admin")])));
policy!(Recent = Policy::protected("recent").with_max_login_age(core::time::Duration::from_secs(60)));

fn declared(auth: auth_runtime::auth::AuthBuilder) -> auth_runtime::auth::AuthBuilder {
    auth.public_url("https://api.example.com/v1")
        .protected_resource(ProtectedResource::at("/"))
        .protected_resource(ProtectedResource::at("/mcp"))
}

const ROOT: &str = r#", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/v1""#;

#[tokio::test]
async fn a_401_says_which_scopes_to_ask_for() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = app::<Reads>(&auth);
    let anonymous = send(&app, &[]).await;
    assert_eq!((anonymous.status().as_u16(), challenge(&anonymous)), (401, r#"Bearer realm="api", scope="a:read""#));
    let expired = TestIdentity::user("alice").expired().bearer(&auth);
    let refused = send(&app, &[("authorization", &expired)]).await;
    assert_eq!(refused.status(), 401);
    assert!(challenge(&refused).ends_with(r#", scope="a:read""#), "{}", challenge(&refused));
    let malformed = send(&app, &[("authorization", "Bearer")]).await;
    assert_eq!(challenge(&malformed), r#"Bearer realm="api", error="invalid_request""#);
}

#[tokio::test]
async fn each_challenge_names_the_metadata_of_its_resource() {
    let TestAuth { auth, .. } = TestAuth::with(declared);
    let inner = || GuardedRouter::<Auth>::new().route("/x", get(handler::<Reads>));
    let app: Router = inner()
        .route("/recent", get(handler::<Recent>))
        .nest("/mcp", inner())
        .nest("/mcpx", inner())
        .with_state(auth.clone())
        .into_router();
    let bearer = |identity: TestIdentity| identity.bearer(&auth);
    let (admin, expired) = (TestIdentity::user("a").role("admin"), TestIdentity::user("a").expired());
    let stale = TestIdentity::user("a").signed_in_ago(core::time::Duration::from_secs(3600));
    for (path, token, status, error) in [
        ("/x", None, 401, r#", scope="a:read""#),
        ("/x", Some(bearer(admin)), 403, r#", error="insufficient_scope", scope="a:read""#),
        (
            "/x",
            Some(bearer(expired)),
            401,
            r#", error="invalid_token", error_description="The credential is invalid or has expired.", scope="a:read""#,
        ),
        ("/x", Some("Bearer".to_owned()), 400, r#", error="invalid_request""#),
        (
            "/recent",
            Some(bearer(stale)),
            401,
            r#", error="insufficient_user_authentication", error_description="A more recent login is needed.", max_age=60"#,
        ),
    ] {
        let fields: Vec<_> = token.iter().map(|token| ("authorization", token.as_str())).collect();
        let answer = send_to(&app, path, &fields).await;
        assert_eq!(answer.status(), status);
        assert_eq!(challenge(&answer), format!(r#"Bearer realm="api"{error}{ROOT}"#));
    }
    let nested = send_to(&app, "/mcp/x", &[]).await;
    assert!(challenge(&nested).ends_with(r#"/oauth-protected-resource/v1/mcp""#), "{}", challenge(&nested));
    let beside = send_to(&app, "/mcpx/x", &[]).await;
    assert!(challenge(&beside).ends_with(ROOT), "{}", challenge(&beside));
}

/// The host of a request never reaches a challenge.
#[tokio::test]
async fn a_forged_host_changes_no_challenge() {
    let TestAuth { auth, .. } = TestAuth::with(declared);
    let fields = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
    let answer = send(&protected(&auth), &fields).await;
    assert_eq!(challenge(&answer), format!(r#"Bearer realm="api"{ROOT}"#));
}

#[tokio::test]
async fn an_application_adds_the_challenge_of_its_scheme() {
    let basic = Challenge::new("Basic").unwrap().with("realm", "old \"API\"").unwrap();
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.challenge(basic));
    let answer = send(&protected(&auth), &[]).await;
    let values: Vec<_> = answer.headers().get_all(WWW_AUTHENTICATE).iter().collect();
    assert_eq!(values, [r#"Bearer realm="api""#, r#"Basic realm="old \"API\"""#]);
    let malformed = send(&protected(&auth), &[("authorization", "Bearer")]).await;
    assert_eq!(malformed.headers().get_all(WWW_AUTHENTICATE).iter().count(), 1, "no scheme mends a malformed token");
}
