//! A stranger's host never stands in a mail: not in `Host`, `:authority`, the target, or what a proxy reports.

use std::net::SocketAddr;

use auth_runtime::{account, clock::SystemClock};
use auth_runtime::{
    auth::{Auth, Settings},
    secret::SystemEntropy,
    serve::serve,
    store::{Accounts, MemoryStore},
    web,
};
use axum::{
    extract::FromRef,
    http::{HeaderMap, Request, StatusCode},
};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::Bytes,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::{
    mailbox::Mailbox,
    world::{PASSWORD, defaults},
};

const HOST: &str = "api.example.com";
const EVIL: &str = "evil.example";

#[derive(Clone, FromRef)]
struct App {
    auth: Auth,
    accounts: Accounts,
}

/// A service in production form on a socket: its hosts are declared, and its mail is a list.
struct Service {
    address: SocketAddr,
    mailbox: Mailbox,
}

impl Service {
    async fn start(trusted_proxies: &str, header: &str) -> Self {
        let values = [
            ("ENVIRONMENT", "test"),
            ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
            ("ALLOWED_HOSTS", HOST),
            ("TRUSTED_PROXIES", trusted_proxies),
            ("TRUSTED_PROXY_HEADER", header),
        ];
        let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let settings = Settings::from_lookup(value).unwrap_or_else(|faults| panic!("{faults}"));
        let clock = std::sync::Arc::new(SystemClock::new());
        let accounts = Accounts::new(MemoryStore::new(clock, std::sync::Arc::new(SystemEntropy::new())));
        let (sender, mailbox) = Mailbox::new();
        let auth = defaults(Auth::builder().settings(&settings)).accounts(&accounts).mail(sender).build().unwrap();
        let app = web::hardened(account::routes().with_state(App { auth, accounts }), &settings).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, app).settings(&settings).into_future());
        Self { address, mailbox }
    }

    /// Posts over this version of HTTP. Returns the status, and everything that the answer says.
    async fn post(&self, version: Version, target: &str, fields: &[(&str, &str)], body: &Value) -> (u16, String) {
        let io = TokioIo::new(TcpStream::connect(self.address).await.unwrap());
        let request = Request::post(target).header("content-type", "application/json");
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Full::new(Bytes::from(body.to_string()))).unwrap();
        let answer = match version {
            Version::Http1 => {
                let (mut sender, connection) = http1::handshake(io).await.unwrap();
                tokio::spawn(connection);
                sender.send_request(request).await.unwrap()
            }
            Version::Http2 => {
                let (mut sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
                tokio::spawn(connection);
                sender.send_request(request).await.unwrap()
            }
        };
        let (parts, body) = answer.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        (parts.status.as_u16(), shown(parts.status, &parts.headers) + &body)
    }
}

fn shown(status: StatusCode, headers: &HeaderMap) -> String {
    format!("{status} {headers:?} ")
}

#[derive(Clone, Copy, Debug)]
enum Version {
    Http1,
    Http2,
}

/// The ways in which a request can name a host, as fields and the host of the target, with the status if it is refused.
type Way<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], Option<u16>);

/// Asks for both kinds of mail in this way.
async fn check(service: &Service, number: usize, version: Version, (target, fields, refused): Way<'_>) {
    let target = |path: &str| match (target, version) {
        (Some(host), _) => format!("http://{host}{path}"),
        (None, Version::Http1) => path.to_owned(),
        // A request over HTTP/2 always has an authority here.
        (None, Version::Http2) => format!("http://{HOST}{path}"),
    };
    let name = format!("user{number}");
    let email = format!("{name}@example.org");
    let way = format!("{version:?} {} {fields:?}", target("/"));
    let register = json!({ "username": name, "email": email, "password": PASSWORD });
    let (status, answer) = service.post(version, &target("/auth/register"), fields, &register).await;
    assert_eq!(status, refused.unwrap_or(201), "{way}: {answer}");
    assert!(!answer.contains(EVIL), "{way}: {answer}");
    if refused.is_none() {
        assert_names_no_host(&service.mailbox.next("verify").await, &email, &way);
    }
    let forgot = json!({ "email": email });
    let (status, answer) = service.post(version, &target("/auth/password/forgot"), fields, &forgot).await;
    assert_eq!(status, refused.unwrap_or(202), "{way}: {answer}");
    assert!(!answer.contains(EVIL), "{way}: {answer}");
    if refused.is_none() {
        assert_names_no_host(&service.mailbox.next("reset").await, &email, &way);
    }
    assert!(service.mailbox.is_empty().await, "{way}: a refused request sends mail");
}

