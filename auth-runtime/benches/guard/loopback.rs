//! H3, H4: the routers over loopback. One thread serves, and another sends requests over 32 connections.

use std::{
    fs,
    net::SocketAddr,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use axum::{Router, http::header::AUTHORIZATION};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    task::JoinSet,
};

use super::rounds::{Case, median};

const CONNECTIONS: usize = 32;

/// The handlers' answer, with which every response ends.
const ENDING: &[u8] = br#"{"message":"hello"}"#;

/// The figures of a case: medians of the rounds.
pub(crate) struct Served {
    pub(crate) name: &'static str,
    pub(crate) per_second: f64,
    /// The serving thread's processor time per request, in microseconds.
    pub(crate) micros: f64,
}

pub(crate) fn measure(servers: &[Server], rounds: usize, length: Duration) -> Vec<Served> {
    let client = runtime();
    let mut figures = vec![(Vec::new(), Vec::new()); servers.len()];
    for _ in 0..rounds {
        for (server, (rates, costs)) in servers.iter().zip(&mut figures) {
            let (rate, cost) = server.round(&client, length);
            rates.push(rate);
            costs.push(cost);
        }
    }
    let named = servers.iter().zip(figures);
    named
        .map(|(server, (rates, costs))| Served { name: server.name, per_second: median(rates), micros: median(costs) })
        .collect()
}

pub(crate) struct Server {
    name: &'static str,
    address: SocketAddr,
    /// The file in which the system reports the serving thread's processor time.
    statistics: String,
    request: Vec<u8>,
}

impl Server {
    pub(crate) fn start(case: &Case) -> Self {
        let (tell, told) = mpsc::channel();
        let app = case.app.clone();
        thread::spawn(move || runtime().block_on(serve(app, &tell)));
        let (address, statistics) = told.recv().expect("a server");
        Self::at(case.name, address, statistics, case)
    }

    /// A server that already listens, to be sent the case's requests.
    pub(crate) fn at(name: &'static str, address: SocketAddr, statistics: String, case: &Case) -> Self {
        let request = (case.request)(&case.credential);
        let credential = request.headers().get(AUTHORIZATION).expect("a credential").to_str().expect("text");
        let request = format!("GET / HTTP/1.1\r\nhost: bench\r\nauthorization: {credential}\r\n\r\n").into_bytes();
        Self { name, address, statistics, request }
    }

    /// Returns the requests per second, and the server's processor time per request in microseconds.
    fn round(&self, client: &Runtime, length: Duration) -> (f64, f64) {
        let (before, start) = (self.processor_nanos(), Instant::now());
        let answered = client.block_on(async {
            let mut connections = JoinSet::new();
            for _ in 0..CONNECTIONS {
                connections.spawn(ask(self.address, self.request.clone(), start + length));
            }
            connections.join_all().await.into_iter().sum::<u64>() as f64
        });
        let seconds = start.elapsed().as_secs_f64();
        (answered / seconds, (self.processor_nanos() - before) / answered / 1_000.0)
    }

    fn processor_nanos(&self) -> f64 {
        let statistics = fs::read_to_string(&self.statistics).unwrap_or_default();
        statistics.split_whitespace().next().and_then(|nanos| nanos.parse().ok()).unwrap_or(f64::NAN)
    }
}

async fn serve(app: Router, tell: &mpsc::Sender<(SocketAddr, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
    let address = listener.local_addr().expect("an address");
    tell.send((address, format!("/proc/{}/schedstat", thread.display()))).expect("somebody waits");
    axum::serve(listener, app).await.expect("a server");
}

/// Sends requests on one connection, each after the answer to the last one. Returns the number of answers.
async fn ask(address: SocketAddr, request: Vec<u8>, until: Instant) -> u64 {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let mut answer = vec![0; 4096];
    stream.write_all(&request).await.expect("a request");
    // All answers of a server have the same length.
    let mut length = 0;
    while !answer[..length].ends_with(ENDING) {
        length += stream.read(&mut answer[length..]).await.expect("an answer");
    }
    let mut answered = 1;
    while Instant::now() < until {
        stream.write_all(&request).await.expect("a request");
        stream.read_exact(&mut answer[..length]).await.expect("an answer");
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "refused");
        answered += 1;
    }
    answered
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_io().build().expect("a runtime")
}
