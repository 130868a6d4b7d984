//! Clients and handlers that do what others have fallen over.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use hyper::body::Frame;
use tokio::{io::AsyncWriteExt as _, time::timeout};

use super::{
    http2::{self, CONTINUATION, GET, HEADERS, PREFACE, RST_STREAM, SETTINGS, WHOLE, WINDOW_UPDATE, frame},
    server::{SOON, Server},
};

/// A body that panics while it is sent.
struct Panics;

impl hyper::body::Body for Panics {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic!("a secret of the body")
    }
}

#[tokio::test]
async fn a_panic_in_a_body_ends_its_answer_and_gives_the_place_back() {
    let app = Router::new().route("/", get(async || Body::new(Panics))).route("/well", get(async || "well"));
    let mut server = Server::serving(app, |server| server.most_connections(1)).await;
    let mut client = server.connect().await;
    client.send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    client.closed().await;

    let mut client = server.connect().await;
    client.send(http2::opening()).await;
    loop {
        let (kind, stream, _) = http2::next(&mut client.0).await;
        if kind == RST_STREAM {
            assert_eq!(stream, 1);
            break;
        }
    }
    drop(client);
    let mut client = server.connect().await;
    assert!(client.get("/well", "close").await.ends_with("well"));
    server.stop();
    server.ended().await.unwrap();
}

/// What a panic carries may panic itself when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a second panic");
    }
}

#[tokio::test]
async fn a_panic_whose_payload_panics_is_an_answer_too() {
    let app = Router::new()
        .route("/", get(async || -> &'static str { std::panic::panic_any(Bomb) }))
        .route("/well", get(async || "well"));
    let server = Server::serving(app, |server| server).await;
    let mut client = server.connect().await;
    assert!(client.get("/", "keep-alive").await.starts_with("HTTP/1.1 500"));
    assert!(client.get("/well", "close").await.ends_with("well"));
}

/// CVE-2024-27316 and its kin: the head of a request that goes on for ever.
#[tokio::test]
async fn a_flood_of_continuations_ends_the_connection() {
    let server = Server::start(|server| server).await;
    for piece in [&[][..], &[0x82][..], &[0; 16_384]] {
        let mut client = server.connect().await;
        client.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, 0, 1, GET)].concat()).await;
        let flood = async {
            for frames in 0_u32.. {
                if client.0.write_all(&frame(CONTINUATION, 0, 1, piece)).await.is_err() {
                    break;
                }
                assert!(frames < 200_000, "nothing ends the flood");
            }
        };
        timeout(SOON, flood).await.expect("the flood holds the connection");
        assert!(server.is_well().await);
    }
}

/// CVE-2025-8671: the client makes the server reset the streams.
#[tokio::test]
async fn a_flood_of_mistakes_ends_the_connection() {
    let app = Router::new().route("/", get(std::future::pending::<&'static str>)).route("/well", get(async || "well"));
    let server = Server::serving(app, |server| server).await;
    let mut client = server.connect().await;
    client.send([PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await;
    let flood = async {
        for stream in (1_u32..).step_by(2) {
            let request = frame(HEADERS, WHOLE, stream, GET);
            let mistake = frame(WINDOW_UPDATE, 0, stream, &[0; 4]);
            if client.0.write_all(&[request, mistake].concat()).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
            assert!(stream < 20_000, "nothing ends the flood");
        }
    };
    timeout(SOON, flood).await.expect("the flood holds the connection");
    assert!(server.connect().await.get("/well", "close").await.ends_with("well"));
}

#[tokio::test]
async fn requests_that_two_servers_read_differently_are_refused() {
    let app = Router::new().route("/", post(async |body: String| body));
    let server = Server::serving(app, |server| server).await;
    for fields in [
        "content-length: 3\r\ncontent-length: 4",
        "content-length: +3",
        "content-length: 3, 4",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: xchunked",
        "transfer-encoding : chunked",
        "host: localhost\r\n folded",
        "x: a\0b",
        "x: a\rb",
    ] {
        let mut client = server.connect().await;
        client.send(format!("POST / HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n\r\n0\r\n\r\n")).await;
        let answer = client.answer().await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{fields:?}: {answer}");
    }
    let many: String = (0..200).map(|number| format!("x-{number}: a\r\n")).collect();
    let mut client = server.connect().await;
    client.send(format!("POST / HTTP/1.1\r\nhost: localhost\r\n{many}\r\n")).await;
    assert!(client.answer().await.starts_with("HTTP/1.1 431"));
}
