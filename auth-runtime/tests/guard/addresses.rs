//! The client's address of a request, for each way in which axum applications are served and tested.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use auth_runtime::{
    Auth, Policy, assert_denied,
    auth::{AuthBuilder, Environment},
    limit::{AddressKey, TrustedProxies},
    policy::{Limit, LimitKey, Quota},
    testing::TestAuth,
};
use axum::{
    Router,
    body::Body,
    extract::connect_info::{ConnectInfo, MockConnectInfo},
    http::Request,
    response::Response,
};
use tower::ServiceExt as _;

use super::support::*;

policy!(
    TwiceAMinute =
        Policy::public("twice").with_limits(&[Limit::new(Quota::per_minute(2), LimitKey::Address).with_name("twice")])
);

/// Returns an engine without an address for requests without a peer, as outside tests.
fn served(change: impl FnOnce(AuthBuilder) -> AuthBuilder) -> TestAuth {
    TestAuth::with(|builder| change(builder.peer_when_absent(None)))
}

fn proxies(list: &str) -> TrustedProxies {
    TrustedProxies::parse(list, "X-Forwarded-For").unwrap()
}

async fn ask(app: &Router, request: axum::http::request::Builder) -> Response {
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_mocked_peer_is_the_peer() {
    let TestAuth { auth, .. } = served(|builder| builder.trusted_proxies(proxies("10.0.0.0/8")));
    let mocked = |peer: &str| app::<TwiceAMinute>(&auth).layer(MockConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    let (one, other, proxy) = (mocked("192.0.2.1:1"), mocked("192.0.2.2:1"), mocked("10.0.0.1:1"));
    for status in [200, 200, 429] {
        assert_eq!(ask(&one, Request::get("/")).await.status(), status);
    }
    assert_eq!(ask(&other, Request::get("/")).await.status(), 200);
    // The connection's address wins over the mocked one, as in axum's `ConnectInfo`.
    let peer: SocketAddr = "192.0.2.3:1".parse().unwrap();
    assert_eq!(ask(&one, Request::get("/").extension(ConnectInfo(peer))).await.status(), 200);
    let forwarded = Request::get("/").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(ask(&proxy, forwarded).await.status(), 429, "a mocked proxy is believed like one");
}

#[tokio::test]
async fn a_test_without_a_peer_is_one_client_and_no_proxy() {
    for list in [None, Some("127.0.0.0/8"), Some("hops:1")] {
        let TestAuth { auth, .. } = TestAuth::with(|builder| match list {
            Some(list) => builder.trusted_proxies(proxies(list)),
            None => builder,
        });
        let app = app::<TwiceAMinute>(&auth);
        for (number, status) in [(1, 200), (2, 200), (3, 429)] {
            let request = Request::get("/").header("x-forwarded-for", format!("192.0.2.{number}"));
            assert_eq!(ask(&app, request).await.status(), status, "{list:?}");
        }
    }
}

#[test]
fn an_address_for_absent_peers_is_a_fault_in_production() {
    let faults = |builder: AuthBuilder| builder.build().unwrap_err().to_string();
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    assert!(faults(Auth::builder().peer_when_absent(Some(address))).contains("peer_when_absent: "), "by default");
    let in_production = |builder: AuthBuilder| builder.environment(Environment::Production);
    assert!(faults(in_production(Auth::builder()).peer_when_absent(Some(address))).contains("peer_when_absent: "));
    assert!(!faults(in_production(Auth::builder()).peer_when_absent(None)).contains("peer_when_absent: "));
    let elsewhere = Auth::builder().environment(Environment::Test).peer_when_absent(Some(address));
    assert!(!faults(elsewhere).contains("peer_when_absent: "));
    assert_eq!(AddressKey::of(address), AddressKey::V4(0x7f00_0001));
}

#[tokio::test]
async fn without_an_address_the_event_comes_once_a_minute() {
    let TestAuth { auth, clock, .. } = served(|builder| builder);
    let app = app::<TwiceAMinute>(&auth);
    let told = |log: &str| log.lines().filter(|line| line.contains("no_address")).count();
    let log = events(async {
        for _ in 0..3 {
            assert_denied!(ask(&app, Request::get("/")).await, 500);
        }
    })
    .await;
    assert_eq!(told(&log), 1, "{log}");
    for part in ["ERROR", "policy=\"twice\"", "into_make_service_with_connect_info", "hops:1", "TestAuth"] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    for (seconds, expected) in [(59, 0), (1, 1), (59, 0), (1, 1)] {
        clock.advance(Duration::from_secs(seconds));
        let log = events(async { assert_denied!(ask(&app, Request::get("/")).await, 500) }).await;
        assert_eq!(told(&log), expected, "after {seconds} s more: {log}");
    }
}

#[tokio::test]
async fn only_in_development_the_answer_says_what_to_change() {
    for (environment, is_told) in
        [(Environment::Development, true), (Environment::Test, false), (Environment::Production, false)]
    {
        let TestAuth { auth, .. } = served(|builder| builder.environment(environment));
        let response = ask(&app::<TwiceAMinute>(&auth), Request::get("/")).await;
        assert_denied!(response, 500);
        let problem: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!(problem["code"], "internal");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert_eq!(detail.contains("into_make_service_with_connect_info"), is_told, "{environment:?}: {problem}");
        assert_eq!(problem.get("detail").is_some(), is_told, "{environment:?}: {problem}");
    }
}

#[cfg(unix)]
mod unix_socket {
    use tempfile::TempDir;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{UnixListener, UnixStream},
    };

    use super::*;

    /// A server on a Unix socket, behind a reverse proxy.
    struct Server {
        folder: TempDir,
    }

    impl Server {
        fn start(auth: &Auth) -> Self {
            let folder = TempDir::new().unwrap();
            let listener = UnixListener::bind(folder.path().join("http")).unwrap();
            let app = app::<TwiceAMinute>(auth);
            tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
            Self { folder }
        }

        async fn status(&self, fields: &str) -> u16 {
            let mut stream = UnixStream::connect(self.folder.path().join("http")).await.unwrap();
            let request = format!("GET / HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\n{fields}\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer.split(' ').nth(1).unwrap().parse().unwrap()
        }
    }

    #[tokio::test]
    async fn behind_counted_proxies_clients_are_told_apart() {
        let TestAuth { auth, .. } = served(|builder| builder.trusted_proxies(proxies("hops:1")));
        let server = Server::start(&auth);
        for (forwarded, status) in [
            ("192.0.2.1", 200),
            ("192.0.2.1", 200),
            // An address that the client writes into the header is left of the proxy's entry.
            ("192.0.2.7, 192.0.2.1", 429),
            ("192.0.2.2", 200),
        ] {
            assert_eq!(server.status(&format!("x-forwarded-for: {forwarded}\r\n")).await, status, "{forwarded}");
        }
    }

    #[tokio::test]
    async fn a_header_that_cannot_be_read_is_500_and_told() {
        let TestAuth { auth, clock, .. } = served(|builder| builder.trusted_proxies(proxies("hops:1")));
        let app = app::<TwiceAMinute>(&auth);
        for forwarded in [None, Some("unknown"), Some("192.0.2.1, "), Some("")] {
            clock.advance(Duration::from_secs(60));
            let log = events(async {
                let request = Request::get("/");
                let request = match forwarded {
                    Some(forwarded) => request.header("x-forwarded-for", forwarded),
                    None => request,
                };
                assert_denied!(ask(&app, request).await, 500);
            })
            .await;
            assert!(log.contains("no_address") && log.contains("no readable address in the header"), "{log}");
        }
        let server = Server::start(&auth);
        assert_eq!(server.status("").await, 500);
        assert_eq!(server.status("x-forwarded-for: unknown\r\n").await, 500);
    }

    #[tokio::test]
    async fn with_any_other_setting_the_header_is_not_believed() {
        for list in [None, Some("0.0.0.0/1,128.0.0.0/1,::/1,8000::/1")] {
            let TestAuth { auth, .. } = served(|builder| match list {
                Some(list) => builder.trusted_proxies(proxies(list)),
                None => builder,
            });
            assert_eq!(Server::start(&auth).status("x-forwarded-for: 192.0.2.1\r\n").await, 500, "{list:?}");
        }
    }
}
