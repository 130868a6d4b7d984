//! A service of the tests inside `web::hardened`, served by `auth_runtime::serve` in this process.

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_runtime::{
    auth::Settings,
    prelude::*,
    serve::{Serve, serve},
    testing::{TestAuth, TestIdentity},
    web::{CspNonce, Hardening, SecurityHeaders, csp_reports},
};
use auth_tests::root;
use axum::{
    extract::{FromRef, RawQuery, State},
    http::{HeaderMap, StatusCode, header::LOCATION},
    response::{Html, IntoResponse},
};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use tracing::subscriber::DefaultGuard;

/// The settings of a service in production, on `https://shop.example`.
pub(super) const PRODUCTION: [(&str, &str); 4] = [
    ("ENVIRONMENT", "production"),
    ("ALLOWED_HOSTS", "shop.example"),
    ("ISSUER", "https://shop.example"),
    ("AUDIENCE", "https://shop.example"),
];

/// Lets the browser find `*.example` on this machine.
pub(super) fn mapped(hosts: &[(&str, u16)]) -> String {
    let rules: Vec<_> = hosts.iter().map(|(host, port)| format!("MAP {host} 127.0.0.1:{port}")).collect();
    format!("--host-resolver-rules={}", rules.join(","))
}

/// Lets the browser trust the key of `auth-runtime/tests/vectors/tls/certificate.pem`: its SHA-256, in base64.
pub(super) const TRUSTED_KEY: &str =
    "--ignore-certificate-errors-spki-list=Nk5LaiLt2GggT1PGe0QnFiga6U+WE3EarrVW/PQI+J4=";

/// Returns the path of the certificate or of its key.
pub(super) fn tls_file(name: &str) -> PathBuf {
    root().join("auth-runtime/tests/vectors/tls").join(name)
}

/// A running service. Dropping the value ends its servers.
pub(super) struct Service {
    /// The port of plain HTTP.
    pub(super) port: u16,
    /// The port of HTTPS.
    pub(super) tls_port: u16,
    pub(super) seen: Seen,
    auth: TestAuth,
    log: Log,
    _subscribed: DefaultGuard,
    servers: [JoinHandle<()>; 2],
}

impl Service {
    /// Starts the service as on a developer's machine, with these settings and the headers for pages.
    pub(super) async fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_with(settings, SecurityHeaders::html()).await
    }

    pub(super) async fn start_with(settings: &[(&str, &str)], headers: SecurityHeaders) -> Self {
        let (auth, seen, log) = (TestAuth::new(), Seen::default(), Log::default());
        let app = routes().with_state(App { auth: auth.auth.clone(), seen: seen.clone() });
        let app = Hardening::from_settings(&loaded(settings)).security_headers(headers).wrap(app).unwrap();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let _subscribed = tracing::subscriber::set_default(subscriber);
        let (plain, secure) = (listen().await, listen().await);
        let ports = [&plain, &secure].map(|listener| listener.local_addr().unwrap().port());
        let servers = [
            run(serve(plain, app.clone())),
            run(serve(secure, app).tls(tls_file("certificate.pem"), tls_file("key.pem"))),
        ];
        Self { port: ports[0], tls_port: ports[1], seen, auth, log, _subscribed, servers }
    }

    /// Returns an address of the service over plain HTTP.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Ends the server of plain HTTP.
    pub(super) fn stop_plain_http(&self) {
        self.servers[0].abort();
    }

    /// Returns an access token of a user without roles.
    pub(super) fn token(&self) -> String {
        TestIdentity::user("alice").token(&self.auth.auth)
    }

    /// Waits until each of these texts stands in one event on blocked content, or until half a minute has passed.
    pub(super) async fn reports(&self, texts: &[&str]) -> String {
        for _ in 0..300 {
            let log = self.log.text();
            let reports: Vec<_> = log.lines().filter(|line| line.contains("csp_violation")).collect();
            if texts.iter().all(|text| reports.iter().any(|report| report.contains(text))) {
                return reports.join("\n");
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("no report has one of {texts:?}:\n{}", self.log.text());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn run(server: Serve<TcpListener>) -> JoinHandle<()> {
    tokio::spawn(async move { server.await.unwrap() })
}

fn loaded(settings: &[(&str, &str)]) -> Settings {
    let own = [("ENVIRONMENT", "development"), ("SECRET_KEY", SECRET), ("ISSUER", "test"), ("AUDIENCE", "test")];
    let all = [settings, &own].concat();
    let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::from_lookup(value).unwrap()
}

const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";

/// The requests that reached a handler: their number in `case=…`, and whether they had the visitor's cookie.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<HashMap<usize, bool>>>);

impl Seen {
    /// Returns whether the request with this number was handled, and with the cookie.
    pub(super) fn case(&self, number: usize) -> (bool, bool) {
        let cookie = self.0.lock().unwrap().get(&number).copied();
        (cookie.is_some(), cookie == Some(true))
    }
}

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    seen: Seen,
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new()
        .route("/target", get(target).post(target).put(target).delete(target))
        .route("/elsewhere", patch(target))
        .route("/cookie", get(cookie))
        .route("/go", get(go).put(go))
        .route("/me", get(me))
        .route("/admin", get(admin))
        .route("/limited", get(limited))
        .route("/panic", get(panics))
        .route("/page", get(page))
        .route("/old-page", get(old_page))
        .merge(csp_reports())
}

#[public(because = "pages of other origins ask for it")]
async fn target(
    State(seen): State<Seen>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    _body: String,
) -> impl IntoResponse {
    let case = query.as_deref().and_then(|query| query.strip_prefix("case=")?.parse().ok());
    if let Some(case) = case {
        let has_cookie = headers.get("cookie").is_some_and(|cookie| cookie.as_bytes().starts_with(b"visitor="));
        seen.0.lock().unwrap().insert(case, has_cookie);
    }
    ([("x-total", "7")], "reached")
}

#[public(because = "gives the visitor a cookie")]
async fn cookie() -> impl IntoResponse {
    ([("set-cookie", "visitor=1; SameSite=Lax; HttpOnly")], "a cookie")
}

#[public(because = "sends the visitor to another address")]
async fn go(Query(query): Query<HashMap<String, String>>) -> impl IntoResponse {
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, query["to"].clone())])
}

#[protected]
async fn me() -> &'static str {
    "me"
}

#[require_role("admin")]
async fn admin() {}

#[public(because = "is limited")]
#[rate_limit(1/hour, by = ip)]
async fn limited() {}

#[public(because = "has a mistake")]
async fn panics() {
    panic!("a mistake of the handler");
}

/// A page with the mistake that the policy is for: it shows typed text as markup.
#[public(because = "visitors read it")]
async fn page(nonce: CspNonce, Query(query): Query<HashMap<String, String>>) -> Html<String> {
    let text = &query["text"];
    Html(format!("<!doctype html><title>A page</title><script nonce=\"{nonce}\">{OWN}</script><body>{text}</body>"))
}

/// A page that names the receiver as browsers without `report-to` need it.
#[public(because = "visitors read it")]
async fn old_page() -> impl IntoResponse {
    let policy = "default-src 'none'; report-uri /csp-reports";
    ([("content-security-policy", policy)], Html("<!doctype html><title>An old page</title><script>1</script>"))
}

/// The page's own script: it keeps what the browser blocks, and tells an outer page that it is shown.
const OWN: &str = "window.violations = []; \
    addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective)); \
    parent.postMessage('shown', '*');";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
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
