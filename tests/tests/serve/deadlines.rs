//! What a client can hold a connection with, and for how long.

use std::time::Duration;

use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, sleep},
};

use super::server::{Client, SHORT, SOON, Server};

/// Starts a server with a short deadline for heads. Nothing else can end a connection during the test.
async fn short_heads() -> Server {
    Server::start(|server| server.head_within(SHORT).idle_for(SOON * 9)).await
}

#[tokio::test]
async fn a_head_that_never_ends_ends_the_connection() {
    let server = short_heads().await;
    for start in [
        "",
        "G",
        "GET / HTTP/1.1\r\nhost: localhost\r\n",
        // The first half of what HTTP/2 begins with.
        "PRI * HTTP/2.0\r\n",
        // HTTP/2 without a request.
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
    ] {
        let mut client = server.connect().await;
        client.send(start).await;
        assert!(server.is_well().await);
        client.closed().await;
    }
}

#[tokio::test]
async fn a_deadline_is_not_early() {
    let server = short_heads().await;
    let start = Instant::now();
    let mut client = server.connect().await;
    client.closed().await;
    assert!(start.elapsed() >= SHORT, "{:?}", start.elapsed());
}

/// Sends a byte again and again, until the connection ends.
async fn dribble(client: &mut Client) {
    let start = Instant::now();
    while client.0.write_all(b"a").await.is_ok() {
        sleep(Duration::from_millis(20)).await;
        assert!(start.elapsed() < SOON, "a byte now and then holds the connection");
    }
}

#[tokio::test]
async fn single_bytes_win_no_time() {
    let server = short_heads().await;
    let mut client = server.connect().await;
    client.send("GET / HTTP/1.1\r\nhost: ").await;
    dribble(&mut client).await;
}

#[tokio::test]
async fn the_next_head_has_the_same_deadline() {
    let server = short_heads().await;
    let mut client = server.connect().await;
    assert!(client.get("/", "keep-alive").await.ends_with("well"));
    // Idle for longer than a head may take.
    sleep(SHORT * 2).await;
    assert!(client.get("/", "keep-alive").await.ends_with("well"));
    client.send("GET / HTTP/1.1\r\nhost: ").await;
    dribble(&mut client).await;
}

#[tokio::test]
async fn an_idle_connection_ends() {
    let server = Server::start(|server| server.idle_for(SHORT)).await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        assert!(client.get("/", "keep-alive").await.ends_with("well"));
    }
    assert!(client.closed().await < SOON);
}

#[tokio::test]
async fn a_client_that_takes_no_bytes_loses_its_connection() {
    // With a single place, the next client is answered only when the first one is gone.
    let large = axum::Router::new()
        .route("/", axum::routing::get(async || "well"))
        .route("/large", axum::routing::get(async || vec![0_u8; 64 << 20]));
    let server =
        Server::serving(large, |server| server.stalled_for(SHORT).most_connections(1).idle_for(SOON * 9)).await;
    let mut client = server.connect().await;
    client.send("GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(server.is_well().await);
    drop(client);
}
