//! The bounds of bodies, on both kinds of router.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Policy,
    extract::{Form, Json},
    guard::RunChecks,
    policy::{Limit, LimitKey, Quota},
    routing::post,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    handler::Handler,
    http::{Response, StatusCode},
    middleware::{from_extractor_with_state, map_request},
};
use http_body::Frame;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep},
};
use tower::ServiceExt as _;

use super::support::*;

policy!(AnyCaller = Policy::protected("any_caller"));
policy!(Small = Policy::public("small").with_max_body_bytes(10));
policy!(Smaller = Policy::public("smaller").with_max_body_bytes(5));
policy!(Large = Policy::public("large").with_max_body_bytes(3 * 1024 * 1024));
policy!(Own = Policy::protected("own").with_max_body_bytes(10).with_max_body_time(Duration::from_secs(10)));
policy!(Upload = Policy::public("upload").with_max_body_bytes(150).with_max_body_time(Duration::from_secs(10)));
policy!(Hasty = Policy::public("hasty").with_max_body_time(Duration::from_secs(1)));
policy!(Timed = Policy::public("timed").with_max_body_time(Duration::from_secs(10)));
policy!(
    Counted = Policy::public("counted")
        .with_max_body_bytes(10)
        .with_limits(&[Limit::new(Quota::per_minute(9), LimitKey::Global)])
);

/// What a client sends, step by step.
#[derive(Clone, Copy)]
enum Step {
    Bytes(&'static str),
    Pause(u64),
}

/// A body that counts the bytes that were read of it.
struct Sent {
    steps: VecDeque<Step>,
    pause: Option<Pin<Box<Sleep>>>,
    read: Arc<AtomicUsize>,
}

impl Sent {
    fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), pause: None, read: Arc::default() }
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            if let Some(pause) = &mut self.pause {
                std::task::ready!(pause.as_mut().poll(context));
                self.pause = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Pause(seconds)) => self.pause = Some(Box::pin(sleep(Duration::from_secs(seconds)))),
                Some(Step::Bytes(text)) => {
                    self.read.fetch_add(text.len(), Ordering::Relaxed);
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(text.as_bytes())))));
                }
            }
        }
    }
}

/// Returns a body of unknown length.
fn streamed(text: &'static str) -> Body {
    Body::new(Sent::new([Step::Bytes(text)]))
}

/// Returns a body of one byte a second.
fn drip(seconds: usize) -> Body {
    Body::new(Sent::new((0..seconds).flat_map(|_| [Step::Bytes("x"), Step::Pause(1)])))
}

/// An extractor of another crate, which knows no limit.
struct Foreign;

impl<S: Send + Sync> FromRequest<S> for Foreign {
    type Rejection = (StatusCode, [(&'static str, &'static str); 2], &'static str);

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        match to_bytes(request.into_body(), usize::MAX).await {
            Ok(_) => Ok(Self),
            Err(_) => {
                Err((StatusCode::BAD_REQUEST, [("content-language", "en"), ("x-kept", "yes")], "the body is broken"))
            }
        }
    }
}

async fn bytes<P: HasPolicy>(_: Guard<P>, body: Bytes) -> String {
    body.len().to_string()
}

async fn string<P: HasPolicy>(_: Guard<P>, body: String) -> String {
    body.len().to_string()
}

async fn json<P: HasPolicy>(_: Guard<P>, _: Json<Value>) {}

async fn axum_json<P: HasPolicy>(_: Guard<P>, _: axum::Json<Value>) {}

async fn form<P: HasPolicy>(_: Guard<P>, _: Form<Value>) {}

async fn foreign<P: HasPolicy>(_: Guard<P>, _: Foreign) {}

async fn raw<P: HasPolicy>(_: Guard<P>, request: Request) -> Result<String, StatusCode> {
    let body = to_bytes(request.into_body(), usize::MAX).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(body.len().to_string())
}

/// Reads the body on another task.
async fn spawned<P: HasPolicy>(_: Guard<P>, body: Body) -> Result<(), StatusCode> {
    let read = tokio::spawn(to_bytes(body, usize::MAX)).await.unwrap();
    read.map(drop).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)
}