/// An application can build a link from a message alone, so what the message lacks is not in the link.
fn assert_names_no_host(sent: &super::mailbox::Sent, email: &str, way: &str) {
    assert_eq!(sent.to, email, "{way}");
    let message = format!("{sent:?}");
    assert!(!message.contains(EVIL) && !message.contains(HOST), "{way}: {message}");
    assert!(sent.token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{way}");
}

#[tokio::test]
async fn over_http1_no_mail_follows_a_strangers_host_or_repeats_it() {
    let service = Service::start("", "").await;
    let ways: [Way<'_>; 10] = [
        (None, &[("host", HOST)], None),
        (None, &[("host", EVIL)], Some(421)),
        (None, &[("host", HOST), ("host", EVIL)], Some(400)),
        (None, &[("host", EVIL), ("host", HOST)], Some(400)),
        (None, &[("host", "api.example.com@evil.example")], Some(400)),
        (None, &[("host", "api.example.com.evil.example")], Some(421)),
        (None, &[("host", "api.example.com:80@evil.example")], Some(400)),
        // No trusted proxy reports these, so they say nothing.
        (None, &[("host", HOST), ("x-forwarded-host", EVIL)], None),
        (None, &[("host", HOST), ("forwarded", "host=evil.example"), ("x-host", EVIL)], None),
        (None, &[("host", HOST), ("x-original-url", "http://evil.example/"), ("origin", "https://evil.example")], None),
    ];
    for (number, way) in ways.into_iter().enumerate() {
        check(&service, number, Version::Http1, way).await;
    }
}

#[tokio::test]
async fn over_http2_no_mail_follows_a_strangers_host_or_repeats_it() {
    let service = Service::start("", "").await;
    let ways: [Way<'_>; 6] = [
        (Some(HOST), &[], None),
        (Some(EVIL), &[], Some(421)),
        (Some(HOST), &[("host", EVIL)], Some(400)),
        (Some(EVIL), &[("host", HOST)], Some(400)),
        (Some(HOST), &[("x-forwarded-host", EVIL)], None),
        (Some(HOST), &[("forwarded", "host=evil.example")], None),
    ];
    for (number, way) in ways.into_iter().enumerate() {
        check(&service, number, Version::Http2, way).await;
    }
}

/// Many proxies pass on what a client writes into these fields.
#[tokio::test]
async fn what_a_trusted_proxy_reports_is_a_host_of_the_service_or_refused() {
    for version in [Version::Http1, Version::Http2] {
        let own = |fields: &[(&'static str, &'static str)]| match version {
            Version::Http1 => [&[("host", HOST)][..], fields].concat(),
            Version::Http2 => fields.to_vec(),
        };
        let service = Service::start("127.0.0.1", "X-Forwarded-For").await;
        for (number, (reported, refused)) in
            [(HOST, None), (EVIL, Some(421)), ("api.example.com, evil.example", Some(421)), ("a b", Some(400))]
                .into_iter()
                .enumerate()
        {
            let fields = own(&[("x-forwarded-for", "192.0.2.1"), ("x-forwarded-host", reported)]);
            check(&service, number, version, (None, &fields, refused)).await;
        }
        let service = Service::start("127.0.0.1", "Forwarded").await;
        for (number, (reported, refused)) in
            [("for=192.0.2.1;host=api.example.com", None), ("for=192.0.2.1;host=evil.example", Some(421))]
                .into_iter()
                .enumerate()
        {
            check(&service, number, version, (None, &own(&[("forwarded", reported)]), refused)).await;
        }
    }
}
