//! `Outcome`: what layers of an application learn about a decision without reading the body.

use std::sync::{Arc, Mutex};

use auth_runtime::{
    Auth, GuardedRouter, Identity, Policy,
    error::CatchPanics,
    guard::{Outcome, Outcomes},
    policy::{Limit, LimitKey, Quota, Rule, Via},
    prelude::{check, get, protected, public},
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header::WWW_AUTHENTICATE},
    middleware::{from_fn, map_response},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tower::ServiceExt as _;

use super::support::*;

policy!(Admins = Policy::protected("admins").with_rule(Rule::role("admin")));
policy!(Staff = Policy::protected("staff").with_rule(Rule::role("staff")));
policy!(Readers = Policy::protected("readers").with_rule(Rule::scope("read")));
policy!(Keys = Policy::protected("keys").with_via(Via::API_KEY));
policy!(Once = Policy::protected("once").with_limits(&[Limit::new(Quota::per_minute(1), LimitKey::User)]));

/// Returns the outcome that a layer around the router reads from one response.
fn read(response: &Response) -> String {
    let Some(outcome) = response.extensions().get::<Outcome>() else { return "none".to_owned() };
    let caller = outcome.identity().map_or("-", Identity::subject);
    let word = if outcome.is_admitted() { "admitted" } else { "refused" };
    let (code, reason) = (outcome.code().unwrap_or("-"), outcome.reason().unwrap_or("-"));
    let status = outcome.status().map_or(0, |status| status.as_u16());
    format!("{caller} {word} {} {code} {reason} {status}", outcome.policy().unwrap_or("-"))
}

fn bearer(auth: &Auth, role: &str) -> String {
    TestIdentity::user("ann").role(role).bearer(auth)
}

fn told(app: Router) -> Router {
    app.layer(Outcomes::new())
}

/// No request pays for an outcome that no layer asks for.
#[tokio::test]
async fn without_the_layer_no_response_has_an_outcome() {
    #[public]
    async fn open(_: Option<Identity>) {}
    let TestAuth { auth, .. } = TestAuth::new();
    let ann = bearer(&auth, "admin");
    let routes = GuardedRouter::new().route("/", get(handler::<Admins>)).route("/open", get(open));
    let app = routes.with_state(auth.clone()).into_router();
    for fields in [&[][..], &[("authorization", "Bearer forged")], &[("authorization", &ann)]] {
        for path in ["/", "/open"] {
            assert_eq!(read(&send_to(&app, path, fields).await), "none", "{path} {fields:?}");
        }
    }
}

#[tokio::test]
async fn under_the_layer_a_refusal_carries_its_outcome_on_any_router() {
    let TestAuth { auth, .. } = TestAuth::new();
    let plain = Router::new().route("/", axum::routing::get(handler::<Admins>)).with_state(auth.clone());
    for app in [app::<Admins>(&auth), plain].map(told) {
        assert_eq!(read(&send(&app, &[]).await), "- refused admins unauthenticated anonymous 401");
        let answer = send(&app, &[("authorization", "Bearer forged")]).await;
        assert!(read(&answer).starts_with("- refused admins invalid-"), "{}", read(&answer));
        let answer = send(&app, &[("authorization", &bearer(&auth, "member"))]).await;
        assert_eq!(read(&answer), "ann refused admins forbidden forbidden 403");
        let admin = send(&app, &[("authorization", &bearer(&auth, "admin"))]).await;
        assert_eq!(read(&admin), "ann admitted admins - - 0");
    }
    for (app, expected) in [
        (told(app::<Readers>(&auth)), "ann refused readers insufficient-scope insufficient_scope 403"),
        (told(app::<Keys>(&auth)), "ann refused keys credential-kind credential_kind 403"),
    ] {
        assert_eq!(read(&send(&app, &[("authorization", &bearer(&auth, "admin"))]).await), expected);
    }
    let (app, ann) = (told(app::<Once>(&auth)), bearer(&auth, "member"));
    send(&app, &[("authorization", &ann)]).await;
    let answer = send(&app, &[("authorization", &ann)]).await;
    assert_eq!(read(&answer), "ann refused once quota-exceeded rate_limited 429");
}

