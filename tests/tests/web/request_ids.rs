use auth_runtime::{
    error::{CatchPanics, Failure},
    web::{Hardening, RequestIds},
};
use axum::{Router, body::Body, http::Request, routing::get};
use tower::ServiceExt;

use super::support::{Answer, Log, app, from, problem, secure, send, settings};

#[tokio::test]
async fn each_request_has_an_identifier_of_its_own() {
    let app = app(&[]);
    let (one, other) = (send(&app, secure("GET", "/id")).await, send(&app, secure("GET", "/id")).await);
    for answer in [&one, &other] {
        assert_eq!(answer.field("x-request-id").as_deref(), Some(&*answer.body));
        assert_eq!(answer.body.len(), 36);
    }
    assert_ne!(one.body, other.body);
}

#[tokio::test]
async fn only_a_trusted_proxy_chooses_it() {
    let app = app(&[]);
    let long = "x".repeat(129);
    for (peer, ids, is_kept) in [
        ("10.0.0.1", &["trace-1_a.B"][..], true),
        ("192.0.2.1", &["trace-1"], false),
        ("10.0.0.1", &["a b"], false),
        ("10.0.0.1", &["a\"b"], false),
        ("10.0.0.1", &[""], false),
        ("10.0.0.1", &[&*long], false),
        ("10.0.0.1", &["one", "two"], false),
    ] {
        let request =
            ids.iter().fold(from(secure("GET", "/id"), peer), |request, id| request.header("x-request-id", *id));
        let answer = send(&app, request.header("x-forwarded-proto", "https")).await;
        assert_eq!(answer.body == ids[0], is_kept, "{peer} {ids:?}");
        assert_eq!(answer.field("x-request-id").as_deref(), Some(&*answer.body));
    }
}

/// The answer, its document and the log have one identifier, however long the proxy's is.
#[tokio::test]
async fn a_failure_has_the_identifier_that_the_answer_shows() {
    let fails = async || -> Result<(), Failure> { Err("it failed")? };
    let routes = Router::new().route("/", get(fails));
    let app = Hardening::from_settings(&settings(&[("ALLOWED_ORIGINS", "")])).wrap(routes).unwrap();
    for length in [1, 64, 65, 128, 129] {
        let request = from(secure("GET", "/"), "10.0.0.1").header("x-forwarded-proto", "https");
        let answer = send(&app, request.header("x-request-id", "x".repeat(length))).await;
        assert_eq!(answer.status.as_u16(), 500);
        assert_eq!(answer.document()["request_id"].as_str(), answer.field("x-request-id").as_deref(), "{length}");
    }
}

#[tokio::test]
async fn a_panic_has_the_identifier_that_the_answer_shows() {
    let (app, log) = (app(&[]), Log::default());
    let answer = log.of(send(&app, secure("GET", "/panic"))).await;
    assert_eq!(answer.problem(), problem(500, "internal"));
    assert!(!answer.body.contains("s3cret"), "{}", answer.body);
    let id = answer.field("x-request-id").unwrap();
    assert_eq!(answer.document()["request_id"], *id);
    let text = log.text();
    let event = text.lines().find(|line| line.contains(" ERROR ")).unwrap_or_else(|| panic!("{text}"));
    assert!(event.contains(&id) && event.contains("a s3cret of the handler"), "{event}");
}

/// The layer alone is enough, without the layer that catches panics.
#[tokio::test]
async fn a_failure_has_the_identifier_of_the_layer_alone() {
    let fails = async || -> Result<(), Failure> { Err("it failed")? };
    let routes = Router::new().route("/", get(fails));
    let log = Log::default();
    for app in [routes.clone().layer(RequestIds::new()), routes.layer(CatchPanics::new()).layer(RequestIds::new())] {
        // The client's own identifier is replaced.
        let request = Request::get("/").header("x-request-id", "of-the-client").body(Body::empty()).unwrap();
        let answer = log.of(async { Answer::of(app.oneshot(request).await.unwrap()).await }).await;
        let id = answer.field("x-request-id").unwrap();
        assert_eq!(answer.document()["request_id"], *id);
        assert!(log.text().contains(&format!("request_id=\"{id}\"")), "{}", log.text());
    }
}

#[tokio::test]
async fn problem_documents_name_it() {
    let app = app(&[]);
    for (method, path) in [("GET", "/me"), ("GET", "/nothing"), ("PUT", "/me")] {
        let answer = send(&app, secure(method, path)).await;
        assert_eq!(answer.document()["request_id"].as_str(), answer.field("x-request-id").as_deref(), "{path}");
        let length = answer.field("content-length").map(|length| length.parse::<usize>().unwrap());
        assert!(length.is_none_or(|length| length == answer.body.len()), "{path}");
    }
}

#[tokio::test]
async fn events_of_a_request_have_it() {
    let (app, log) = (app(&[]), Log::default());
    let answer = log.of(send(&app, secure("GET", "/me"))).await;
    let span =
        format!("request{{http.request.method=\"GET\" request_id=\"{}\"}}", answer.field("x-request-id").unwrap());
    let refused = log.text().lines().find(|line| line.contains("auth_runtime::guard")).map(str::to_owned).unwrap();
    assert!(refused.contains(&span), "{refused}");
}
