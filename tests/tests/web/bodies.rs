//! `#[body]` inside `web::hardened`, and on a real server.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use auth_runtime::{prelude::*, web::Hardening};
use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{FromRequest, Request},
    http::StatusCode,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep},
};

use super::support::{Answer, problem, routes, secure, send_body, settings};

#[public]
#[body(max = 20 B)]
async fn larger(text: String) -> String {
    text
}

#[public]
#[body(max = "5 B")]
async fn smaller(text: String) -> String {
    text
}

#[public]
#[body(within = 60 s)]
async fn patient(text: String) -> String {
    text
}

#[public]
#[body(within = 2 s)]
async fn hasty(text: String) -> String {
    text
}

#[public]
#[body(within = 1 min)]
async fn never_after(_: Bytes) {
    std::future::pending::<()>().await;
}

/// Reads a body slowly that is always there.
#[public]
#[body(within = 60 s)]
async fn slow_reader(mut body: Body) {
    while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        sleep(Duration::from_secs(4)).await;
    }
}

/// Begins to read when the time of the body has passed, and then does not answer.
#[public]
#[body(within = 60 s)]
async fn late_reader(body: Body) {
    sleep(Duration::from_secs(62)).await;
    drop(to_bytes(body, usize::MAX).await);
    std::future::pending::<()>().await;
}

#[protected]
#[body(max = 20 B, within = 2 s)]
async fn own(text: String) -> String {
    text
}

/// An extractor of another crate, which knows no limit.
struct Foreign;

impl<S: Send + Sync> FromRequest<S> for Foreign {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, StatusCode> {
        to_bytes(request.into_body(), usize::MAX).await.map(|_| Self).map_err(|_| StatusCode::BAD_REQUEST)
    }
}

#[public]
async fn foreign(_: Foreign) {}

#[public]
async fn unread() -> &'static str {
    "not read"
}

fn router() -> GuardedRouter {
    let (routes, auth) = routes();
    let own_routes = GuardedRouter::new()
        .route("/larger", post(larger))
        .route("/smaller", post(smaller))
        .route("/patient", post(patient))
        .route("/hasty", post(hasty))
        .route("/slow-reader", post(slow_reader))
        .route("/late-reader", post(late_reader))
        .route("/never-after", post(never_after))
        .route("/own", post(own))
        .route("/foreign", post(foreign))
        .route("/unread", post(unread));
    routes.merge(own_routes.with_state(auth.auth))
}

/// Returns a service that gives bodies 10 bytes and handlers 5 seconds.
fn app() -> auth_runtime::web::Hardened {
    let settings = settings(&[("MAX_BODY_BYTES", "10"), ("REQUEST_TIMEOUT_SECONDS", "5")]);
    Hardening::from_settings(&settings).wrap(router()).unwrap()
}

async fn sent(path: &str, body: impl Into<Body>) -> Answer {
    send_body(&app(), secure("POST", path), body).await
}

/// A body of one byte a second.
struct Drip {
    left: usize,
    pause: Pin<Box<Sleep>>,
}

impl HttpBody for Drip {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        std::task::ready!(self.pause.as_mut().poll(context));
        self.left -= 1;
        self.pause = Box::pin(sleep(Duration::from_secs(1)));
        Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(b"x")))))
    }
}

fn drip(seconds: usize) -> Body {
    Body::new(Drip { left: seconds, pause: Box::pin(sleep(Duration::from_secs(1))) })
}

#[tokio::test]
async fn the_size_replaces_the_setting() {
    assert_eq!(sent("/larger", "x".repeat(20)).await.body, "x".repeat(20));
    assert_eq!(sent("/larger", "x".repeat(21)).await.problem(), problem(413, "payload-too-large"));
    assert_eq!(sent("/smaller", "x".repeat(5)).await.body, "xxxxx");
    assert_eq!(sent("/smaller", "x".repeat(6)).await.problem(), problem(413, "payload-too-large"));
    assert_eq!(sent("/echo", "x".repeat(11)).await.problem(), problem(413, "payload-too-large"));
}

