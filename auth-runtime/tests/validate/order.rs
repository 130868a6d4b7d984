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

#[cfg(feature = "upload")]
mod uploads {
    use auth_runtime::upload::{FileType, Upload, UploadPolicy, UploadRules, Uploads};
    use auth_runtime::{Auth, prelude::*};
    use axum::extract::FromRef;

    pub(super) struct Texts;

    impl UploadPolicy for Texts {
        const RULES: UploadRules = UploadRules::new(1_000, &[FileType::PlainText]);
    }

    #[derive(Clone, FromRef)]
    pub(super) struct App {
        pub(super) auth: Auth,
        pub(super) uploads: Uploads,
    }

    #[check]
    async fn refuses() -> bool {
        false
    }

    #[protected]
    pub(super) async fn for_callers(upload: Upload<Texts>) -> String {
        upload.files().len().to_string()
    }

    #[require_role("admin")]
    pub(super) async fn for_admins(_: Upload<Texts>) {}

    #[authorize(check(refuses))]
    pub(super) async fn for_checked(_: Upload<Texts>) {}

    #[public(because = "a test")]
    #[rate_limit(1/hour)]
    pub(super) async fn limited(_: Upload<Texts>) {}
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
    match path {
        "/form" => send_body(app, path, bearer, "application/x-www-form-urlencoded", "title=").await,
        _ => send_body(app, path, bearer, "application/json", r#"{"title":""}"#).await,
    }
}

async fn send_body(app: &Router, path: &str, bearer: Option<&str>, kind: &str, text: &'static str) -> (u16, usize) {
    let read = Arc::new(AtomicUsize::new(0));
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

#[cfg(feature = "upload")]
#[tokio::test]
async fn no_byte_of_an_upload_is_read_before_the_guard_has_decided() {
    use auth_runtime::upload::Uploads;

    const FORM: &str =
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\ntext\r\n--XX--\r\n";
    let TestAuth { auth, .. } = TestAuth::new();
    let folder = tempfile::TempDir::new().unwrap();
    let app = uploads::App { auth: auth.clone(), uploads: Uploads::in_folder(folder.path()).unwrap() };
    let app = GuardedRouter::new()
        .route("/callers", post(uploads::for_callers))
        .route("/admins", post(uploads::for_admins))
        .route("/checked", post(uploads::for_checked))
        .route("/limited", post(uploads::limited))
        .with_state(app)
        .into_router();
    let alice = TestIdentity::user("alice").bearer(&auth);
    for (path, bearer, expected) in [
        ("/callers", None, (401, 0)),
        ("/callers", Some("Bearer canary"), (401, 0)),
        ("/admins", Some(&*alice), (403, 0)),
        ("/checked", Some(&alice), (403, 0)),
        ("/callers", Some(&alice), (200, FORM.len())),
        ("/limited", None, (200, FORM.len())),
        ("/limited", None, (429, 0)),
    ] {
        assert_eq!(send_body(&app, path, bearer, "multipart/form-data; boundary=XX", FORM).await, expected, "{path}");
    }
}
