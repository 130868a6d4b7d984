//! Each layer works alone, on a plain `axum::Router`.

use std::time::Duration;

use auth_runtime::web::{
    AllowedHosts, BodyLimit, Cors, Deadline, Hosts, RequestIds, RequireHttps, SecurityHeaders, tracing_layer,
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request},
    routing::get,
};
use tower::ServiceExt;

use super::support::{Answer, Log};

async fn sent(app: Router) -> Answer {
    Answer::of(app.oneshot(request("")).await.unwrap()).await
}

fn request(body: &'static str) -> Request<Body> {
    let request = Request::get("/").header("host", "api.example.com").header("origin", "https://app.example.com");
    request.body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn every_layer_alone_does_its_own_work() {
    let app = || Router::new().route("/", get(|| async { "hello" }));
    let hosts = || Hosts::parse("api.example.com").unwrap();
    let answer = sent(app().layer(RequestIds::new())).await;
    assert!(answer.field("x-request-id").is_some());
    let log = Log::default();
    log.of(sent(Router::new().route("/", get(warns)).layer(tracing_layer()))).await;
    assert!(log.text().contains("request{http.request.method=\"GET\""), "{}", log.text());
    assert!(sent(app().layer(SecurityHeaders::api())).await.field("content-security-policy").is_some());
    assert_eq!(sent(app().layer(RequireHttps::new(hosts()))).await.status.as_u16(), 403);
    assert_eq!(sent(app().layer(AllowedHosts::new(hosts()))).await.body, "hello");
    let other = Hosts::parse("other.example").unwrap();
    assert_eq!(sent(app().layer(AllowedHosts::new(other))).await.status.as_u16(), 421);
    let cors = Cors::origins(["https://app.example.com"]).methods([Method::GET]).layer().unwrap();
    assert!(sent(app().layer(cors)).await.field("access-control-allow-origin").is_some());
    let never = Router::new().route("/", get(std::future::pending::<()>));
    assert_eq!(sent(never.layer(Deadline::new(Duration::from_millis(1)))).await.status.as_u16(), 503);
    let echo = Router::new().route("/", get(|body: String| async { body })).layer(BodyLimit::bytes(1));
    let with_body = async |body: &'static str| Answer::of(echo.clone().oneshot(request(body)).await.unwrap()).await;
    assert_eq!(with_body("a").await.body, "a");
    assert_eq!(with_body("ab").await.status.as_u16(), 413);
}

async fn warns() {
    tracing::warn!("seen");
}