async fn content<P: HasPolicy>(_: Guard<P>, body: Body) -> &'static str {
    match to_bytes(body, usize::MAX).await {
        Ok(_) => "all of it",
        Err(_) => "a part of it",
    }
}

/// Reads on after each error.
async fn stubborn<P: HasPolicy>(_: Guard<P>, mut body: Body) -> String {
    let mut errors = 0;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        errors += usize::from(frame.is_err());
        assert!(errors < 9, "the body never ends");
    }
    errors.to_string()
}

async fn bodiless<P: HasPolicy>(_: Guard<P>) -> &'static str {
    "no body"
}

/// Returns a handler on both kinds of router.
fn both<H, T>(handler: H, auth: &Auth) -> [Router; 2]
where
    H: Handler<T, Auth> + auth_runtime::router::Takes<T>,
    T: auth_runtime::router::Guarded + 'static,
{
    let guarded = GuardedRouter::new().route("/", post(handler.clone())).with_state(auth.clone()).into_router();
    let plain = Router::new().route("/", axum::routing::post(handler)).layer(auth.layer()).with_state(auth.clone());
    [guarded, plain]
}

async fn answer(app: &Router, kind: &str, body: Body) -> Response<Body> {
    app.clone().oneshot(Request::post("/").header("content-type", kind).body(body).unwrap()).await.unwrap()
}

const PLAIN: &str = "text/plain";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn every_reader_of_a_longer_body_is_413() {
    let TestAuth { auth, .. } = TestAuth::new();
    let readers = [
        (PLAIN, both(bytes::<Small>, &auth)),
        (PLAIN, both(string::<Small>, &auth)),
        (JSON, both(json::<Small>, &auth)),
        (JSON, both(axum_json::<Small>, &auth)),
        (FORM, both(form::<Small>, &auth)),
        (PLAIN, both(foreign::<Small>, &auth)),
        (PLAIN, both(raw::<Small>, &auth)),
        (PLAIN, both(spawned::<Small>, &auth)),
    ];
    for (at, (kind, apps)) in readers.iter().enumerate() {
        for app in apps {
            let refused = answer(app, kind, streamed("\"12345678901\"")).await;
            assert_eq!(refused.status(), 413, "{at}");
            assert_eq!(refused.headers()["content-type"], "application/problem+json");
            assert_eq!(code(refused).await, "payload-too-large", "{at}");
        }
    }
    for app in both(bytes::<Small>, &auth) {
        assert_eq!(text(answer(&app, PLAIN, streamed("1234567890")).await).await, "10");
        assert_eq!(text(answer(&app, PLAIN, Body::empty()).await).await, "0");
    }
}

/// The extractor of uploads reads the body bit by bit, while the handler runs.
#[tokio::test(start_paused = true)]
async fn a_form_of_several_parts_ends_at_the_bounds() {
    async fn parts<P: HasPolicy>(_: Guard<P>, mut form: Multipart) -> Result<String, MultipartError> {
        let mut sizes = Vec::new();
        while let Some(field) = form.next_field().await? {
            sizes.push(field.bytes().await?.len().to_string());
        }
        Ok(sizes.join(" "))
    }
    const PART: &str = "--X\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n12345\r\n";
    let sent = |steps: &[Step]| Body::new(Sent::new(steps.to_vec()));
    let [part, end] = [PART, "--X--\r\n"].map(Step::Bytes);
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(parts::<Upload>, &auth) {
        let answer = async |steps: &[Step]| answer(&app, "multipart/form-data; boundary=X", sent(steps)).await;
        assert_eq!(text(answer(&[part, part, end]).await).await, "5 5");
        let log = events(async {
            let refused = answer(&[part, part, part, end]).await;
            assert_eq!((refused.status().as_u16(), &*code(refused).await), (413, "payload-too-large"));
        });
        assert_eq!(log.await.matches("body_too_large").count(), 1);
        for slow in
            [&[part, Step::Pause(11), end][..], &[Step::Pause(3600)], &[part, Step::Bytes("--X"), Step::Pause(11)]]
        {
            let log = events(async {
                let refused = answer(slow).await;
                assert_eq!((refused.status().as_u16(), &*code(refused).await), (408, "request-timeout"));
            });
            assert_eq!(log.await.matches("body_too_slow").count(), 1);
        }
        // A client that ends its form too early has made a mistake, and reached no bound.
        for short in [&[part][..], &[part, part, Step::Bytes("--X\r\n")], &[]] {
            let log = events(async { assert_eq!(answer(short).await.status(), 400) }).await;
            assert!(!log.contains("body_too"), "{log}");
        }
    }
}

