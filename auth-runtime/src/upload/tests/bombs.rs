//! Data that grow when they are unpacked.

use std::time::{Duration, Instant};

use axum::{
    body::Bytes,
    http::{Request, header::CONTENT_ENCODING},
};
use tower::ServiceExt as _;

use super::{
    lives::{counted, frames},
    support::*,
};

/// Returns a stream of DEFLATE (RFC 1951) that unpacks to a zero and to `copies` times 258 more.
fn zeros(copies: usize) -> Vec<u8> {
    // One last block of fixed codes, and the zero.
    let mut bits = vec![1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0];
    for _ in 0..copies {
        // 258 bytes from one place before.
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    bits.extend([0; 7]);
    bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

#[tokio::test]
async fn a_bomb_in_an_archive_is_refused_or_stays_packed() {
    let service = Service::new();
    let data = zeros(38_000);
    let bomb = |unpacked| Packed { method: 8, unpacked, ..packed("a.txt", &data) };
    assert_eq!(data.len(), 61_753, "it is 158 times larger unpacked");
    let honest = zip(&[bomb(9_804_001)]);
    assert_eq!(service.send_file("a.zip", "application/zip", &honest).await, (422, "archive-refused".to_owned()));
    // A directory that lies: nothing is unpacked, even if the data are a bomb.
    let lying = zip(&[bomb(1_000)]);
    let began = Instant::now();
    let told = format!("a.zip application/zip {}", lying.len());
    assert_eq!(service.send_file("a.zip", "application/zip", &lying).await, (200, told));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_body_with_a_content_coding_is_refused_before_it_is_read() {
    let service = Service::new();
    for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
        let (body, read) = counted(form(&[file("a.txt", "text/plain", b"text")]), true);
        let request = Request::post("/").header("content-type", "multipart/form-data; boundary=XX");
        let request = request.header(CONTENT_ENCODING, coding).body(body).unwrap();
        let answer = service.router::<Any>().oneshot(request).await.unwrap();
        assert_eq!((answer.status().as_u16(), read.load(core::sync::atomic::Ordering::Relaxed)), (415, 0), "{coding}");
        assert_eq!(left(service.folder.path()), Vec::<String>::new());
    }
}

/// A layer of the application may decode bodies. A decoded bomb is a body like any other.
#[tokio::test]
async fn a_bomb_that_a_layer_decodes_ends_at_the_limit() {
    let service = Service::new();
    let mut head = form(&[file("a.txt", "text/plain", b"")]);
    head.truncate(head.len() - b"\r\n--XX--\r\n".len());
    let growing = [Bytes::from(head)].into_iter().chain((0..10_000).map(|_| Bytes::from_static(&[b'0'; 64 * 1024])));
    let (body, read) = frames(growing);
    assert_eq!(service.send::<Any>(body).await, (413, "file-too-large".to_owned()));
    let read = read.load(core::sync::atomic::Ordering::Relaxed);
    assert!(read <= 256 * 1024, "{read} bytes were read");
}