#[tokio::test(start_paused = true)]
async fn the_time_replaces_the_setting() {
    for (path, bytes, seconds, expected) in [
        ("/patient", 20, 20, None),
        ("/hasty", 20, 2, Some(problem(408, "request-timeout"))),
        // From the body's end on, the handler has the time of the setting.
        ("/never-after", 20, 25, Some(problem(503, "deadline-exceeded"))),
        ("/never-after", 1, 6, Some(problem(503, "deadline-exceeded"))),
        ("/never-after", 99, 60, Some(problem(408, "request-timeout"))),
        // The pauses count for the deadline: 60 seconds and 5.
        ("/slow-reader", 10, 41, None),
        ("/slow-reader", 20, 65, Some(problem(503, "deadline-exceeded"))),
        // A body that ends after its time gives the handler no more of it: 60 seconds and 5.
        ("/late-reader", 0, 65, Some(problem(503, "deadline-exceeded"))),
        ("/echo", 20, 5, Some(problem(503, "deadline-exceeded"))),
    ] {
        let settings = settings(&[("REQUEST_TIMEOUT_SECONDS", "5")]);
        let app = Hardening::from_settings(&settings).wrap(router()).unwrap();
        let started = Instant::now();
        let answer = send_body(&app, secure("POST", path), drip(bytes)).await;
        assert_eq!(started.elapsed().as_secs(), seconds, "{path}");
        match expected {
            Some(expected) => assert_eq!(answer.problem(), expected, "{path}"),
            None if path == "/slow-reader" => assert_eq!(answer.status.as_u16(), 200),
            None => assert_eq!(answer.body.len(), bytes, "{path}"),
        }
    }
}

/// The limit of the settings ends bodies as `#[body]` does.
#[tokio::test]
async fn the_setting_is_enforced_when_the_body_is_read() {
    assert_eq!(sent("/foreign", "x".repeat(11)).await.problem(), problem(413, "payload-too-large"));
    assert_eq!(sent("/unread", "x".repeat(11)).await.body, "not read");
    assert_eq!(sent("/own", "x".repeat(99)).await.problem(), problem(401, "unauthenticated"));
    assert_eq!(sent("/nowhere", "x".repeat(99)).await.problem(), problem(404, "not-found"));
    let log = super::support::Log::default();
    log.of(sent("/foreign", "x".repeat(11))).await;
    assert_eq!(log.text().matches("body_too_large").count(), 1, "{}", log.text());
}

/// A body that announces too many bytes is not awaited.
#[tokio::test(start_paused = true)]
async fn no_byte_is_read_of_a_body_that_announces_more_than_the_setting() {
    for path in ["/foreign", "/echo"] {
        let started = Instant::now();
        let answer = send_body(&app(), secure("POST", path).header("content-length", "11"), drip(11)).await;
        assert_eq!(answer.problem(), problem(413, "payload-too-large"), "{path}");
        assert_eq!(started.elapsed(), Duration::ZERO, "{path}");
    }
}

/// Sends the text to a real server, and returns its answer up to the end of the connection.
async fn over_tcp(text: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let settings = settings(&[("ENVIRONMENT", "test"), ("MAX_BODY_BYTES", "10")]);
    let app = Hardening::from_settings(&settings).wrap(router()).unwrap();
    let server = tokio::spawn(async move {
        axum::serve(listener, app.into_make_service_with_connect_info::<std::net::SocketAddr>()).await
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    server.abort();
    String::from_utf8(answer).unwrap()
}

fn head(path: &str, fields: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\n{fields}\r\n")
}

/// On a real server, a client that waits for `100 Continue` sends no byte of a refused body.
#[tokio::test]
async fn a_server_asks_for_no_body_that_is_too_long() {
    for path in ["/larger", "/own"] {
        let answer = over_tcp(head(path, "content-length: 999\r\nexpect: 100-continue\r\n")).await;
        let status = if path == "/own" { "401" } else { "413" };
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    let chunked = head("/larger", "transfer-encoding: chunked\r\n") + "15\r\n123456789012345678901\r\n0\r\n\r\n";
    let answer = over_tcp(chunked).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("payload-too-large"), "{answer}");
    let answer = over_tcp(head("/larger", "content-length: 15\r\n") + "123456789012345").await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("123456789012345"), "{answer}");
}

/// Nothing else happens on the paused clock, so it goes on to the end of the body's time.
#[tokio::test(start_paused = true)]
async fn a_server_waits_for_no_body_for_ever() {
    let answer = over_tcp(head("/hasty", "content-length: 10\r\n") + "12345").await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("request-timeout"), "{answer}");
}