#[tokio::test]
async fn a_body_that_announces_more_is_not_read() {
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(raw::<Small>, &auth) {
        let sent = Sent::new([Step::Bytes("12345678901")]);
        let read = Arc::clone(&sent.read);
        let request = Request::post("/").header("content-length", "11").body(Body::new(sent)).unwrap();
        let log = events(async {
            assert_eq!(code(app.clone().oneshot(request).await.unwrap()).await, "payload-too-large");
        })
        .await;
        assert_eq!(read.load(Ordering::Relaxed), 0);
        assert_eq!(log.matches("body_too_large").count(), 1, "{log}");
        assert!(log.contains("policy=\"small\"") && log.contains("outcome=\"refused\""), "{log}");
    }
}

/// A handler that reads no body would otherwise run for a request that its policy refuses.
#[tokio::test]
async fn a_handler_does_not_run_for_a_body_that_announces_more() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    async fn runs<P: HasPolicy>(_: Guard<P>) -> &'static str {
        RUNS.fetch_add(1, Ordering::Relaxed);
        "ran"
    }
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(runs::<Small>, &auth) {
        for (announced, status, runs) in [("11", 413, 0), ("18446744073709551615", 413, 0), ("10", 200, 1)] {
            let request = Request::post("/").header("content-length", announced).body(streamed("1")).unwrap();
            let answered = app.clone().oneshot(request).await.unwrap();
            assert_eq!((answered.status().as_u16(), RUNS.swap(0, Ordering::Relaxed)), (status, runs), "{announced}");
            if status == 413 {
                assert_eq!(code(answered).await, "payload-too-large");
            }
        }
        // The body says the length itself, as over HTTP/2 without the field.
        assert_eq!(answer(&app, PLAIN, Body::from("12345678901")).await.status(), 413);
        assert_eq!(RUNS.load(Ordering::Relaxed), 0);
    }
}

