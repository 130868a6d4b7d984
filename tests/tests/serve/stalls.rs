//! Clients of HTTP/2 that ask for answers, do not take them, and keep the connection busy meanwhile.

use std::future::pending;

use axum::{Router, routing::get};
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, sleep, timeout},
};

use super::{
    http2::{self, GET, HEADERS, PREFACE, RST_STREAM, SETTINGS, WHOLE, frame},
    server::{Client, SHORT, SOON, Server},
};

const PING: u8 = 6;

/// SETTINGS_INITIAL_WINDOW_SIZE: this many bytes of each answer may come.
fn with_window(bytes: u32) -> Vec<u8> {
    let setting = [&[0, 4][..], &bytes.to_be_bytes()].concat();
    [PREFACE, &frame(SETTINGS, 0, 0, &setting)].concat()
}

/// `GET /large` of `a` over http.
fn large(stream: u32) -> Vec<u8> {
    let head = [&[0x82, 0x86, 0x04, 6][..], b"/large", &[0x41, 1, b'a']].concat();
    frame(HEADERS, WHOLE, stream, &head)
}

/// Sends pings, many at once, until the server closes the connection. The server answers them by a single long write.
async fn pings(client: Client) {
    let many = frame(PING, 0, 0, &[0; 8]).repeat(100);
    let (mut from, mut to) = client.0.into_split();
    let sending = async {
        while to.write_all(&many).await.is_ok() {
            sleep(SHORT / 4).await;
        }
    };
    let reading = async {
        let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    };
    let both = async {
        tokio::select! {
            () = sending => {}
            () = reading => {}
        }
    };
    timeout(SOON, both).await.expect("pings hold the connection");
}

#[tokio::test]
async fn many_pings_at_once_are_no_answer() {
    // A client that has sent no request, and a client with an answered request.
    for opening in [[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat(), http2::opening()] {
        let server = Server::start(|server| server.head_within(SHORT).idle_for(SHORT)).await;
        let mut client = server.connect().await;
        client.send(opening).await;
        pings(client).await;
    }
}

#[tokio::test]
async fn many_pings_at_once_excuse_no_answer_that_the_client_does_not_take() {
    for window in [0, 1000] {
        let app = Router::new().route("/large", get(async || "x".repeat(1_000_000)));
        let server = Server::serving(app, |server| server.stalled_for(SHORT).idle_for(SHORT)).await;
        let mut client = server.connect().await;
        client.send([with_window(window), large(1)].concat()).await;
        pings(client).await;
    }
}

/// The first request waits for the application, and so has no deadline.
#[tokio::test]
async fn an_open_request_excuses_no_other_answer_that_the_client_does_not_take() {
    for window in [0, 1000, 40_000] {
        let app =
            Router::new().route("/", get(pending::<&'static str>)).route("/large", get(async || "x".repeat(1_000_000)));
        let server = Server::serving(app, |server| server.stalled_for(SHORT)).await;
        let mut client = server.connect().await;
        client.send([with_window(window), frame(HEADERS, WHOLE, 1, GET), large(3)].concat()).await;
        loop {
            let (kind, stream, _) = http2::next(&mut client.0).await;
            if kind == RST_STREAM {
                assert_eq!(stream, 3, "a window of {window} bytes");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_client_that_takes_a_part_now_and_then_gets_the_whole_answer() {
    const LENGTH: u32 = 150_000;
    let app = Router::new().route("/large", get(async || "x".repeat(LENGTH as usize)));
    let server = Server::serving(app, |server| server.stalled_for(SHORT * 10)).await;
    let mut client = server.connect().await;
    client.send([with_window(20_000), large(1)].concat()).await;
    let (started, mut length) = (Instant::now(), 0);
    while length < LENGTH {
        let (kind, stream, payload) = http2::next(&mut client.0).await;
        assert_ne!(kind, RST_STREAM);
        if kind == 0 && stream == 1 {
            let part = u32::try_from(payload.len()).unwrap();
            length += part;
            sleep(SHORT).await;
            let more = part.to_be_bytes();
            client
                .send([frame(http2::WINDOW_UPDATE, 0, 1, &more), frame(http2::WINDOW_UPDATE, 0, 0, &more)].concat())
                .await;
        }
    }
    assert!(started.elapsed() > SHORT * 10, "the whole answer was taken too soon to tell");
}
