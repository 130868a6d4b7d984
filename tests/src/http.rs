//! Requests that each use a new connection, and their answers.

use std::{net::SocketAddr, time::Duration};

use axum::http::{HeaderMap, Request, header::HOST, request::Builder};
use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A request that is sent on a new connection.
#[must_use]
#[derive(Debug)]
pub struct Call {
    address: SocketAddr,
    request: Builder,
    body: String,
}

impl Call {
    /// Creates a request for this path of the server at `address`.
    pub fn new(address: SocketAddr, method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).header(HOST, address.to_string());
        Self { address, request, body: String::new() }
    }

    /// Adds a header field. A second field of the same name is added, not replaced.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Adds this access token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sends the request as a proxy does for a client with this address. A server that trusts proxies believes it.
    pub fn from(self, address: &str) -> Self {
        self.header("x-forwarded-for", address)
    }

    /// Adds a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Adds a form as the body.
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// Adds a body of this media type.
    pub fn body(self, media_type: &str, body: impl Into<String>) -> Self {
        self.header("content-type", media_type).without_type(body.into())
    }

    /// Adds a body without a `Content-Type` field.
    pub fn without_type(mut self, body: String) -> Self {
        self.body = body;
        self
    }

    /// Sends the request and reads the whole answer.
    pub async fn send(self) -> Answer {
        timeout(PATIENCE, self.exchange()).await.expect("the server answers")
    }

    async fn exchange(self) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let request = self.request.body(Full::new(Bytes::from(self.body))).unwrap();
        let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        connection.abort();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// All header fields.
    pub headers: HeaderMap,
    /// The body, which is text.
    pub body: String,
}

impl Answer {
    /// Returns the value of a header field, or an empty text without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the body, which is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns everything by which a client could distinguish two answers.
    pub fn fingerprint(&self) -> (u16, Vec<(String, String)>, String) {
        let fields = self.headers.iter().filter(|(name, _)| !VOLATILE.contains(&name.as_str()));
        let fields = fields.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        (self.status, fields, without_id(&self.body))
    }

    /// Asserts a refusal: a problem document of this status and code, with the header fields of the status, and without
    /// internal details.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self:?}");
        assert_eq!(problem["code"], code, "{self:?}");
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{self:?}");
        if status == 401 {
            assert!(self.header("www-authenticate").starts_with("Bearer realm=\"api\""), "{self:?}");
        }
        if matches!(status, 429 | 503) {
            assert!(self.header("retry-after").parse::<u64>().unwrap() >= 1, "{self:?}");
        }
        for inside in ["panic", ".rs", "sql", "SELECT", "INSERT", "UNIQUE", "serde", " line ", "column", "thread", "0x"]
        {
            assert!(!self.body.contains(inside), "{inside:?} in {self:?}");
        }
    }
}

/// Asserts that an answer has what `web::hardened` adds for browsers. Its policy begins with these words.
#[track_caller]
pub fn assert_hardened(answer: &Answer, policy: &str) {
    assert!(answer.header("content-security-policy").starts_with(policy), "{answer:?}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{answer:?}");
    }
    assert!(!answer.header("referrer-policy").is_empty(), "{answer:?}");
    assert!(answer.header("vary").contains("origin"), "{answer:?}");
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 36, "{answer:?}");
    if answer.header("content-type") == "application/problem+json" {
        assert_eq!(answer.json()["request_id"], id, "{answer:?}");
    }
}

/// Sends raw bytes and reads until the head of an answer is complete. For requests that no HTTP client would send.
pub async fn send_bytes(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = timeout(PATIENCE, stream.read_buf(&mut answer)).await.expect("the server answers").unwrap();
        assert!(read > 0, "the server hung up after {:?}", String::from_utf8_lossy(&answer));
    }
    String::from_utf8_lossy(&answer).into_owned()
}

const PATIENCE: Duration = Duration::from_secs(60);

/// Header fields that differ between any two answers.
const VOLATILE: [&str; 4] = ["date", "ratelimit", "retry-after", "x-request-id"];

/// Removes the identifier from a problem document. It stands at the end and is random.
fn without_id(body: &str) -> String {
    match body.split_once("\"request_id\":\"") {
        Some((start, rest)) => [start, rest.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-')].concat(),
        None => body.to_owned(),
    }
}

/// Returns the text as it stands in a form or a query: percent-encoded.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
