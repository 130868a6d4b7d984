//! One client that tries to have more connections than its share.

use std::{net::Ipv6Addr, time::Duration};

use axum::{Router, routing::get};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use auth_runtime::serve::serve;

use super::{
    http2::{self, GET, HEADERS, PREFACE, RST_STREAM, SETTINGS, WHOLE, frame},
    long::upgrade,
    server::{Client, SHORT, SOON, Server},
};

const SHARE: usize = 5;

async fn server() -> Server {
    let app = Router::new()
        .route("/", get(async || "well"))
        .route("/panic", get(async || -> &'static str { panic!("a secret of the handler") }))
        .route("/never", get(std::future::pending::<&'static str>))
        .route("/echo", get(upgrade));
    let long = SOON * 9;
    Server::serving(app, |server| server.most_connections_per_client(SHARE).head_within(long).idle_for(long)).await
}

/// Returns whether a request on a new connection is answered.
async fn is_admitted(server: &Server) -> bool {
    let mut client = server.connect().await;
    // A connection that the server has closed already may refuse the bytes.
    let head = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    drop(tokio::io::AsyncWriteExt::write_all(&mut client.0, head.as_bytes()).await);
    client.answer().await.ends_with("well")
}

/// Waits until the whole share is free again: so many connections at once are answered, and no further one.
async fn assert_whole_share(server: &Server) {
    let whole = async {
        loop {
            let held = hold(server, SHARE + 3).await;
            if held.len() == SHARE {
                break;
            }
            assert!(held.len() < SHARE, "{} connections", held.len());
            drop(held);
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, whole).await.expect("a part of the share is lost");
}

/// Opens this many connections at once, and returns those that are answered and stay.
async fn hold(server: &Server, connections: usize) -> Vec<Client> {
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        let address = server.address;
        clients.spawn(async move {
            let mut client = Client(TcpStream::connect(address).await.ok()?);
            let head = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut client.0, head.as_bytes()).await.ok()?;
            client.answer().await.ends_with("well").then_some(client)
        });
    }
    clients.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_connect_at_once_no_more_than_the_share_stay() {
    let server = server().await;
    for _ in 0..3 {
        let held = hold(&server, 200).await;
        assert_eq!(held.len(), SHARE);
        assert!(!is_admitted(&server).await);
        drop(held);
        assert_whole_share(&server).await;
    }
}

/// Every way in which a connection ends gives its part of the share back, once.
#[tokio::test]
async fn every_end_of_a_connection_gives_its_part_back_once() {
    let server = server().await;
    for round in 0..SHARE * 4 {
        let mut client = server.connect().await;
        match round % 5 {
            // A reset in place of an end.
            0 => client.0.set_zero_linger().unwrap(),
            1 => client.send("GET / HTTP/1.1\r\nx-half: ").await,
            2 => drop(client.get("/panic", "close").await),
            // A client that leaves while its handler runs.
            3 => client.send("GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n").await,
            // A connection that the server ends for a mistake.
            _ => {
                client.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(RST_STREAM, 0, 9, &[0; 4])].concat()).await;
                client.closed().await;
            }
        }
        drop(client);
        assert_whole_share(&server).await;
    }
}

/// Connections that say nothing, speak HTTP/2 or were upgraded have their place as any other.
#[tokio::test]
async fn no_kind_of_connection_is_beside_the_count() {
    let server = server().await;
    let silent = server.connect().await;
    let mut second = server.connect().await;
    second.send([PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(HEADERS, WHOLE, 1, GET)].concat()).await;
    assert_eq!(http2::status(&mut second.0, 1).await, 0x88);
    let mut upgraded = server.connect().await;
    upgraded.send("GET /echo HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await;
    tokio::io::AsyncReadExt::read_u8(&mut upgraded.0).await.unwrap();
    let mut half = server.connect().await;
    half.send("GET / HTTP/1.1\r\nhost: loc").await;
    let mut slow = server.connect().await;
    slow.send("GET /never HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    sleep(SHORT).await;
    assert!(!is_admitted(&server).await);
    drop((silent, second, upgraded, half, slow));
    assert_whole_share(&server).await;
}

/// A listener for both versions of IP sees IPv4 clients under an address of IPv6.
#[tokio::test]
async fn the_other_spelling_of_an_address_is_no_other_client() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).await else { return };
    let port = listener.local_addr().unwrap().port();
    let app = Router::new().route("/", get(async || "well"));
    let server = serve(listener, app).most_connections_per_client(1).head_within(SOON * 9);
    let server = tokio::spawn(server.into_future());
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let mut first = Client(stream);
    assert!(first.get("/", "keep-alive").await.ends_with("well"));
    let mut second = Client(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    second.closed().await;
    if let Ok(stream) = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await {
        assert!(
            Client(stream).get("/", "close").await.ends_with("well"),
            "another machine's address is another client"
        );
    }
    server.abort();
}
