use auth_runtime::{
    Auth, Guard, GuardedRouter, Policy, assert_denied,
    auth::Settings,
    identity::Identity,
    policy::{HasPolicy, Via},
    routing::any,
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, body::Body, extract, http::Request, middleware, response::Response};
use tower::ServiceExt;

use super::{
    signed_in::SignedIn,
    support::{Sessions, app, challenge, code, events, policy, protected, public},
};

policy!(Exempt = Policy::protected("exempt").with_csrf_exemption("changes nothing"));

const HOST: &str = "api.example.com";
const OWN: &str = "https://api.example.com";
const TRUSTED: &str = "https://app.example.net:8443";
const FOREIGN: &str = "https://evil.example";

type Fields<'a> = [(&'a str, &'a str)];

async fn send(app: &Router, method: &str, fields: &Fields<'_>) -> Response {
    let mut request = Request::builder().method(method).uri("/").header("host", HOST);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// Returns whether the guard refuses the request, by the rules of the decision table.
fn is_refused(method: &str, site: Option<&str>, origin: Option<&str>, credential: &str, is_exempt: bool) -> bool {
    if credential != "cookie" || is_exempt || matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE") {
        return false;
    }
    match site {
        Some("same-origin" | "none") => false,
        Some("same-site" | "cross-site") => origin != Some(TRUSTED),
        Some(_) => true,
        None => origin != Some(OWN) && origin != Some(TRUSTED),
    }
}

#[tokio::test]
async fn the_whole_decision_table() {
    let world = SignedIn::with(|builder| builder.trusted_origin(TRUSTED)).await;
    let (cookie, bearer) = (world.cookie(), TestIdentity::user(&world.alice.id).bearer(&world.auth));
    let credentials = [("cookie", ("cookie", cookie.as_str())), ("bearer", ("authorization", bearer.as_str()))];
    let (checked, exempt, open) = (protected(&world.auth), app::<Exempt>(&world.auth), public(&world.auth));
    let mut rows = 0;
    for method in ["GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE"] {
        for site in [None, Some("same-origin"), Some("none"), Some("same-site"), Some("cross-site"), Some("odd")] {
            for origin in [None, Some(OWN), Some(TRUSTED), Some(FOREIGN), Some("null")] {
                for (kind, credential) in credentials {
                    let mut fields = vec![credential];
                    fields.extend(site.map(|site| ("sec-fetch-site", site)));
                    fields.extend(origin.map(|origin| ("origin", origin)));
                    for (app, is_exempt) in [(&checked, false), (&exempt, true), (&open, false)] {
                        let refused = is_refused(method, site, origin, kind, is_exempt);
                        let status = send(app, method, &fields).await.status().as_u16();
                        assert_eq!(status, if refused { 403 } else { 200 }, "{method} {fields:?} exempt: {is_exempt}");
                        rows += 1;
                    }
                }
                // An anonymous caller gets the same answer for every origin.
                let mut fields = Vec::from_iter(site.map(|site| ("sec-fetch-site", site)));
                fields.extend(origin.map(|origin| ("origin", origin)));
                assert_eq!(send(&checked, method, &fields).await.status(), 401);
                assert_eq!(send(&open, method, &fields).await.status(), 200);
            }
        }
    }
    assert_eq!(rows, 9 * 6 * 5 * 2 * 3);
}

#[tokio::test]
async fn the_refusal_is_a_problem_without_a_challenge_and_the_operator_is_told_why() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    let cookie = world.cookie();
    let log = events(async {
        let response = send(&app, "POST", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")]).await;
        assert_denied!(response, 403);
        assert_eq!(challenge(&response), "");
        assert_eq!(code(response).await, "cross-site");
    })
    .await;
    assert!(log.contains("refused") && log.contains("cross_site") && log.contains("any_caller"), "{log}");
    assert!(world.spy.calls().is_empty(), "the store was asked before the request was judged");
}

#[tokio::test]
async fn fields_that_are_there_twice_are_refused() {
    let world = SignedIn::with(|builder| builder.trusted_origin(TRUSTED)).await;
    let app = protected(&world.auth);
    let cookie = world.cookie();
    let same = ("sec-fetch-site", "same-origin");
    for fields in [vec![same, same], vec![same, ("origin", OWN), ("origin", OWN)]] {
        let fields = [fields, vec![("cookie", cookie.as_str())]].concat();
        assert_denied!(send(&app, "POST", &fields).await, 403);
    }
}

