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

use super::support::Answer;

async fn sent(app: Router) -> Answer {
    let request = Request::get("/").header("host", "api.example.com").header("origin", "https://app.example.com");
    Answer::of(app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()).await
}

#[tokio::test]
async fn every_layer_alone_does_its_own_work() {
    let app = || Router::new().route("/", get(|| async { "hello" }));
    let hosts = || Hosts::parse("api.example.com").unwrap();
    let answer = sent(app().layer(RequestIds::new())).await;
    assert!(answer.field("x-request-id").is_some());
    assert_eq!(sent(app().layer(tracing_layer())).await.body, "hello");
    assert!(sent(app().layer(SecurityHeaders::api())).await.field("content-security-policy").is_some());
    assert_eq!(sent(app().layer(RequireHttps::new(hosts()))).await.status.as_u16(), 403);
    assert_eq!(sent(app().layer(AllowedHosts::new(hosts()))).await.body, "hello");
    let other = Hosts::parse("other.example").unwrap();
    assert_eq!(sent(app().layer(AllowedHosts::new(other))).await.status.as_u16(), 421);
    let cors = Cors::origins(["https://app.example.com"]).methods([Method::GET]).layer().unwrap();
    assert!(sent(app().layer(cors)).await.field("access-control-allow-origin").is_some());
    assert_eq!(sent(app().layer(Deadline::new(Duration::from_secs(1)))).await.body, "hello");
    assert_eq!(sent(app().layer(BodyLimit::bytes(1))).await.body, "hello");
}
