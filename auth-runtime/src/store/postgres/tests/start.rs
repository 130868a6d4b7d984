//! The start of a process: the server starts meanwhile, or the role has few rights.

use core::{error::Error as _, time::Duration};
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Instant,
};

use sqlx::{AssertSqlSafe, PgPool};

use super::{
    own::OwnServer,
    servers::{open, schema, server},
};
use crate::{
    clock::manual::ManualClock,
    secret::SystemEntropy,
    store::{PostgresStore, SessionStore as _, suite::samples::begin},
};

async fn refusal(url: &str) -> String {
    let error = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

/// A proxy before a server that is starting closes connections: before the first message, which the client reads as an
/// end or as a reset, or with that message unread, which is a reset.
#[tokio::test]
async fn a_connection_that_is_closed_at_once_is_tried_again_for_a_while() {
    closed_at_once(drop).await;
    closed_at_once(|client| _ = client.peek(&mut [0])).await;
}

async fn closed_at_once(close: fn(TcpStream)) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgresql://app@{}/app", listener.local_addr().unwrap());
    let connected = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&connected);
    thread::spawn(move || {
        listener.incoming().for_each(|client| {
            counter.fetch_add(1, Ordering::SeqCst);
            close(client.unwrap());
        });
    });
    let builder = PostgresStore::builder(&url).timeout(Duration::from_millis(1_500));
    let started = Instant::now();
    let clock = Arc::new(ManualClock::at(1_000));
    let error = builder.open_with(clock, Arc::new(SystemEntropy::new())).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("closes connections"), "{error:?}");
    assert!(connected.load(Ordering::SeqCst) >= 2, "{connected:?}");
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_missing_file_is_told_by_what_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().display();
    let socket = format!("postgresql://app:hunter2@/app?host={folder}");
    let builder = PostgresStore::builder(socket).timeout(Duration::from_millis(200));
    let error = builder.open().await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("no Unix socket"), "{error:?}");

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("postgresql://app:hunter2@{}/app", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        client.read_exact(&mut [0; 8]).unwrap();
        client.write_all(b"S").unwrap(); // the server speaks TLS
        client.read_to_end(&mut Vec::new())
    });
    let refusal = refusal(&format!("{server}?sslmode=verify-full&sslrootcert={folder}/authority.pem")).await;
    assert!(refusal.contains("`sslrootcert`"), "{refusal}");
}

#[tokio::test]
async fn a_schema_that_is_missing_is_told() {
    let Some(server) = server() else { return };
    let refusal = refusal(&format!("{server}?options=-csearch_path%3Dnot_created")).await;
    assert!(refusal.contains("no schema for the tables"), "{refusal}");
}

/// Another role has migrated the tables.
#[tokio::test]
async fn tables_that_are_up_to_date_need_no_right_to_create() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    begin(&store).await;
    let (role, name) = (format!("user_{}", std::process::id()), url.rsplit_once("%3D").unwrap().1);
    let grant = format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {name} TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA {name} TO {role}"
    );
    sqlx::raw_sql(AssertSqlSafe(grant)).execute(store.pool()).await.unwrap();
    let user = open(&url.replace("postgres@", &format!("{role}@")), Arc::new(ManualClock::at(1_000))).await.unwrap();
    assert!(user.find_session("s").await.unwrap().is_some());
    drop(user);
    let pool = PgPool::connect(&server).await.unwrap();
    let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&pool).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_a_unix_socket_that_is_gone_fails_calls_in_well_under_a_second() {
    let folder = OwnServer::folder_for_sockets();
    let setting = format!("unix_socket_directories={}", folder.path().display());
    let Some(mut server) = OwnServer::start(&[&setting]) else { return };
    let builder = PostgresStore::builder(server.url_on_socket(folder.path()));
    let store = builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    begin(&store).await;
    server.kill();
    let started = Instant::now();
    for _ in 0..2 {
        assert!(store.find_session("s").await.is_err());
    }
    assert!(started.elapsed() < Duration::from_millis(1_500), "two calls took {:?}", started.elapsed());
    server.restart();
    let end = Instant::now() + Duration::from_secs(20);
    while store.find_session("s").await.is_err() {
        assert!(Instant::now() < end, "the store does not come back");
    }
}
