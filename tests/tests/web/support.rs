use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use auth_runtime::{
    auth::Settings,
    prelude::*,
    testing::TestAuth,
    web::{CspNonce, EncryptedConnection, Hardened, Hardening, RequestId, csp_reports},
};
use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header::CACHE_CONTROL, request::Builder},
    response::{Html, IntoResponse, Response},
};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const HOST: &str = "api.example.com";
pub(crate) const PAGE: &str = "https://app.example.com";

/// Settings as a service has them in production. The first value of a name counts.
pub(crate) fn settings(variables: &[(&str, &str)]) -> Settings {
    let own = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
        ("ISSUER", "https://api.example.com"),
        ("AUDIENCE", "https://api.example.com"),
        ("ALLOWED_HOSTS", HOST),
        ("ALLOWED_ORIGINS", PAGE),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("PROBE_PATHS", "/health"),
    ];
    let all = [variables, &own[..]].concat();
    Settings::from_lookup(|name| all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

#[public(because = "the platform probes it")]
async fn health() -> &'static str {
    "ok"
}

#[protected]
async fn me(who: Identity) -> String {
    who.subject().to_owned()
}

#[protected]
async fn own_cache() -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=60")], "mine")
}

#[protected]
#[rate_limit(1/hour, by = ip)]
async fn limited() {}

#[public]
async fn page(nonce: CspNonce) -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=60")], Html(format!("<script nonce=\"{nonce}\"></script>")))
}

#[public]
async fn echo(body: String) -> String {
    body
}

#[public]
async fn never() {
    std::future::pending::<()>().await;
}

#[public]
async fn id(id: RequestId) -> String {
    id.as_str().to_owned()
}

#[public]
async fn panics() {
    panic!("a s3cret of the handler");
}

#[require_role("admin")]
async fn admin() {}

#[public]
async fn own_options() -> &'static str {
    "the handler's own"
}

/// Returns the routes and an access token for them.
pub(crate) fn routes() -> (GuardedRouter, TestAuth) {
    let auth = TestAuth::new();
    let routes = GuardedRouter::new()
        .route("/health", get(health))
        .route("/me", get(me).delete(me))
        .route("/own-cache", get(own_cache))
        .route("/limited", get(limited))
        .route("/page", get(page))
        .route("/echo", post(echo))
        .route("/never", get(never))
        .route("/id", get(id))
        .route("/panic", get(panics))
        .route("/admin", get(admin))
        .route("/options", options(own_options))
        .merge(csp_reports())
        .with_state(auth.auth.clone());
    (routes, auth)
}

/// Returns a service in production, with these settings in place of its own.
pub(crate) fn app(variables: &[(&str, &str)]) -> Hardened {
    Hardening::from_settings(&settings(variables)).wrap(routes().0).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Returns a request over HTTPS, for the service's host.
pub(crate) fn secure(method: &str, path: &str) -> Builder {
    plain(method, path).header("host", HOST).extension(EncryptedConnection)
}

/// Returns a request over plain HTTP without a host.
pub(crate) fn plain(method: &str, path: &str) -> Builder {
    from(Request::builder().method(method).uri(path), "192.0.2.1")
}

/// Sets the address of the connection's peer.
pub(crate) fn from(request: Builder, peer: &str) -> Builder {
    request.extension(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 1)))
}

pub(crate) async fn send(app: &Hardened, request: Builder) -> Answer {
    send_body(app, request, Body::empty()).await
}

pub(crate) async fn send_body(app: &Hardened, request: Builder, body: impl Into<Body>) -> Answer {
    Answer::of(app.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()).await
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// Returns the values of a field, joined by commas.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let lines: Vec<_> = self.headers.get_all(name).iter().map(|line| line.to_str().unwrap()).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no document: {} {:?}", self.status, self.body))
    }

    /// Returns the status and the code of the problem document.
    pub(crate) fn problem(&self) -> (u16, String) {
        (self.status.as_u16(), self.document()["code"].as_str().unwrap().to_owned())
    }
}

pub(crate) fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// The log of one request.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Waits for an answer while its events are written here.
    pub(crate) async fn of<F: Future>(&self, answer: F) -> F::Output {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let _subscribed = tracing::subscriber::set_default(subscriber);
        answer.await
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
