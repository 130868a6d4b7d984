//! Authentication, limits, rules and checks are decided before a byte of the body is read.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use auth_runtime::{
    prelude::*,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
    http::Request,
};
use http_body::Frame;
use serde::Deserialize;
use tower::ServiceExt as _;
use validator::Validate;

#[derive(Deserialize, Validate)]
struct Post {
    #[validate(length(min = 1))]
    title: String,
}

#[check]
async fn refuses() -> bool {
    false
}

#[protected]
async fn for_callers(Valid(Json(post)): Valid<Json<Post>>) -> String {
    post.title
}

#[require_role("admin")]
async fn for_admins(Valid(Json(post)): Valid<Json<Post>>) -> String {
    post.title
}

#[authorize(check(refuses))]
async fn for_checked(Valid(Json(post)): Valid<Json<Post>>) -> String {
    post.title
}

#[public(because = "a test")]
#[rate_limit(1/hour)]
async fn limited(Valid(Json(post)): Valid<Json<Post>>) -> String {
    post.title
}

#[protected]
async fn form_for_callers(Valid(Form(post)): Valid<Form<Post>>) -> String {
    post.title
}

/// A body that counts the bytes that were read of it.
struct Counted(Option<&'static str>, Arc<AtomicUsize>);

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let text = self.0.take();
        self.1.fetch_add(text.map_or(0, str::len), Ordering::Relaxed);
        Poll::Ready(text.map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes())))))
    }
}

async fn send(app: &Router, path: &str, bearer: Option<&str>) -> (u16, usize) {
    let read = Arc::new(AtomicUsize::new(0));
    let is_form = path == "/form";
    let (kind, text) =
        if is_form { ("application/x-www-form-urlencoded", "title=") } else { ("application/json", r#"{"title":""}"#) };
    let mut request = Request::post(path).header("content-type", kind);
    if let Some(bearer) = bearer {
        request = request.header("authorization", bearer);
    }
    let mut request = request.body(Body::new(Counted(Some(text), Arc::clone(&read)))).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    let status = app.clone().oneshot(request).await.unwrap().status().as_u16();
    (status, read.load(Ordering::Relaxed))
}

#[tokio::test]
async fn no_byte_is_read_before_the_guard_has_decided() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new()
        .route("/callers", post(for_callers))
        .route("/admins", post(for_admins))
        .route("/checked", post(for_checked))
        .route("/limited", post(limited))
        .route("/form", post(form_for_callers))
        .with_state(auth.clone())
        .into_router();
    let (alice, admin) = (TestIdentity::user("alice"), TestIdentity::user("root").role("admin"));
    let (alice, admin) = (alice.bearer(&auth), admin.bearer(&auth));
    for (path, bearer, expected) in [
        ("/callers", None, (401, 0)),
        ("/form", None, (401, 0)),
        ("/callers", Some("Bearer canary"), (401, 0)),
        ("/admins", Some(&*alice), (403, 0)),
        ("/checked", Some(&alice), (403, 0)),
        // The rules of the body come last.
        ("/callers", Some(&alice), (422, 12)),
        ("/form", Some(&alice), (422, 6)),
        ("/admins", Some(&admin), (422, 12)),
        ("/limited", None, (422, 12)),
        ("/limited", None, (429, 0)),
    ] {
        assert_eq!(send(&app, path, bearer).await, expected, "{path} {bearer:?}");
    }
}
