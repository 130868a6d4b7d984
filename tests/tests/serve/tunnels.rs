//! Connections that the application takes over, and those that it only seems to take over.

use std::{future::pending, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, StatusCode, Version},
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use hyper::{client::conn::http2::SendRequest, ext::Protocol, upgrade::Upgraded};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    http2::{self, HEADERS, PREFACE, SETTINGS, frame},
    server::{SHORT, SOON, Server},
};

/// The end of the head, and not of the stream: a tunnel goes on.
const END_HEADERS: u8 = 0x4;

/// `CONNECT a`, by a literal of HPACK.
fn connect() -> Vec<u8> {
    [&[0x02, 7][..], b"CONNECT", &[0x41, 1, b'a']].concat()
}

/// The same for a WebSocket (RFC 8441).
fn connect_websocket() -> Vec<u8> {
    let protocol = [&[0x00, 9][..], b":protocol", &[9], b"websocket"].concat();
    [&[0x02, 7][..], b"CONNECT", &protocol, &[0x86, 0x84, 0x41, 1, b'a']].concat()
}

/// Returns an application that answers every request, also an unknown one.
fn careless() -> Router {
    Router::new().route("/", any(async || "well")).fallback(async || "well")
}

#[tokio::test]
async fn a_connect_over_http2_that_is_only_answered_is_no_tunnel() {
    let server = Server::serving(careless(), |server| server.idle_for(SHORT)).await;
    for head in [connect(), connect_websocket()] {
        let mut client = server.connect().await;
        client.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, END_HEADERS, 1, &head)].concat()).await;
        assert_eq!(http2::status(&mut client.0, 1).await, 0x88);
        http2::held(&mut client).await;
    }
}

#[tokio::test]
async fn a_tunnel_excuses_no_answer_that_the_client_does_not_take() {
    let app = Router::new().route("/", any(echo)).route("/large", get(async || "x".repeat(1_000_000)));
    let server = Server::serving(app, |server| server.stalled_for(SHORT)).await;
    let mut client = server.connect().await;
    let no_window = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]);
    let tunnel = frame(HEADERS, END_HEADERS, 1, &connect_websocket());
    client.send([PREFACE, &no_window, &tunnel].concat()).await;
    assert_eq!(http2::status(&mut client.0, 1).await, 0x88);
    let large = [&[0x82, 0x86, 0x04, 6][..], b"/large", &[0x41, 1, b'a']].concat();
    client.send(frame(HEADERS, http2::WHOLE, 3, &large)).await;
    assert_eq!(http2::status(&mut client.0, 3).await, 0x88);
    http2::held(&mut client).await;
}

#[tokio::test]
async fn an_upgrade_over_http1_that_is_only_answered_ends_the_connection() {
    let switched = async || (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "echo")]);
    let app = careless().route("/echo", get(switched));
    // With a single place, the next client is answered only when the one before is gone.
    let server = Server::serving(app, |server| server.most_connections(1)).await;
    for (head, status) in [
        ("CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n", "HTTP/1.1 200"),
        ("GET /echo HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n", "HTTP/1.1 101"),
    ] {
        let mut client = server.connect().await;
        client.send(head).await;
        let mut answer = String::new();
        timeout(SOON, client.0.read_to_string(&mut answer)).await.expect("the connection stays open").unwrap();
        assert!(answer.starts_with(status), "{answer}");
        assert!(server.is_well().await);
    }
}

/// Takes the stream over, and sends back what arrives, until it is a zero.
async fn echo(request: Request) -> Response {
    tokio::spawn(async move {
        let mut io = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        while let Ok(byte @ 1..) = io.read_u8().await {
            io.write_u8(byte).await.unwrap();
        }
    });
    StatusCode::OK.into_response()
}

/// Returns a client of HTTP/2, and its connection's task.
async fn client(server: &Server) -> (SendRequest<Body>, JoinHandle<hyper::Result<()>>) {
    let io = TokioIo::new(server.connect().await.0);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
    let connection = tokio::spawn(connection);
    // As browsers do: the first answer comes after the settings, which tell that WebSockets may come.
    let request = Request::get("http://localhost/").version(Version::HTTP_2).body(Body::empty()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), StatusCode::OK);
    (sender, connection)
}

async fn tunnel(sender: &mut SendRequest<Body>) -> TokioIo<Upgraded> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::CONNECT;
    *request.version_mut() = Version::HTTP_2;
    *request.uri_mut() = "http://localhost/echo".parse().unwrap();
    request.extensions_mut().insert(Protocol::from_static("websocket"));
    let answer = sender.send_request(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    TokioIo::new(hyper::upgrade::on(answer).await.unwrap())
}

#[tokio::test]
async fn a_websocket_over_http2_stays_until_the_application_drops_it() {
    let app = careless().route("/echo", any(echo));
    let server = Server::serving(app, |server| server.head_within(SHORT).idle_for(SHORT).stalled_for(SHORT)).await;
    let (mut sender, connection) = client(&server).await;
    let mut tunnel = tunnel(&mut sender).await;
    for byte in *b"ab" {
        sleep(SHORT * 3 + Duration::from_millis(50)).await;
        tunnel.write_u8(byte).await.unwrap();
        assert_eq!(tunnel.read_u8().await.unwrap(), byte);
    }
    tunnel.write_u8(0).await.unwrap();
    assert_eq!(tunnel.read(&mut [0]).await.unwrap(), 0);
    // The client still has its sender, so only the server ends the connection.
    timeout(SOON, connection).await.expect("the tunnel is over, and holds the connection").unwrap().unwrap();
    drop(sender);
}

#[tokio::test]
async fn a_tunnel_that_the_application_has_not_answered_is_an_open_request() {
    let app = careless().route("/echo", any(async || pending::<StatusCode>().await));
    let server = Server::serving(app, |server| server.idle_for(SHORT).stalled_for(SHORT)).await;
    let (mut sender, connection) = client(&server).await;
    let waits = timeout(SHORT * 4, tunnel(&mut sender)).await;
    assert!(waits.is_err() && !connection.is_finished());
}
