//! The most connections, and values that no server can work with.

use std::time::Duration;

use auth_runtime::{limit::TrustedProxies, serve::serve};
use axum::Router;
use tokio::{
    net::{TcpListener, TcpSocket},
    time::{sleep, timeout},
};

use super::server::{Client, SHORT, SOON, Server, settings};

#[tokio::test]
async fn further_clients_wait_until_a_place_is_free() {
    let server = Server::start(|server| server.most_connections(2).idle_for(SOON * 9)).await;
    let mut clients = Vec::new();
    for _ in 0..2 {
        let mut client = server.connect().await;
        assert!(client.get("/", "keep-alive").await.ends_with("well"));
        clients.push(client);
    }
    let mut third = server.connect().await;
    assert!(timeout(SHORT, third.get("/", "close")).await.is_err(), "the third connection has a place");
    clients.pop();
    assert!(third.answer().await.ends_with("well"));
}

#[tokio::test]
async fn a_client_with_all_of_its_connections_gets_no_further_one_and_others_do() {
    let server =
        Server::start(|server| server.most_connections_per_client(2).head_within(SOON * 9).idle_for(SOON * 9)).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut client = server.connect().await;
        assert!(client.get("/", "keep-alive").await.ends_with("well"));
        held.push(client);
    }
    server.connect().await.closed().await;
    let mut other = connect_from([127, 0, 0, 2], &server).await;
    assert!(other.get("/", "close").await.ends_with("well"));
    held.pop();
    let freed = async {
        while !server.connect().await.get("/", "close").await.ends_with("well") {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, freed).await.expect("a place is not given back");
}

/// Connects from another address of this machine.
async fn connect_from(address: [u8; 4], server: &Server) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((address, 0).into()).unwrap();
    Client(socket.connect(server.address).await.unwrap())
}

#[tokio::test]
async fn a_proxy_has_as_many_connections_as_there_are() {
    let settings = settings(&[("TRUSTED_PROXIES", "127.0.0.1")]);
    let own = TrustedProxies::parse("127.0.0.1", "X-Forwarded-For").unwrap();
    for server in [
        Server::start(|server| server.settings(&settings).most_connections_per_client(1)).await,
        Server::start(|server| server.trusted_proxies(own).most_connections_per_client(1)).await,
        // By default, an address of the machine itself is not counted.
        Server::start(|server| server).await,
    ] {
        let mut held = Vec::new();
        for _ in 0..150 {
            let mut client = server.connect().await;
            assert!(client.get("/", "keep-alive").await.ends_with("well"));
            held.push(client);
        }
    }
}

#[tokio::test]
async fn silent_clients_give_their_places_back() {
    let server = Server::start(|server| server.most_connections(2).head_within(SHORT)).await;
    let silent = [server.connect().await, server.connect().await];
    assert!(server.is_well().await);
    drop(silent);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_431() {
    let server = Server::start(|server| server).await;
    let mut client = server.connect().await;
    client.send(format!("GET / HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n", "a".repeat(20_000))).await;
    assert!(client.answer().await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn values_that_no_server_can_work_with_are_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = serve(listener, Router::new())
        .handshake_within(Duration::ZERO)
        .head_within(Duration::ZERO)
        .idle_for(Duration::ZERO)
        .stalled_for(Duration::ZERO)
        .reload_every(Duration::ZERO)
        .most_connections(0)
        .most_connections_per_client(0)
        .most_streams(0)
        .most_header_bytes(8191)
        .tls("no-such-certificate.pem", "no-such-key.pem");
    let faults = server.await.unwrap_err();
    let told: Vec<_> = faults.iter().map(auth_runtime::auth::Fault::setting).collect();
    let builder = [
        "handshake_within",
        "head_within",
        "idle_for",
        "stalled_for",
        "reload_every",
        "most_connections",
        "most_connections_per_client",
        "most_streams",
        "most_header_bytes",
    ];
    assert_eq!(told, [&builder[..], &["TLS_CERT", "TLS_KEY"]].concat());
    for (setting, path) in [("TLS_CERT", "no-such-certificate.pem"), ("TLS_KEY", "no-such-key.pem")] {
        let told = format!("{setting}: the file \"{path}\" does not exist");
        assert!(faults.to_string().contains(&told), "{faults}");
    }
}
