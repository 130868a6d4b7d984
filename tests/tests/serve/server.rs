//! A server of the test, and clients that write what they like.

use std::{net::SocketAddr, time::Duration};

use auth_runtime::{
    auth::{Faults, Settings},
    serve::{Serve, serve},
};
use axum::{
    Router,
    extract::ConnectInfo,
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, timeout},
};

/// A time-out that the tests wait for.
pub(crate) const SHORT: Duration = Duration::from_millis(200);

/// A time within which everything has happened on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<Result<(), Faults>>,
}

impl Server {
    /// Starts a server with the application of [`app`].
    pub(crate) async fn start(configured: impl FnOnce(Serve<TcpListener>) -> Serve<TcpListener>) -> Self {
        Self::serving(app(), configured).await
    }

    pub(crate) async fn serving(
        app: Router,
        configured: impl FnOnce(Serve<TcpListener>) -> Serve<TcpListener>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let server = configured(serve(listener, app)).shutdown_on(async { drop(stopped.await) });
        Self { address, stop: Some(stop), done: tokio::spawn(server.into_future()) }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Answers whether a request on a new connection is answered.
    pub(crate) async fn is_well(&self) -> bool {
        let mut client = self.connect().await;
        client.get("/", "close").await.ends_with("well")
    }

    /// Asks the server to end.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits for its end.
    pub(crate) async fn ended(self) -> Result<(), Faults> {
        timeout(SOON, self.done).await.expect("the server does not end").unwrap()
    }
}

fn app() -> Router {
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
    let panics = async || -> &'static str { panic!("a secret of the handler") };
    Router::new()
        .route("/", get(async || "well"))
        .route("/peer", get(peer))
        .route("/panic", get(panics))
        .route("/length", post(async |body: String| body.len().to_string()))
}

/// Settings of a test, with these variables beside the required ones.
pub(crate) fn settings(variables: &[(&str, &str)]) -> Settings {
    let required = [("ENVIRONMENT", "test"), ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD")];
    let all = [variables, &required].concat();
    let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::from_lookup(value).unwrap()
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a request, and returns the answer.
    pub(crate) async fn get(&mut self, path: &str, connection: &str) -> String {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: {connection}\r\n\r\n")).await;
        self.answer().await
    }

    /// Reads one answer with a `content-length`.
    pub(crate) async fn answer(&mut self) -> String {
        let mut text = Vec::new();
        let read = async {
            loop {
                let mut bytes = [0; 4096];
                let count = self.0.read(&mut bytes).await.unwrap_or(0);
                text.extend_from_slice(&bytes[..count]);
                let so_far = String::from_utf8_lossy(&text);
                let length = so_far.split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next());
                let body = so_far.split_once("\r\n\r\n").map(|(_, body)| body.len());
                let is_whole = length.zip(body).is_some_and(|(length, body)| length.parse() == Ok(body));
                if count == 0 || is_whole {
                    break;
                }
            }
        };
        timeout(SOON, read).await.expect("no answer");
        String::from_utf8(text).unwrap()
    }

    /// Reads until the server closes the connection.
    pub(crate) async fn rest(&mut self) -> String {
        let mut text = Vec::new();
        // A reset is an end, too.
        let _ = self.0.read_to_end(&mut text).await;
        String::from_utf8(text).unwrap()
    }

    /// Waits until the server closes the connection, and returns how long it took.
    pub(crate) async fn closed(&mut self) -> Duration {
        let start = Instant::now();
        let end = async {
            let mut bytes = [0; 4096];
            // A reset is an end, too.
            while !matches!(self.0.read(&mut bytes).await, Ok(0) | Err(_)) {}
        };
        timeout(SOON, end).await.expect("the connection stays open");
        start.elapsed()
    }
}
