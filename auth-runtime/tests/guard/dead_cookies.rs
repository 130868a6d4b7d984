//! A cookie without a live session is not a credential, for any reason. Another site cannot tell it from a live cookie.

use auth_runtime::{
    Auth, Guard, GuardedRouter, Policy, assert_denied,
    clock::Clock,
    guard::CsrfToken,
    identity::Identity,
    policy::Via,
    routing::any,
    store::{AccountChange, EndReason, Ending, NewAccount, SessionStore},
    testing::TestIdentity,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use tower::ServiceExt;

use super::{
    signed_in::SignedIn,
    support::{app, events, policy, protected, public, send, text},
};

policy!(BearerOnly = Policy::protected("bearer_only").with_via(Via::BEARER));
policy!(SessionOnly = Policy::protected("session_only").with_via(Via::SESSION));

type Fields = Vec<(&'static str, String)>;

/// Returns a dead cookie of each kind, with the reason in the operator's event.
async fn dead_cookies(world: &SignedIn) -> Vec<(&'static str, String)> {
    let now = world.clock.unix();
    let named = |value: &str| format!("__Host-session={value}");
    let inactive = NewAccount::new("bob", "bob@example.org", "no hash".to_owned().into());
    let inactive = world.accounts.accounts().create(inactive).await.unwrap();
    assert_eq!(world.accounts.accounts().set_active(&inactive.id, false).await.unwrap(), AccountChange::Done);
    let ended = world.another(|session| session.id = "ended".to_owned()).await;
    let ending = Ending::new(EndReason::EndedByUser, now, now.plus_seconds(1));
    assert!(world.spy.end("ended", &world.alice.id, ending).await.unwrap());
    vec![
        ("session_unknown", named(&"A".repeat(43))),
        ("session_ended", ended),
        ("session_expired", world.another(|session| session.idle_expires_at = now).await),
        ("session_expired", world.another(|session| session.absolute_expires_at = now).await),
        ("session_cookie_form", named("x")),
        ("session_cookie_form", named("")),
        ("session_cookie_form", named("eyJ1c2VyIjoxfQ.ZyX-Wv.another-applications")),
        ("user_gone", world.another(|session| session.user_id = "nobody".to_owned()).await),
        ("inactive_user", world.another(|session| session.user_id = inactive.id).await),
    ]
}

/// Returns the credentials that requests have beside the cookie.
fn companions(world: &SignedIn, key: String) -> [(&'static str, Fields); 4] {
    let alice = TestIdentity::user(&world.alice.id);
    [
        ("alone", vec![]),
        ("good token", vec![("authorization", alice.bearer(&world.auth))]),
        ("bad token", vec![("authorization", alice.forged().bearer(&world.auth))]),
        ("API key", vec![("x-api-key", key)]),
    ]
}

struct Handlers(Vec<(&'static str, Router)>);

impl Handlers {
    fn new(auth: &Auth) -> Self {
        Self(vec![
            ("public", public(auth)),
            ("protected", protected(auth)),
            ("via(bearer)", app::<BearerOnly>(auth)),
            ("via(session)", app::<SessionOnly>(auth)),
        ])
    }
}

const WEBSOCKET: [(&str, &str); 2] = [("upgrade", "websocket"), ("connection", "upgrade")];

/// Returns the method and fields of each request, and whether the request is unsafe and caused by another site.
fn requests() -> [(&'static str, Fields, bool); 6] {
    let from = |site: &str| vec![("sec-fetch-site", site.to_owned())];
    let websocket = |site| {
        let upgrade = WEBSOCKET.map(|(name, value)| (name, value.to_owned()));
        [from(site), upgrade.to_vec()].concat()
    };
    [
        ("GET", vec![], false),
        ("GET", from("cross-site"), false),
        ("POST", from("same-origin"), false),
        ("GET", websocket("same-origin"), false),
        ("POST", from("cross-site"), true),
        ("GET", websocket("cross-site"), true),
    ]
}

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn word(&self) -> String {
        let problem: Option<serde_json::Value> = serde_json::from_str(&self.body).ok();
        problem.map_or_else(|| self.body.clone(), |problem| problem["code"].as_str().unwrap().to_owned())
    }
}

async fn ask(app: &Router, method: &str, fields: &[(&'static str, String)]) -> Answer {
    let mut request = Request::builder().method(method).uri("/").header("host", "api.example.com");
    for (name, value) in fields {
        request = request.header(*name, value);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// Returns the status and text that a request of this service's own pages gets, with a dead cookie.
fn expected(handler: &str, companion: &str, alice: &str) -> (u16, String) {
    let answer = |status, word: &str| (status, word.to_owned());
    match (companion, handler) {
        ("bad token", "public" | "protected" | "via(bearer)" | "via(session)") => answer(401, "invalid-token"),
        ("alone", "public") => answer(200, "anonymous"),
        ("alone", _) => answer(401, "unauthenticated"),
        (_, "public" | "protected") | ("good token", "via(bearer)") => answer(200, alice),
        _ => answer(403, "credential-kind"),
    }
}

#[tokio::test]
async fn a_dead_cookie_counts_as_absent_and_another_site_sees_no_difference() {
    let world = SignedIn::new().await;
    let companions = companions(&world, world.api_key().await);
    let handlers = Handlers::new(&world.auth);
    let (live, mut rows) = (world.cookie(), 0);
    for (reason, dead) in dead_cookies(&world).await {
        for (handler, app) in &handlers.0 {
            for (companion, beside) in &companions {
                for (method, request, is_foreign) in requests() {
                    let row = format!("{reason} beside {companion}: {method} {request:?} of {handler}");
                    let with = |cookie: &str| [beside.as_slice(), &request, &[("cookie", cookie.to_owned())]].concat();
                    world.spy.calls();
                    let answer = ask(app, method, &with(&dead)).await;
                    if is_foreign {
                        assert_eq!((answer.status, answer.word().as_str()), (403, "cross-site"), "{row}");
                        assert_eq!(answer, ask(app, method, &with(&live)).await, "{row}");
                        assert!(world.spy.calls().is_empty(), "{row}: a store was asked");
                    } else {
                        let got = (answer.status, answer.word());
                        assert_eq!(got, expected(handler, companion, &world.alice.id), "{row}");
                        // The answer is the same as without the cookie, and does not expire it.
                        let absent = ask(app, method, &[beside.as_slice(), &request].concat()).await;
                        assert_eq!(answer, absent, "{row}");
                        assert!(!answer.headers.contains_key("set-cookie"), "{row}");
                    }
                    rows += 1;
                }
            }
        }
    }
    assert_eq!(rows, 9 * 4 * 4 * 6);
}

#[tokio::test]
async fn a_bad_token_is_judged_before_the_cookie_is_looked_up() {
    let world = SignedIn::new().await;
    let forged = TestIdentity::user("alice").forged().bearer(&world.auth);
    for cookie in [world.cookie(), format!("__Host-session={}", "A".repeat(43))] {
        let response = send(&protected(&world.auth), &[("authorization", &forged), ("cookie", &cookie)]).await;
        assert_denied!(response, 401);
        assert!(world.spy.calls().is_empty());
    }
}

#[tokio::test]
async fn the_operator_is_told_why_a_cookie_was_not_accepted() {
    let world = SignedIn::new().await;
    for (reason, cookie) in dead_cookies(&world).await {
        for app in [public(&world.auth), protected(&world.auth)] {
            let log = events(async {
                send(&app, &[("cookie", &cookie)]).await;
            })
            .await;
            let told = |line: &str| line.contains("INFO") && line.contains("ignored") && line.contains(reason);
            assert!(log.lines().any(told), "{reason}: {log}");
            let value = cookie.split_once('=').unwrap().1;
            assert!(value.len() < 2 || !log.contains(value), "the event has the cookie: {log}");
        }
    }
}

#[tokio::test]
async fn a_store_that_fails_is_503_and_never_an_absent_cookie() {
    let world = SignedIn::new().await;
    let token = TestIdentity::user("alice").bearer(&world.auth);
    world.spy.fail("find_by_cookie");
    for app in [public(&world.auth), protected(&world.auth)] {
        assert_denied!(send(&app, &[("cookie", &world.cookie())]).await, 503);
        assert_denied!(send(&app, &[("cookie", &world.cookie()), ("authorization", &token)]).await, 503);
    }
}

#[tokio::test]
async fn a_dead_cookie_is_looked_up_once_a_request() {
    async fn twice(first: Option<Identity>, second: Option<Identity>) -> String {
        format!("{first:?} {second:?}")
    }
    let world = SignedIn::new().await;
    let app = Router::new().route("/", axum::routing::any(twice)).with_state(world.auth.clone());
    let cookie = format!("__Host-session={}", "A".repeat(43));
    assert_eq!(text(send(&app, &[("cookie", &cookie)]).await).await, "None None");
    assert_eq!(world.spy.calls(), ["find_by_cookie"]);
}

#[tokio::test]
async fn an_exemption_does_not_carry_a_token_beside_a_cookie_past_the_next_guard() {
    policy!(Exempt = Policy::protected("exempt").with_csrf_exemption("changes nothing"));
    policy!(Checked = Policy::protected("checked"));
    async fn outer(
        _: Guard<Exempt>,
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        next.run(request).await
    }
    policy!(Open = Policy::public("open"));
    async fn checked(_: Guard<Checked>) {}
    async fn open(_: Guard<Open>, _: Option<Identity>) {}
    async fn optional(_: Option<Identity>) {}
    async fn required(_: Identity) {}
    async fn signs(_: Option<CsrfToken>) {}
    async fn reads(request: axum::extract::Request) -> StatusCode {
        // Code behind the exemption sees no caller, because the caller would be exempt.
        if Identity::of(request.extensions()).is_some() { StatusCode::OK } else { StatusCode::FORBIDDEN }
    }
    let world = SignedIn::new().await;
    let token = TestIdentity::user(&world.alice.id).bearer(&world.auth);
    let (live, dead) = (world.cookie(), "__Host-session=x".to_owned());
    let outer = axum::middleware::from_fn_with_state(world.auth.clone(), outer);
    let behind = |handler: axum::routing::MethodRouter<Auth>| {
        Router::new().route("/", handler).layer(outer.clone()).with_state(world.auth.clone())
    };
    let status = async |app: &Router, site: &str, token: Option<&String>, cookie: &str| {
        let mut fields = vec![("cookie", cookie.to_owned()), ("sec-fetch-site", site.to_owned())];
        fields.extend(token.map(|token| ("authorization", token.clone())));
        ask(app, "POST", &fields).await.status
    };
    let guarded =
        |routes: GuardedRouter<Auth>| Router::from(routes.with_state::<()>(world.auth.clone())).layer(outer.clone());
    for (name, app) in [
        ("checked", behind(axum::routing::any(checked))),
        ("open", behind(axum::routing::any(open))),
        ("optional", behind(axum::routing::any(optional))),
        ("required", behind(axum::routing::any(required))),
        ("signs", behind(axum::routing::any(signs))),
        ("guarded", guarded(GuardedRouter::new().route("/", any(checked)))),
        ("guarded open", guarded(GuardedRouter::new().route("/", any(open)))),
    ] {
        for (token, cookie) in [(Some(&token), &dead), (None, &live)] {
            let row = format!("{name}, with a token: {}", token.is_some());
            assert_eq!(status(&app, "cross-site", token, cookie).await, 403, "{row}");
            assert_eq!(status(&app, "same-origin", token, cookie).await, 200, "{row}");
        }
    }
    assert_eq!(status(&behind(axum::routing::any(reads)), "cross-site", None, &live).await, 403);
    // The next guard is exempt by itself, and its arguments with it.
    async fn exempt(_: Guard<Exempt>, _: Option<Identity>, _: Identity) {}
    let app = guarded(GuardedRouter::new().route("/", any(exempt)).fallback(exempt));
    for (token, cookie) in [(Some(&token), &dead), (None, &live)] {
        assert_eq!(status(&app, "cross-site", token, cookie).await, 200);
    }
}

#[tokio::test]
async fn without_accounts_the_cookie_of_that_name_is_another_applications() {
    let auth = auth_runtime::testing::TestAuth::new().auth;
    let app: Router = GuardedRouter::new().route("/", any(handler)).with_state(auth.clone()).into_router();
    async fn handler(_: Guard<BearerOnly>) {}
    let token = TestIdentity::user("alice").bearer(&auth);
    let fields = [("authorization", token), ("cookie", "__Host-session=x".to_owned())];
    assert_eq!(ask(&app, "POST", &fields).await.status, 200);
}
