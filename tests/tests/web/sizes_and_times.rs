use std::time::Duration;

use auth_runtime::web::Hardening;
use axum::body::{Body, Bytes};

use super::support::{app, problem, secure, send, send_body, settings};

#[tokio::test(start_paused = true)]
async fn a_handler_that_does_not_answer_is_503() {
    let app = app(&[("REQUEST_TIMEOUT_SECONDS", "5")]);
    let started = tokio::time::Instant::now();
    let answer = send(&app, secure("GET", "/never")).await;
    assert_eq!(answer.problem(), problem(503, "deadline-exceeded"));
    assert!(answer.field("retry-after").is_some());
    assert_eq!(started.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn a_body_is_bounded_whether_or_not_it_announces_its_length() {
    let app = app(&[("MAX_BODY_BYTES", "10")]);
    assert_eq!(send_body(&app, secure("POST", "/echo"), "1234567890").await.body, "1234567890");
    let announced = secure("POST", "/echo").header("content-length", "11");
    assert_eq!(send_body(&app, announced, "12345678901").await.problem(), problem(413, "payload-too-large"));
    // A body without a length: the extractor reads until the limit.
    let answer = send_body(&app, secure("POST", "/echo"), streamed("12345678901")).await;
    assert_eq!(answer.status.as_u16(), 413);
}

/// A layer that decompresses makes a short body long, behind the place where the limit counts what arrives.
#[tokio::test]
async fn a_body_that_grows_behind_the_limit_is_bounded_too() {
    async fn expand(mut request: axum::extract::Request) -> axum::extract::Request {
        *request.body_mut() = Body::from("x".repeat(3 * 1024 * 1024));
        request
    }
    let routes = axum::Router::new()
        .route("/echo", axum::routing::post(|body: String| async move { body }))
        .layer(axum::middleware::map_request(expand));
    let app = Hardening::from_settings(&settings(&[("ALLOWED_ORIGINS", "")])).wrap(routes).unwrap();
    assert_eq!(send_body(&app, secure("POST", "/echo"), "x").await.status.as_u16(), 413);
}

/// The limit of the settings takes the place of axum's own 2 MiB.
#[tokio::test]
async fn a_higher_limit_counts() {
    let app = app(&[("MAX_BODY_BYTES", "4194304")]);
    let long = "x".repeat(3 * 1024 * 1024);
    assert_eq!(send_body(&app, secure("POST", "/echo"), long.clone()).await.body.len(), long.len());
}

/// Returns a body of unknown length.
fn streamed(text: &'static str) -> Body {
    struct Streamed(Option<Bytes>);
    impl axum::body::HttpBody for Streamed {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            std::task::Poll::Ready(self.0.take().map(|bytes| Ok(hyper::body::Frame::data(bytes))))
        }
    }
    Body::new(Streamed(Some(Bytes::from_static(text.as_bytes()))))
}

#[tokio::test]
async fn a_quick_answer_is_in_time() {
    let app = app(&[("REQUEST_TIMEOUT_SECONDS", "1")]);
    let answer = tokio::time::timeout(Duration::from_secs(1), send(&app, secure("GET", "/health"))).await.unwrap();
    assert_eq!(answer.body, "ok");
}
