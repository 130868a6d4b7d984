//! Bodies that a layer of tower-http decompresses inside `web::hardened`. A few bytes become many.

use std::io::Write as _;

use auth_runtime::{
    prelude::*,
    testing::TestAuth,
    web::{Hardened, Hardening},
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody as _},
    http::StatusCode,
};
use flate2::{Compression, write::GzEncoder};
use tower_http::decompression::RequestDecompressionLayer;

use super::support::{Answer, problem, secure, send_body, settings};

const MIB: usize = 1024 * 1024;

/// Compresses this many bytes.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b'x'; bytes]).unwrap();
    encoder.finish().unwrap()
}

#[public]
#[body(max = 1 MiB)]
async fn text(text: String) -> String {
    text.len().to_string()
}

/// Reads the body without a limit of axum.
#[public]
#[body(max = 1 MiB)]
async fn raw(body: Body) -> Result<String, StatusCode> {
    read(body).await
}

#[public]
async fn unbounded_text(text: String) -> String {
    text.len().to_string()
}

/// Reads like an extractor of another crate, which answers 400 to an error.
async fn read(mut body: Body) -> Result<String, StatusCode> {
    let mut length = 0;
    while let Some(frame) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        length += frame.map_err(|_| StatusCode::BAD_REQUEST)?.data_ref().map_or(0, Bytes::len);
        assert!(length <= 2 * MIB, "the handler gets {length} bytes");
    }
    Ok(length.to_string())
}

fn layer() -> RequestDecompressionLayer {
    RequestDecompressionLayer::new()
}

/// Returns a service that decompresses, in each of the ways in which policies are enforced.
fn apps() -> [(&'static str, Hardened); 3] {
    let TestAuth { auth, .. } = TestAuth::new();
    let guarded = || {
        let routes = GuardedRouter::new().route("/text", post(text)).route("/raw", post(raw));
        routes.route("/unbounded", post(unbounded_text)).with_state(auth.clone())
    };
    let plain = || {
        let routes = Router::new().route("/text", axum::routing::post(text)).route("/raw", axum::routing::post(raw));
        routes.route("/unbounded", axum::routing::post(unbounded_text))
    };
    let settings = settings(&[("ALLOWED_ORIGINS", ""), ("MAX_BODY_BYTES", "524288")]);
    let hardened = |router: Router| Hardening::from_settings(&settings).wrap(router).unwrap();
    [
        ("around a guarded router", hardened(Router::from(guarded()).layer(layer()))),
        ("around `auth.layer()`", hardened(plain().layer(auth.layer()).layer(layer()).with_state(auth.clone()))),
        ("on each route", hardened(Router::from(guarded().route_layer(layer())))),
    ]
}

async fn sent(app: &Hardened, path: &str, body: &[u8]) -> Answer {
    let request = secure("POST", path).header("content-encoding", "gzip").header("content-type", "text/plain");
    send_body(app, request.header("content-length", body.len()), body.to_vec()).await
}

#[tokio::test]
async fn the_bounds_of_a_policy_count_the_decompressed_bytes() {
    let (small, large, huge) = (bomb(MIB), bomb(MIB + 1), bomb(64 * MIB));
    assert!(huge.len() < 100_000, "{}", huge.len());
    for (place, app) in apps() {
        for path in ["/text", "/raw"] {
            let answer = sent(&app, path, &small).await;
            assert_eq!((answer.status.as_u16(), &*answer.body), (200, "1048576"), "{place} {path}");
            for bomb in [&large, &huge] {
                let answer = sent(&app, path, bomb).await;
                assert_eq!(answer.problem(), problem(413, "payload-too-large"), "{place} {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_limit_of_the_settings_counts_what_extractors_read() {
    for (place, app) in apps() {
        assert_eq!(sent(&app, "/unbounded", &bomb(MIB / 2)).await.body, "524288", "{place}");
        for bytes in [MIB / 2 + 1, 64 * MIB] {
            assert_eq!(sent(&app, "/unbounded", &bomb(bytes)).await.status.as_u16(), 413, "{place}");
        }
    }
}

/// A body that says that it is compressed and is not, or not whole, is a mistake of its client.
#[tokio::test]
async fn a_broken_stream_is_an_error_of_the_client() {
    let whole = bomb(MIB);
    for (place, app) in apps() {
        for body in [&b"not gzip at all"[..], &whole[..whole.len() / 2]] {
            assert_eq!(sent(&app, "/text", body).await.status.as_u16(), 400, "{place}");
        }
    }
}