/// The guard decides first.
#[tokio::test]
async fn the_body_of_a_refused_caller_is_not_read() {
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(raw::<Own>, &auth) {
        for announced in [None, Some("99")] {
            let sent = Sent::new([Step::Bytes("12345678901")]);
            let read = Arc::clone(&sent.read);
            let mut request = Request::post("/");
            if let Some(length) = announced {
                request = request.header("content-length", length);
            }
            let refused = app.clone().oneshot(request.body(Body::new(sent)).unwrap()).await.unwrap();
            assert_eq!(refused.status(), 401);
            assert_eq!(read.load(Ordering::Relaxed), 0);
        }
        let token = TestIdentity::user("alice").bearer(&auth);
        let request = Request::post("/").header("authorization", token).body(streamed("12345678901")).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 413);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_ends_in_time() {
    let TestAuth { auth, .. } = TestAuth::new();
    let silent = || Body::new(Sent::new([Step::Pause(3600)]));
    let readers = [both(raw::<Timed>, &auth), both(foreign::<Timed>, &auth), both(bytes::<Timed>, &auth)];
    for app in readers.iter().flatten() {
        for body in [drip(3600), silent()] {
            let started = Instant::now();
            let log = events(async {
                let refused = answer(app, PLAIN, body).await;
                assert_eq!(refused.status(), 408);
                assert_eq!(code(refused).await, "request-timeout");
            })
            .await;
            assert_eq!(started.elapsed().as_secs(), 10);
            assert_eq!(log.matches("body_too_slow").count(), 1, "{log}");
        }
        let started = Instant::now();
        assert_eq!(answer(app, PLAIN, drip(9)).await.status(), 200);
        assert_eq!(started.elapsed().as_secs(), 9);
    }
}

/// Pauses before it begins to read, and after each frame.
async fn slowly(_: Guard<Timed>, mut body: Body) -> Result<String, StatusCode> {
    let mut frames = 0;
    sleep(Duration::from_secs(15)).await;
    while let Some(frame) = body.frame().await {
        frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        frames += 1;
        sleep(Duration::from_secs(3)).await;
    }
    Ok(frames.to_string())
}

/// The client has 10 seconds, however long the handler takes in between.
#[tokio::test(start_paused = true)]
async fn the_pauses_of_the_handler_are_not_the_clients_time() {
    let TestAuth { auth, .. } = TestAuth::new();
    let bytes = || Step::Bytes("x");
    for (steps, status, seconds) in [
        (vec![bytes()], 200, 15 + 3),
        (vec![bytes(), bytes(), bytes(), bytes(), bytes()], 200, 15 + 5 * 3),
        // Each piece is there a moment after the handler has asked for it.
        (vec![bytes(), Step::Pause(4), bytes(), Step::Pause(5), bytes()], 200, 15 + 3 + 4 + 3 + 5 + 3),
        (vec![bytes(), Step::Pause(4), bytes(), Step::Pause(7), bytes()], 408, 15 + 3 + 4 + 3 + 6),
        (vec![Step::Pause(11), bytes()], 408, 15 + 10),
    ] {
        for app in both(slowly, &auth) {
            let started = Instant::now();
            let answered = answer(&app, PLAIN, Body::new(Sent::new(steps.clone()))).await;
            assert_eq!((answered.status().as_u16(), started.elapsed().as_secs()), (status, seconds));
        }
    }
}

/// On a real server, a part of a body that was sent long ago is still in the network when the handler asks for it.
#[tokio::test]
async fn a_handler_that_reads_late_gets_a_body_that_was_sent_in_time() {
    async fn late(_: Guard<Hasty>, body: Body) -> Result<String, StatusCode> {
        sleep(Duration::from_millis(1_300)).await;
        let body = to_bytes(body, usize::MAX).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        Ok(body.len().to_string())
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let length = 300 * 1024;
    for app in both(late, &auth) {
        for (sent, status) in [(length, "200"), (length - 1, "408")] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let app = app.clone();
            let server = tokio::spawn(async { axum::serve(listener, app).await });
            let head = format!("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
            client.write_all(&[head.as_bytes(), &vec![b'x'; sent]].concat()).await.unwrap();
            let mut answer = Vec::new();
            let _ = client.read_to_end(&mut answer).await;
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{sent}: {answer}");
            server.abort();
        }
    }
}

#[tokio::test]
async fn the_bound_replaces_the_limit_of_axum() {
    let TestAuth { auth, .. } = TestAuth::new();
    let long = "x".repeat(3 * 1024 * 1024);
    for app in both(bytes::<Large>, &auth).iter().chain(&both(string::<Large>, &auth)) {
        assert_eq!(text(answer(app, PLAIN, Body::from(long.clone())).await).await, long.len().to_string());
        assert_eq!(answer(app, PLAIN, Body::from(format!("{long}x"))).await.status(), 413);
    }
}

#[tokio::test]
async fn bounds_that_are_not_enforced_are_500() {
    let TestAuth { auth, .. } = TestAuth::new();
    for app in [
        Router::new().route("/", axum::routing::post(bytes::<Small>)).with_state(auth.clone()),
        Router::new().route("/", axum::routing::post(bodiless::<Timed>)).with_state(auth.clone()),
    ] {
        for body in [Body::from("x"), Body::empty()] {
            let log = events(async {
                let refused = answer(&app, PLAIN, body).await;
                assert_eq!(refused.status(), 500);
                assert_eq!(code(refused).await, "internal");
            })
            .await;
            assert!(log.contains("reason=\"misconfigured\"") && log.contains(".layer(auth.layer())"), "{log}");
        }
    }
}

#[tokio::test]
async fn a_handler_keeps_a_success() {
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(content::<Small>, &auth) {
        assert_eq!(text(answer(&app, PLAIN, streamed("12345678901")).await).await, "a part of it");
        assert_eq!(text(answer(&app, PLAIN, streamed("1")).await).await, "all of it");
    }
}

/// A reader that ignores errors would otherwise never give its thread back.
#[tokio::test(start_paused = true)]
async fn a_cut_body_ends_after_its_error() {
    let TestAuth { auth, .. } = TestAuth::new();
    for app in both(stubborn::<Small>, &auth) {
        assert_eq!(text(answer(&app, PLAIN, streamed("12345678901")).await).await, "1");
        assert_eq!(text(answer(&app, PLAIN, streamed("1")).await).await, "0");
    }
    for app in both(stubborn::<Timed>, &auth) {
        assert_eq!(text(answer(&app, PLAIN, drip(30)).await).await, "1");
    }
}

/// The fields of the layers around the handler stay, those of the replaced answer go.
#[tokio::test]
async fn a_refused_body_counts_and_reports_its_limit() {
    let TestAuth { auth, .. } = TestAuth::new();
    for (left, app) in [8, 7].into_iter().zip(both(foreign::<Counted>, &auth)) {
        let refused = answer(&app, PLAIN, streamed("12345678901")).await;
        assert_eq!(refused.status(), 413);
        let limit = refused.headers()["ratelimit"].to_str().unwrap();
        assert!(limit.contains(&format!("r={left}")), "{limit}");
        assert_eq!(refused.headers()["x-kept"], "yes");
        assert!(!refused.headers().contains_key("content-language"));
    }
}

/// What a guard in a middleware says holds, too.
#[tokio::test]
async fn of_two_bounds_the_stricter_one_holds() {
    async fn stacked<Outer, Inner>(auth: &Auth, body: &'static str) -> StatusCode
    where
        Outer: HasPolicy<Checks: RunChecks<Auth>>,
        Inner: HasPolicy<Checks: RunChecks<Auth>>,
    {
        let app = Router::new()
            .route("/", axum::routing::post(bytes::<Inner>))
            .layer(from_extractor_with_state::<Guard<Outer>, Auth>(auth.clone()))
            .layer(auth.layer())
            .with_state(auth.clone());
        answer(&app, PLAIN, streamed(body)).await.status()
    }
    let TestAuth { auth, .. } = TestAuth::new();
    assert_eq!(stacked::<Small, Smaller>(&auth, "12345").await, 200);
    assert_eq!(stacked::<Small, Smaller>(&auth, "123456").await, 413);
    assert_eq!(stacked::<Smaller, Small>(&auth, "12345").await, 200);
    assert_eq!(stacked::<Smaller, Small>(&auth, "123456").await, 413);
}

/// A layer on the router that decompresses bodies makes them longer.
#[tokio::test]
async fn the_bytes_that_the_handler_reads_are_counted() {
    async fn expand(mut request: Request) -> Request {
        *request.body_mut() = streamed("12345678901");
        request
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let guarded = GuardedRouter::new().route("/", post(raw::<Small>)).layer(map_request(expand));
    let plain = Router::new().route("/", axum::routing::post(raw::<Small>)).layer(auth.layer());
    for app in [guarded.with_state(auth.clone()).into_router(), plain.layer(map_request(expand)).with_state(auth)] {
        assert_eq!(answer(&app, PLAIN, Body::from("1")).await.status(), 413);
    }
}

#[test]
fn the_matrix_shows_the_bounds() {
    let app = GuardedRouter::<Auth>::new()
        .route("/a", post(bytes::<Own>))
        .route("/b", post(bytes::<Counted>))
        .route("/c", post(bytes::<AnyCaller>));
    let matrix = app.access_matrix();
    let bodies: Vec<_> = matrix.rows().iter().map(|row| row.body.as_str()).collect();
    assert_eq!(bodies, ["10 B within 10 s", "10 B", ""]);
    assert_eq!(matrix.rows()[1].limits, "9/min by global");
    let table = matrix.to_string();
    assert!(table.contains("  body 10 B within 10 s  ") && table.contains("global; body 10 B"), "{table}");
    let rows: Value = serde_json::from_str(&matrix.to_json()).unwrap();
    assert_eq!((&rows[0]["body"], &rows[2]["body"]), (&"10 B within 10 s".into(), &Value::Null));
}
