//! HTTP/2, frame by frame.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{sleep, timeout},
};

use super::server::{Client, SHORT, SOON, Server};

pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
const PING: u8 = 6;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

/// `GET /` of `a` over http, by the static table of HPACK (RFC 7541).
pub(crate) const GET: &[u8] = &[0x82, 0x86, 0x84, 0x41, 1, b'a'];

/// END_STREAM and END_HEADERS.
pub(crate) const WHOLE: u8 = 0x5;

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

pub(crate) fn opening() -> Vec<u8> {
    [PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, WHOLE, 1, GET)].concat()
}

/// Returns the next frame: kind, stream and payload.
pub(crate) async fn next(client: &mut (impl tokio::io::AsyncRead + Unpin)) -> (u8, u32, Vec<u8>) {
    let read = async {
        let mut head = [0; 9];
        client.read_exact(&mut head).await.unwrap();
        let [a, b, c, kind, _, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        client.read_exact(&mut payload).await.unwrap();
        (kind, u32::from_be_bytes(stream), payload)
    };
    timeout(SOON, read).await.expect("no frame")
}

/// Waits for the head of the answer to a request, and returns its first byte: 0x88 is `:status: 200`.
pub(crate) async fn status(client: &mut (impl tokio::io::AsyncRead + Unpin), of: u32) -> u8 {
    loop {
        let (kind, stream, payload) = next(client).await;
        if (kind, stream) == (HEADERS, of) {
            return payload[0];
        }
    }
}

async fn opened(server: &Server) -> Client {
    let mut client = server.connect().await;
    client.send(opening()).await;
    client
}

#[tokio::test]
async fn the_limits_stand_in_the_settings() {
    let server = Server::start(|server| server.most_streams(7).most_header_bytes(9000)).await;
    let mut client = opened(&server).await;
    let (kind, _, payload) = next(&mut client.0).await;
    assert_eq!(kind, SETTINGS);
    let settings: Vec<_> = payload
        .chunks_exact(6)
        .map(|it| (u16::from_be_bytes([it[0], it[1]]), u32::from_be_bytes([it[2], it[3], it[4], it[5]])))
        .collect();
    // SETTINGS_MAX_CONCURRENT_STREAMS, SETTINGS_MAX_HEADER_LIST_SIZE.
    for setting in [(3, 7), (6, 9000)] {
        assert!(settings.contains(&setting), "{settings:?}");
    }
    assert_eq!(status(&mut client.0, 1).await, 0x88);
}

/// Answers pings, as a client that is alive does, until the server closes the connection.
pub(crate) async fn held(client: &mut Client) {
    let held = async {
        let mut head = [0; 9];
        while client.0.read_exact(&mut head).await.is_ok() {
            let [a, b, c, kind, flags, ..] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            let is_whole = client.0.read_exact(&mut payload).await.is_ok();
            if is_whole && kind == PING && flags == 0 {
                let _ = client.0.write_all(&frame(PING, 1, 0, &payload)).await;
            }
        }
    };
    timeout(SOON, held).await.expect("a client that takes no byte holds the connection");
}

/// SETTINGS_INITIAL_WINDOW_SIZE: this many bytes of each answer may come.
fn with_window(bytes: u32) -> Vec<u8> {
    let setting = [&[0, 4][..], &bytes.to_be_bytes()].concat();
    [PREFACE, &frame(SETTINGS, 0, 0, &setting), &frame(HEADERS, WHOLE, 1, GET)].concat()
}

/// CVE-2019-9517: the client asks, and never lets the answer come.
#[tokio::test]
async fn a_client_that_opens_no_window_loses_its_connection() {
    let long = Router::new().route("/", get(async || "x".repeat(1_000_000)));
    let app = [(0, Router::new().route("/", get(async || "well"))), (0, long.clone()), (1000, long)];
    for (window, app) in app {
        // An answer that hyper has taken whole leaves the connection without an open request, so it is idle.
        let server = Server::serving(app, |server| server.stalled_for(SHORT).idle_for(SHORT)).await;
        let mut client = server.connect().await;
        client.send(with_window(window)).await;
        assert_eq!(status(&mut client.0, 1).await, 0x88);
        held(&mut client).await;
    }
}

/// While the application makes an answer, the client is not late to take it.
#[tokio::test]
async fn a_silent_stream_beside_a_full_window_stays() {
    let slow = async || {
        sleep(SHORT * 5).await;
        "well"
    };
    let server = Server::serving(Router::new().route("/", get(slow)), |server| server.stalled_for(SHORT)).await;
    let mut client = server.connect().await;
    client.send(with_window(0)).await;
    assert_eq!(status(&mut client.0, 1).await, 0x88);
    client.send(frame(WINDOW_UPDATE, 0, 1, &[0, 0, 1, 0])).await;
    loop {
        let (kind, _, payload) = next(&mut client.0).await;
        if kind == DATA {
            assert_eq!(payload, b"well");
            break;
        }
    }
}

#[tokio::test]
async fn an_idle_connection_ends_though_it_pings() {
    let server = Server::start(|server| server.idle_for(SHORT)).await;
    let mut client = opened(&server).await;
    assert_eq!(status(&mut client.0, 1).await, 0x88);
    let pings = async {
        while client.0.write_all(&frame(PING, 0, 0, &[0; 8])).await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(SOON, pings).await.expect("pings hold the connection");
}

/// How many handlers have started, and how many run at once at most.
#[derive(Clone, Default)]
struct Work {
    started: Arc<AtomicUsize>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Work {
    async fn run(self) {
        struct Running(Arc<AtomicUsize>);
        impl Drop for Running {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        self.started.fetch_add(1, Ordering::SeqCst);
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let _running = Running(self.now);
        sleep(SOON).await;
    }
}

/// Requests that are taken back at once (CVE-2023-44487), in packets of `packet`, so that the server begins some.
async fn resets(packet: u32) -> usize {
    let work = Work::default();
    let counted = work.clone();
    let app = Router::new().route("/", get(move || counted.run())).route("/well", get(async || "well"));
    let server = Server::serving(app, |server| server).await;
    let mut client = server.connect().await;
    client.send([PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await;
    let mut stream = 1;
    let flood = async {
        loop {
            let mut bytes = Vec::new();
            let first = stream;
            for _ in 0..packet {
                bytes.extend(frame(HEADERS, WHOLE, stream, GET));
                stream += 2;
            }
            if client.0.write_all(&bytes).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(2)).await;
            let taken_back = (first..stream).step_by(2).flat_map(|it| frame(RST_STREAM, 0, it, &[0, 0, 0, 8]));
            if client.0.write_all(&taken_back.collect::<Vec<_>>()).await.is_err() {
                break;
            }
            assert!(stream < 20_000, "nothing ends the flood");
        }
    };
    timeout(SOON, flood).await.expect("the flood holds the connection");
    let mut other = server.connect().await;
    assert!(other.get("/well", "close").await.ends_with("well"));
    assert!(work.most.load(Ordering::SeqCst) <= 100, "{}", work.most.load(Ordering::SeqCst));
    work.started.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_flood_of_resets_ends_the_connection() {
    for packet in [1, 10, 90] {
        let started = resets(packet).await;
        assert!(started <= 400, "{started} handlers for packets of {packet}");
    }
}
