//! Requests that HTTP/1.1 forbids a server to answer as usual, on any router.

use axum::{
    Router,
    routing::{get, post},
};
use tokio::time::timeout;

use super::{
    http2::{GET, HEADERS, PREFACE, SETTINGS, WHOLE, frame, status},
    server::{SOON, Server},
};

async fn server() -> Server {
    let app = Router::new().route("/", get(async || "well")).route("/", post(async |body: String| body));
    Server::serving(app, |server| server).await
}

/// Sends the bytes, and returns all answers until the server closes the connection.
async fn answers(server: &Server, bytes: &str) -> String {
    let mut client = server.connect().await;
    client.send(bytes).await;
    timeout(SOON, client.rest()).await.expect("the connection stays open")
}

/// RFC 9112, section 3.2. A proxy may not see the bytes that follow this request on its connection. It stays without an
/// answer.
#[tokio::test]
async fn a_request_of_http_1_1_without_one_valid_host_is_400_and_the_last() {
    let server = server().await;
    let next = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    for head in [
        "GET / HTTP/1.1\r\n",
        "GET http://localhost/ HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nHost: localhost\r\n",
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: y\r\nHost: evil.example\r\n",
        "GET / HTTP/1.0\r\nhost: localhost\r\nhost: localhost\r\n",
        "GET / HTTP/1.1\r\nhost: user@localhost\r\n",
        "GET / HTTP/1.1\r\nhost: localhost, evil.example/\r\n",
        "GET / HTTP/1.1\r\nhost: a b\r\n",
    ] {
        let answers = answers(&server, &format!("{head}\r\n{next}")).await;
        assert!(answers.starts_with("HTTP/1.1 400") || answers.starts_with("HTTP/1.0 400"), "{head:?}: {answers}");
        assert!(answers.contains("\"code\":\"host-invalid\""), "{head:?}: {answers}");
        assert!(answers.contains("application/problem+json") && !answers.contains("evil"), "{head:?}: {answers}");
        assert!(!answers.contains("well"), "{head:?}: {answers}");
    }
    for head in [
        "GET / HTTP/1.0\r\n",
        "GET / HTTP/1.1\r\nhost:\r\nconnection: close\r\n",
        "GET / HTTP/1.1\r\nhost: my_service:3000\r\nconnection: close\r\n",
        "GET http://localhost/ HTTP/1.1\r\nhost: [::1]:80\r\nconnection: close\r\n",
    ] {
        let answers = answers(&server, &format!("{head}\r\n")).await;
        assert!(answers.ends_with("well"), "{head:?}: {answers}");
    }
}

#[tokio::test]
async fn two_hosts_are_400_over_http2_too() {
    /// `:status: 400` of HPACK's static table.
    const BAD_REQUEST: u8 = 0x8c;
    let server = server().await;
    // `host` stands at 38 of the static table.
    let host = [&[0x0f, 38 - 15, 1][..], b"a"].concat();
    let mut client = server.connect().await;
    let twice = [GET, &host, &host].concat();
    client.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, WHOLE, 1, &twice)].concat()).await;
    assert_eq!(status(&mut client.0, 1).await, BAD_REQUEST);
    // Each request of HTTP/2 has its own frames, so the connection goes on.
    client.send(frame(HEADERS, WHOLE, 3, &[GET, &host].concat())).await;
    assert_eq!(status(&mut client.0, 3).await, 0x88);
}

/// RFC 9112, section 6.1. The handler would get compressed bytes for the content.
#[tokio::test]
async fn a_transfer_coding_that_is_not_decoded_is_501_and_the_last() {
    let server = server().await;
    let next = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    for coding in [
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: gzip\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
    ] {
        let head = format!("POST / HTTP/1.1\r\nhost: localhost\r\n{coding}\r\n\r\n");
        let answers = answers(&server, &format!("{head}3\r\nabc\r\n0\r\n\r\n{next}")).await;
        assert!(answers.starts_with("HTTP/1.1 501"), "{coding:?}: {answers}");
        assert!(answers.contains("\"code\":\"transfer-coding-unknown\""), "{coding:?}: {answers}");
        assert!(!answers.contains("abc") && !answers.contains("well"), "{coding:?}: {answers}");
    }
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: Chunked\r\nconnection: close\r\n\r\n";
    let answers = answers(&server, &format!("{head}3\r\nabc\r\n0\r\n\r\n")).await;
    assert!(answers.ends_with("abc"), "{answers}");
}