#[tokio::test]
async fn the_layer_gives_an_outcome_to_admitted_requests() {
    #[public]
    async fn open(who: Option<Identity>) -> String {
        who.map_or_else(String::new, |who| who.subject().to_owned())
    }
    #[protected]
    async fn missing() -> StatusCode {
        StatusCode::NOT_FOUND
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new()
        .route("/", get(handler::<Admins>))
        .nest("/nested", GuardedRouter::new().route("/missing", get(missing)))
        .route("/open", get(open))
        .public_service(
            "/file",
            tower::service_fn(async |_: Request| Ok::<_, std::convert::Infallible>(Response::new(Body::empty()))),
            "files",
        )
        .layer(Outcomes::new())
        .with_state(auth.clone())
        .into_router();
    let admin = bearer(&auth, "admin");
    let fields = [("authorization", admin.as_str())];
    assert_eq!(read(&send(&app, &fields).await), "ann admitted admins - - 0");
    assert_eq!(read(&send(&app, &[]).await), "- refused admins unauthenticated anonymous 401");
    let answer = send_to(&app, "/nested/missing", &fields).await;
    assert_eq!(answer.status(), 404);
    assert!(read(&answer).starts_with("ann admitted ") && read(&answer).contains("missing"), "{}", read(&answer));
    // The guard of a public handler asks for no caller; its argument does.
    assert!(read(&send_to(&app, "/open", &fields).await).starts_with("ann admitted "));
    assert!(read(&send_to(&app, "/open", &[]).await).starts_with("- admitted "));
    assert_eq!(
        read(&send_to(&app, "/open", &[("authorization", "Bearer forged")]).await).split(' ').nth(1),
        Some("refused")
    );
    assert_eq!(read(&send_to(&app, "/file", &fields).await), "none");
    assert_eq!(read(&send_to(&app, "/nowhere", &fields).await), "none");
}

/// A crate's router may bring the layer, and the application adds it as well.
#[tokio::test]
async fn two_layers_around_one_handler_read_the_same_outcome() {
    let TestAuth { auth, .. } = TestAuth::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let app = told(app::<Admins>(&auth)).layer(map_response(move |response: Response| {
        note.lock().unwrap().push(read(&response));
        // A layer that answers anew takes the outcome away.
        async move { response.into_body().into_response() }
    }));
    let answer = send(&told(app), &[("authorization", &bearer(&auth, "admin"))]).await;
    assert_eq!(read(&answer), "ann admitted admins - - 0");
    assert_eq!(*seen.lock().unwrap(), ["ann admitted admins - - 0"]);
}

#[tokio::test]
async fn of_several_guards_the_refusing_one_counts_and_else_that_of_the_handler() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new()
        .route("/", get(handler::<Admins>))
        .narrowed_by::<Staff>()
        .with_state(auth.clone())
        .layer(Outcomes::new())
        .into_router();
    let call = async |roles: &[&str]| {
        let caller = roles.iter().fold(TestIdentity::user("ann"), |caller, role| caller.role(*role));
        read(&send(&app, &[("authorization", &caller.bearer(&auth))]).await)
    };
    assert_eq!(call(&["admin"]).await, "ann refused staff forbidden forbidden 403");
    assert_eq!(call(&["staff"]).await, "ann refused admins forbidden forbidden 403");
    assert_eq!(call(&["staff", "admin"]).await, "ann admitted admins - - 0");
}

