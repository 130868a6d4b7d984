//! A small HTTP server that answers as a test says, well or badly.

use core::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::sleep,
};

#[derive(Clone)]
pub(super) enum Answer {
    Json(String),
    /// The same after a time.
    Late(String, Duration),
    /// The whole answer, with its status line.
    Raw(String),
    /// The beginning of an answer, and then as many bytes as the client takes, up to 100 MB.
    Endless(String),
    /// A byte every 100 ms.
    Drip,
    Silent,
    Closed,
}

#[derive(Clone)]
pub(super) struct Server {
    pub(super) port: u16,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    answers: Mutex<HashMap<String, Answer>>,
    requests: Mutex<Vec<String>>,
    /// All requests, with their fields and bodies.
    texts: Mutex<Vec<String>>,
    sent: AtomicUsize,
    connections: AtomicUsize,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, state: Arc::default() };
        let state = Arc::clone(&server.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                state.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream, Arc::clone(&state)));
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn set(&self, path: &str, answer: Answer) {
        self.state.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// Returns the paths of all requests until now.
    pub(super) fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }

    /// Returns the text of the last request.
    pub(super) fn last_text(&self) -> String {
        self.state.texts.lock().unwrap().last().unwrap().clone()
    }

    /// Returns the heads of all requests until now.
    pub(super) fn heads(&self) -> Vec<String> {
        let texts = self.state.texts.lock().unwrap();
        texts.iter().map(|text| text.split("\r\n\r\n").next().unwrap().to_owned()).collect()
    }

    pub(super) fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|request| *request == path).count()
    }

    pub(super) fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Returns how many bytes of endless answers were sent.
    pub(super) fn sent(&self) -> usize {
        self.state.sent.load(Ordering::SeqCst)
    }
}

async fn answer(mut stream: TcpStream, state: Arc<State>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    if stream.read_exact(&mut body).await.is_err() {
        return;
    }
    state.texts.lock().unwrap().push(head + &String::from_utf8(body).unwrap());
    state.requests.lock().unwrap().push(path.clone());
    let answer = state.answers.lock().unwrap().get(&path).cloned();
    let Some(answer) = answer else {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        return;
    };
    if let Answer::Late(_, time) = &answer {
        sleep(*time).await;
    }
    match answer {
        Answer::Json(body) | Answer::Late(body, _) => {
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
        Answer::Raw(text) => drop(stream.write_all(text.as_bytes()).await),
        Answer::Endless(begin) => {
            let _ = stream.write_all(begin.as_bytes()).await;
            let chunk = vec![b' '; 64 * 1024];
            for _ in 0..1600 {
                if stream.write_all(&chunk).await.is_err() {
                    return;
                }
                state.sent.fetch_add(chunk.len(), Ordering::SeqCst);
            }
        }
        Answer::Drip => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{").await;
            while stream.write_all(b" ").await.is_ok() {
                sleep(Duration::from_millis(100)).await;
            }
        }
        Answer::Silent => sleep(Duration::from_secs(60)).await,
        Answer::Closed => {}
    }
}