#[tokio::test]
async fn an_identity_without_a_guard_is_checked_too() {
    async fn optional(who: Option<Identity>) -> String {
        who.map_or_else(|| "nobody".to_owned(), |who| who.subject().to_owned())
    }
    async fn required(who: Identity) -> String {
        who.subject().to_owned()
    }
    let world = SignedIn::new().await;
    let cookie = world.cookie();
    for handlers in [axum::routing::any(optional), axum::routing::any(required)] {
        let app = Router::new().route("/", handlers).with_state(world.auth.clone());
        let from = async |site| send(&app, "POST", &[("cookie", &cookie), ("sec-fetch-site", site)]).await;
        assert_denied!(from("cross-site").await, 403);
        assert_eq!(from("same-origin").await.status(), 200);
        assert_denied!(send(&app, "POST", &[("cookie", &cookie)]).await, 403);
        assert_eq!(send(&app, "GET", &[("cookie", &cookie)]).await.status(), 200);
    }
}

#[tokio::test]
async fn an_exemption_reaches_the_arguments_of_its_handler() {
    async fn exempt(_: Guard<Exempt>, who: Identity, again: Option<Identity>) -> String {
        assert_eq!(Some(&who), again.as_ref());
        who.subject().to_owned()
    }
    let world = SignedIn::new().await;
    let app = GuardedRouter::new().route("/", any(exempt)).with_state(world.auth.clone()).into_router();
    let response = send(&app, "POST", &[("cookie", &world.cookie()), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn an_exempt_guard_before_another_does_not_exempt_that() {
    async fn outer(_: Guard<Exempt>, request: extract::Request, next: middleware::Next) -> Response {
        next.run(request).await
    }
    async fn checked<P: HasPolicy>(_: Guard<P>) {}
    policy!(Checked = Policy::protected("checked"));
    let world = SignedIn::new().await;
    let outer = middleware::from_fn_with_state(world.auth.clone(), outer);
    let handlers = axum::routing::any(checked::<Checked>);
    let app = Router::new().route("/", handlers).layer(outer).with_state(world.auth.clone());
    let from = async |site| send(&app, "POST", &[("cookie", &world.cookie()), ("sec-fetch-site", site)]).await;
    assert_denied!(from("cross-site").await, 403);
    assert_eq!(from("same-origin").await.status(), 200);
}

#[tokio::test]
async fn sessions_of_another_authenticator_are_checked_but_not_in_the_authorization_field() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Sessions { claims: Via::SESSION }));
    let app = protected(&auth);
    let cross = ("sec-fetch-site", "cross-site");
    assert_denied!(send(&app, "POST", &[("x-test-session", "bob"), cross]).await, 403);
    assert_eq!(send(&app, "GET", &[("x-test-session", "bob"), cross]).await.status(), 200);
    assert_eq!(send(&app, "POST", &[("authorization", "Bearer session_bob"), cross]).await.status(), 200);
}

#[tokio::test]
async fn a_dead_cookie_is_no_way_around() {
    let world = SignedIn::new().await;
    let app = protected(&world.auth);
    for cookie in ["__Host-session=", "__Host-session=x"] {
        assert_denied!(send(&app, "POST", &[("cookie", cookie), ("sec-fetch-site", "same-origin")]).await, 401);
        assert_denied!(send(&app, "POST", &[("cookie", cookie), ("sec-fetch-site", "cross-site")]).await, 403);
    }
}

#[tokio::test]
async fn plain_http_is_ones_own_only_where_cookies_are_insecure() {
    let status = async |auth: &Auth, cookie: &str| {
        let fields = [("cookie", cookie), ("origin", "http://api.example.com")];
        send(&protected(auth), "POST", &fields).await.status().as_u16()
    };
    let world = SignedIn::new().await;
    assert_eq!(status(&world.auth, &world.cookie()).await, 403);
    let world = SignedIn::with(|builder| builder.allow_insecure_cookies(true)).await;
    assert_eq!(status(&world.auth, &world.cookie().replace("__Host-", "auth-runtime-")).await, 200);
}

/// The guard trusts exactly the origins in the settings. This test needs no browser.
#[tokio::test]
async fn origins_of_the_settings_are_trusted_and_no_others() {
    for list in
        [TRUSTED.to_owned(), format!("https://a.example, {TRUSTED}"), format!(r#"["{TRUSTED}", "https://a.example"]"#)]
    {
        let variables = [
            ("ENVIRONMENT", "test"),
            ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
            ("CSRF_TRUSTED_ORIGINS", &list),
        ];
        let settings =
            Settings::from_lookup(|name| Some(variables.iter().find(|(known, _)| *known == name)?.1.to_owned()));
        let world = SignedIn::with(|builder| builder.settings(&settings.unwrap())).await;
        let (app, cookie) = (protected(&world.auth), world.cookie());
        for (origin, status) in [(TRUSTED, 200), (OWN, 200), (FOREIGN, 403), ("https://app.example.net", 403)] {
            let by_origin = [("cookie", cookie.as_str()), ("origin", origin)];
            assert_eq!(send(&app, "POST", &by_origin).await.status(), status, "{origin}, {list}");
        }
        let by_site = [("cookie", cookie.as_str()), ("origin", TRUSTED), ("sec-fetch-site", "cross-site")];
        assert_eq!(send(&app, "POST", &by_site).await.status(), 200, "{list}");
    }
}
