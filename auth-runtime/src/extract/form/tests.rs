use std::io;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::DefaultBodyLimit,
    http::{Method, header::CONTENT_TYPE},
    response::Response,
    routing::any,
};
use serde::Deserialize;
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;

#[derive(Deserialize)]
struct Order {
    item: String,
    count: u8,
}

const FORM: &str = "application/x-www-form-urlencoded";

async fn send(method: Method, uri: &str, kind: &str, body: Body) -> Response {
    let handler = any(async |Form(order): Form<Order>| format!("{} {}", order.count, order.item));
    let app = Router::new().route("/", handler).layer(DefaultBodyLimit::max(100));
    let request = Request::builder().method(method).uri(uri).header(CONTENT_TYPE, kind).body(body).unwrap();
    app.oneshot(request).await.unwrap()
}

async fn post(kind: &str, body: impl Into<Body>) -> Response {
    send(Method::POST, "/", kind, body.into()).await
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

async fn assert_problem(response: Response, status: u16, code: &str) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let text = text(response).await;
    assert!(!text.contains("canary"), "{text}");
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()), "{problem}");
}

#[tokio::test]
async fn a_form_of_the_expected_fields_is_read() {
    assert_eq!(text(post(FORM, "item=a+tea%20pot&count=2").await).await, "2 a tea pot");
    assert_eq!(text(post(&format!("{FORM}; charset=utf-8"), "count=2&item=").await).await, "2 ");
    assert_eq!(text(send(Method::GET, "/?item=pot&count=2", "", Body::empty()).await).await, "2 pot");
}

#[tokio::test]
async fn a_form_of_other_fields_is_422() {
    for body in
        ["", "item=canary", "item=canary&count=many", "item=canary&count=256", "item=canary&count=-1", "canary", "%00"]
    {
        assert_problem(post(FORM, body).await, 422, "invalid-body").await;
        let uri = format!("/?{body}");
        assert_problem(send(Method::GET, &uri, FORM, Body::empty()).await, 422, "invalid-body").await;
    }
    let twice = "item=canary&item=canary&count=1";
    assert_problem(post(FORM, twice).await, 422, "invalid-body").await;
}

#[tokio::test]
async fn another_content_type_is_415() {
    for kind in ["", "text/plain", "application/json", "multipart/form-data; boundary=x"] {
        assert_problem(post(kind, "item=canary&count=1").await, 415, "unsupported-media-type").await;
    }
}

#[tokio::test]
async fn too_large_a_form_is_413_whether_or_not_it_says_so() {
    let body = format!("item=canary{}&count=1", "a".repeat(100));
    assert_problem(post(FORM, body.clone()).await, 413, "payload-too-large").await;
    let pieces =
        body.into_bytes().chunks(7).map(|piece| Ok::<_, io::Error>(Bytes::copy_from_slice(piece))).collect::<Vec<_>>();
    let body = Body::from_stream(Pieces(pieces.into_iter()));
    assert_problem(post(FORM, body).await, 413, "payload-too-large").await;
}

#[tokio::test]
async fn a_form_that_breaks_off_is_400() {
    let pieces = vec![Ok(Bytes::from_static(b"item=canary")), Err(io::Error::other("canary: reset by peer"))];
    assert_problem(post(FORM, Body::from_stream(Pieces(pieces.into_iter()))).await, 400, "bad-request").await;
}

/// axum reads the query of a `GET` alone.
#[test]
fn only_a_get_needs_no_content_type() {
    for (method, is_taken) in [(Method::GET, true), (Method::HEAD, false), (Method::POST, false)] {
        let (request, ()) = Request::builder().method(&method).body(()).unwrap().into_parts();
        assert_eq!(expect_form(&request).is_ok(), is_taken, "{method}");
    }
}

/// A body that comes in pieces, and says nothing of its length.
struct Pieces<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Pieces<I> {
    type Item = I::Item;

    fn poll_next(
        mut self: core::pin::Pin<&mut Self>,
        _: &mut core::task::Context<'_>,
    ) -> core::task::Poll<Option<I::Item>> {
        core::task::Poll::Ready(self.0.next())
    }
}
