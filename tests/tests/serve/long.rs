//! What takes long on purpose is not cut.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::mpsc,
    time::sleep,
};

use super::server::{SHORT, Server};

/// Starts a server that cuts everything that takes time and may be cut.
async fn strict(app: Router) -> Server {
    Server::serving(app, |server| server.head_within(SHORT).idle_for(SHORT).stalled_for(SHORT)).await
}

/// A body with parts that arrive while it is sent.
struct Parts(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| Ok(hyper::body::Frame::data(part))))
    }
}

#[tokio::test]
async fn a_stream_goes_on_while_it_is_silent() {
    let stream = async || {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for part in ["one,", "two,", "end"] {
                sleep(SHORT * 2).await;
                sender.send(Bytes::from_static(part.as_bytes())).await.unwrap();
            }
        });
        Body::new(Parts(receiver))
    };
    let server = strict(Router::new().route("/stream", get(stream))).await;
    let mut client = server.connect().await;
    client.send("GET /stream HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    let mut answer = String::new();
    client.0.read_to_string(&mut answer).await.unwrap();
    for part in ["one,", "two,", "end"] {
        assert!(answer.contains(part), "{answer}");
    }
}

#[tokio::test]
async fn a_slow_body_is_left_to_the_application() {
    let length = async |body: Body| body.collect().await.unwrap().to_bytes().len().to_string();
    let server = strict(Router::new().route("/length", axum::routing::post(length))).await;
    let mut client = server.connect().await;
    client.send("POST /length HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n").await;
    for _ in 0..3 {
        sleep(SHORT).await;
        client.send("a").await;
    }
    assert!(client.answer().await.ends_with("\r\n3"));
}

/// Takes the connection over, and sends back what arrives.
pub(crate) async fn upgrade(request: Request) -> Response {
    tokio::spawn(async move {
        let mut io = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        let mut byte = [0];
        while io.read_exact(&mut byte).await.is_ok() {
            io.write_all(&byte).await.unwrap();
        }
    });
    (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "echo")]).into_response()
}

#[tokio::test]
async fn an_upgraded_connection_stays() {
    let server = strict(Router::new().route("/echo", get(upgrade))).await;
    let mut client = server.connect().await;
    client.send("GET /echo HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.0.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"));
    for byte in *b"ab" {
        sleep(SHORT * 3 + Duration::from_millis(50)).await;
        client.send([byte]).await;
        assert_eq!(client.0.read_u8().await.unwrap(), byte);
    }
}

#[tokio::test]
async fn an_upgraded_connection_keeps_its_place() {
    let app = Router::new().route("/", get(async || "well")).route("/echo", get(upgrade));
    let server = Server::serving(app, |server| server.most_connections(1)).await;
    let mut first = server.connect().await;
    first.send("GET /echo HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    first.0.read_u8().await.unwrap();
    let waits = tokio::time::timeout(SHORT, server.is_well()).await;
    assert!(waits.is_err(), "the second connection has a place");
    drop(first);
    assert!(server.is_well().await);
}