#[tokio::test]
async fn the_answer_to_a_panic_has_the_outcome_of_its_guard() {
    #[protected]
    async fn panics() {
        panic!("on purpose")
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new()
        .route("/", get(panics))
        .layer(CatchPanics::new())
        .layer(Outcomes::new())
        .with_state(auth.clone())
        .into_router();
    let answer = send(&app, &[("authorization", &bearer(&auth, "member"))]).await;
    assert_eq!(answer.status(), 500);
    assert!(read(&answer).starts_with("ann admitted "), "{}", read(&answer));
}

#[check]
async fn locked() -> Result<bool, StatusCode> {
    Err(StatusCode::LOCKED)
}

#[check]
async fn careless() -> Result<bool, StatusCode> {
    Err(StatusCode::OK)
}

#[check]
async fn for_another_caller(_who: auth_runtime::guard::CsrfToken) -> bool {
    true
}

#[tokio::test]
async fn a_check_that_answers_itself_has_a_status_and_no_code() {
    #[auth_runtime::authorize(check(locked))]
    async fn edit() {}
    #[auth_runtime::authorize(check(careless))]
    async fn leak() {}
    #[auth_runtime::authorize(check(for_another_caller))]
    async fn form() {}
    let TestAuth { auth, .. } = TestAuth::new();
    let routes = GuardedRouter::new().route("/edit", get(edit)).route("/leak", get(leak)).route("/form", get(form));
    let app = told(routes.with_state(auth.clone()).into_router());
    let ann = bearer(&auth, "member");
    for (path, code, status) in [("/edit", None, 423), ("/leak", Some("forbidden"), 403)] {
        let answer = send_to(&app, path, &[("authorization", &ann)]).await;
        let outcome = answer.extensions().get::<Outcome>().unwrap();
        assert_eq!((outcome.code(), outcome.status().unwrap().as_u16()), (code, status), "{path}");
        assert_eq!((outcome.reason(), answer.status().as_u16()), (Some("check_failed"), status), "{path}");
    }
    // The argument of the check has refused with a document of this crate: the outcome has the same code.
    let answer = send_to(&app, "/form", &[("authorization", &ann)]).await;
    let seen = answer.extensions().get::<Outcome>().unwrap().clone();
    assert!(seen.policy().unwrap().ends_with("form"), "{seen:?}");
    assert_eq!(seen.code().unwrap(), code(answer).await);
}

/// The two layers that applications write: an access log, and errors in their own form.
#[tokio::test]
async fn an_application_logs_who_called_and_reshapes_refusals_without_reading_bodies() {
    async fn reshaped(response: Response) -> Response {
        let outcome = response.extensions().get::<Outcome>().cloned();
        let Some((code, title)) = outcome.and_then(|outcome| outcome.code().zip(outcome.title())) else {
            return response;
        };
        let body = Json(json!({ "error": { "code": code, "message": title } })).into_response();
        let (mut parts, _) = response.into_parts();
        parts.headers.insert("content-type", body.headers()["content-type"].clone());
        Response::from_parts(parts, body.into_body())
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let app = app::<Admins>(&auth).layer(map_response(reshaped)).layer(Outcomes::new()).layer(from_fn(
        move |request: Request, next: axum::middleware::Next| {
            let log = Arc::clone(&log);
            async move {
                let response = next.run(request).await;
                let line = format!("{} {}", response.status().as_u16(), read(&response));
                log.lock().unwrap().push(line);
                response
            }
        },
    ));
    let answer = send(&app, &[]).await;
    assert!(answer.headers().contains_key(WWW_AUTHENTICATE));
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(text(answer).await, r#"{"error":{"code":"unauthenticated","message":"This needs a credential."}}"#);
    let member = Request::get("/").header("authorization", bearer(&auth, "member")).body(Body::empty()).unwrap();
    let answer = app.clone().oneshot(member).await.unwrap();
    assert_eq!(text(answer).await, r#"{"error":{"code":"forbidden","message":"The caller may not do this."}}"#);
    let answer = send(&app, &[("authorization", &bearer(&auth, "admin"))]).await;
    assert_eq!(text(answer).await, "ann");
    let lines = lines.lock().unwrap();
    assert_eq!(
        *lines,
        [
            "401 - refused admins unauthenticated anonymous 401",
            "403 ann refused admins forbidden forbidden 403",
            "200 ann admitted admins - - 0",
        ]
    );
}
