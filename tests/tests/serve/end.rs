//! How a server ends.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use auth_runtime::{GuardedRouter, health, serve::serve, testing::TestAuth};
use axum::{Router, routing::get};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{Instant, sleep, timeout},
};

use super::{
    http2,
    server::{Client, SHORT, SOON, Server},
};

/// Returns an application with a handler that waits, and a handler that never ends.
fn app(started: Arc<Notify>) -> Router {
    let slow = {
        let started = Arc::clone(&started);
        move || async move {
            started.notify_one();
            sleep(SHORT * 2).await;
            "at last"
        }
    };
    let never = move || async move {
        started.notify_one();
        pending::<&'static str>().await
    };
    Router::new().route("/", get(async || "well")).route("/slow", get(slow)).route("/never", get(never))
}

#[tokio::test]
async fn open_requests_are_answered_and_no_new_ones_are_taken() {
    let started = Arc::new(Notify::new());
    let mut server = Server::serving(app(Arc::clone(&started)), |server| server.shutdown_within(SOON)).await;
    let address = server.address;
    let mut idle = server.connect().await;
    assert!(idle.get("/", "keep-alive").await.ends_with("well"));
    let mut silent = server.connect().await;
    let mut busy = server.connect().await;
    busy.send("GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    started.notified().await;
    server.stop();
    assert!(idle.closed().await < SOON && silent.closed().await < SOON);
    let answer = busy.answer().await;
    assert!(answer.ends_with("at last") && answer.contains("connection: close"), "{answer}");
    server.ended().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_server_without_open_requests_ends_at_once() {
    let mut server =
        Server::start(|server| server.shutdown_within(SOON * 9).head_within(SOON * 9).idle_for(SOON * 9)).await;
    let mut idle = server.connect().await;
    assert!(idle.get("/", "keep-alive").await.ends_with("well"));
    let mut over_http2 = server.connect().await;
    over_http2.send(http2::opening()).await;
    assert_eq!(http2::status(&mut over_http2.0, 1).await, 0x88);
    let mut half = server.connect().await;
    half.send("GET / HTTP/1.1\r\nhost: ").await;
    server.stop();
    // The clients do not answer the server's farewell.
    server.ended().await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_is_cut_when_the_time_is_over() {
    let started = Arc::new(Notify::new());
    let mut server = Server::serving(app(Arc::clone(&started)), |server| server.shutdown_within(SHORT)).await;
    let mut client = server.connect().await;
    client.send("GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    started.notified().await;
    let start = Instant::now();
    server.stop();
    server.ended().await.unwrap();
    assert!(start.elapsed() >= SHORT);
    client.closed().await;
}

/// The other tests stop their servers by hand, so the signal reaches only this one.
#[cfg(unix)]
#[tokio::test]
async fn the_signal_of_the_platform_ends_it_and_a_second_one_cuts() {
    let started = Arc::new(Notify::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let app = app(Arc::clone(&started));
    let server = tokio::spawn(async move {
        serve(listener, app).shutdown_within(SOON * 9).await.unwrap();
        over.store(true, Ordering::SeqCst);
    });
    let mut client = Client(TcpStream::connect(address).await.unwrap());
    client.send("GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    // The server listens to signals before it takes a connection.
    started.notified().await;
    terminate();
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, refused).await.expect("the signal does nothing");
    assert!(!is_over.load(Ordering::SeqCst), "the open request is cut");
    terminate();
    timeout(SOON, server).await.expect("a second signal does nothing").unwrap();
}

#[cfg(unix)]
fn terminate() {
    let own = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &own]).status().unwrap().success());
}

/// The platform learns from `/readyz` that the server leaves, while the server still takes requests.
#[tokio::test]
async fn a_server_that_leaves_says_so_before_it_closes_its_port() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new().merge(health::routes()).with_state(auth).into_router();
    let mut server = Server::serving(app, |server| server.leave_for(SHORT * 5).shutdown_within(SOON)).await;
    let address = server.address;
    let mut kept = server.connect().await;
    assert!(kept.get("/readyz", "keep-alive").await.contains(" 200 "));
    server.stop();
    while kept.get("/readyz", "keep-alive").await.contains(" 200 ") {
        tokio::task::yield_now().await;
    }
    let mut late = server.connect().await;
    assert!(late.get("/readyz", "close").await.contains(" 503 "));
    assert!(kept.get("/healthz", "keep-alive").await.contains(" 200 "));
    assert!(kept.closed().await < SOON);
    server.ended().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
