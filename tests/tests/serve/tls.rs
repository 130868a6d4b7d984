//! TLS: handshakes, versions of HTTP, and certificates that change.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use auth_runtime::{GuardedRouter, auth::Settings, serve::serve, web::hardened};
use auth_tests::root;
use axum::Router;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

use super::{
    http2,
    server::{SHORT, SOON, Server},
};

fn vector(name: &str) -> PathBuf {
    root().join("auth-runtime/tests/vectors/tls").join(name)
}

fn certificate(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(vector(name)).unwrap()
}

async fn secure(
    configured: impl FnOnce(auth_runtime::serve::Serve<TcpListener>) -> auth_runtime::serve::Serve<TcpListener>,
) -> Server {
    Server::start(|server| configured(server.tls(vector("certificate.pem"), vector("key.pem")))).await
}

/// Connects as a client that trusts all certificates of the tests.
async fn connect(server: &Server, protocol: &str) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    for name in ["certificate.pem", "renewed.pem", "other_certificate.pem"] {
        roots.add(certificate(name)).unwrap();
    }
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let tcp = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap()
}

fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn both_versions_of_http_come_over_tls() {
    let server = secure(|server| server).await;
    let mut stream = connect(&server, "http/1.1").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    stream.write_all(b"GET /peer HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The server closes without a last word, which the answer's length makes harmless.
    let _ = stream.read_to_end(&mut answer).await;
    let address = stream.get_ref().0.local_addr().unwrap().to_string();
    assert!(String::from_utf8(answer).unwrap().ends_with(&address));

    let mut stream = connect(&server, "h2").await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    stream.write_all(&http2::opening()).await.unwrap();
    assert_eq!(http2::status(&mut stream, 1).await, 0x88);
}

/// In production, the layers refuse plain HTTP. They have to know that the server's own connections are encrypted.
#[tokio::test]
async fn hardened_services_accept_the_servers_own_tls() {
    let variables = [
        ("ENVIRONMENT", "production"),
        ("SECRET_KEY", "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"),
        ("ISSUER", "https://localhost"),
        ("AUDIENCE", "https://localhost"),
        ("ALLOWED_HOSTS", "localhost"),
    ];
    let lookup = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let app = || {
        let router = GuardedRouter::<()>::new().public_service("/", Router::new(), "nothing is here");
        hardened(router, &Settings::from_lookup(lookup).unwrap()).unwrap().into()
    };
    let status_line =
        |answer: Vec<u8>| String::from_utf8(answer).unwrap().lines().next().unwrap_or_default().to_owned();
    let request = "GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

    let server = Server::serving(app(), |server| server.tls(vector("certificate.pem"), vector("key.pem"))).await;
    let (mut encrypted, mut answer) = (connect(&server, "http/1.1").await, Vec::new());
    encrypted.write_all(request.as_bytes()).await.unwrap();
    let _ = encrypted.read_to_end(&mut answer).await;
    assert_eq!(status_line(answer), "HTTP/1.1 404 Not Found");

    let server = Server::serving(app(), |server| server).await;
    let (mut clear, mut answer) = (server.connect().await, Vec::new());
    clear.send(request).await;
    let _ = clear.0.read_to_end(&mut answer).await;
    assert_eq!(status_line(answer), "HTTP/1.1 403 Forbidden");
}

#[tokio::test]
async fn a_handshake_that_never_ends_ends_the_connection() {
    let server = secure(|server| server.handshake_within(SHORT).head_within(SOON * 9).idle_for(SOON * 9)).await;
    // Nothing, the head of a record, and the first bytes of a greeting.
    for start in [&b""[..], b"\x16\x03\x01\x02\x00", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"] {
        let mut client = server.connect().await;
        client.send(start).await;
        client.closed().await;
    }
    let mut clear = server.connect().await;
    clear.send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    let mut answer = Vec::new();
    let _ = timeout(SOON, clear.0.read_to_end(&mut answer)).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"), "plain HTTP is answered");
}

#[tokio::test]
async fn a_silent_client_after_the_handshake_has_the_deadline_for_heads() {
    let server = secure(|server| server.head_within(SHORT).handshake_within(SOON * 9).idle_for(SOON * 9)).await;
    let mut stream = connect(&server, "h2").await;
    let mut bytes = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the connection stays open");
}

#[tokio::test]
async fn new_connections_get_a_changed_certificate_and_a_wrong_one_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let to = |name: &str| folder.path().join(name);
    let put = |name: &str, place: &str| assert!(fs::copy(vector(name), to(place)).is_ok());
    put("certificate.pem", "certificate");
    put("key.pem", "key");
    let every = Duration::from_millis(20);
    let server = Server::start(|server| server.tls(to("certificate"), to("key")).reload_every(every)).await;
    let mut open = connect(&server, "http/1.1").await;
    assert_eq!(shown(&open), certificate("certificate.pem"));

    put("renewed.pem", "certificate");
    let renewed = async {
        while shown(&connect(&server, "http/1.1").await) != certificate("renewed.pem") {
            sleep(every).await;
        }
    };
    timeout(SOON, renewed).await.expect("the certificate is not reloaded");

    put("other_certificate.pem", "certificate");
    sleep(every * 10).await;
    assert_eq!(shown(&connect(&server, "http/1.1").await), certificate("renewed.pem"));

    // The first connection still works.
    open.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = open.read_to_end(&mut answer).await;
    assert!(answer.ends_with(b"well"));
}

#[tokio::test]
async fn a_certificate_that_does_not_fit_its_key_does_not_start() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let faults =
        serve(listener, Router::new()).tls(vector("certificate.pem"), vector("other_key.pem")).await.unwrap_err();
    let faults: Vec<_> = faults.iter().map(|fault| (fault.setting(), fault.message())).collect();
    let expected = format!(
        "the file {:?} has the key of another certificate than the first one in the file of `TLS_CERT`",
        vector("other_key.pem")
    );
    assert_eq!(faults, [("TLS_KEY", &*expected)]);
}

#[tokio::test]
async fn the_settings_turn_tls_on() {
    for (names, is_secure) in [(&["TLS_CERT", "TLS_KEY"][..], true), (&[], false)] {
        let value = |name: &str| match name {
            "ENVIRONMENT" => Some("test".to_owned()),
            "SECRET_KEY" => Some("3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".to_owned()),
            name if !names.contains(&name) => None,
            "TLS_CERT" => Some(vector("certificate.pem").to_str().unwrap().to_owned()),
            _ => Some(vector("key.pem").to_str().unwrap().to_owned()),
        };
        let settings = Settings::from_lookup(value).unwrap();
        let server = Server::start(|server| server.settings(&settings)).await;
        if is_secure {
            assert_eq!(shown(&connect(&server, "h2").await), certificate("certificate.pem"));
        } else {
            assert!(server.is_well().await);
        }
    }
}
