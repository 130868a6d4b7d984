//! What clients get while PostgreSQL fails, how soon, and what the operator reads. The rows of the guide's table.

use std::{
    env, io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use auth_runtime::{
    clock::UnixTime,
    secret::SystemEntropy,
    store::{Accounts, FirstCredential, PostgresStore, SessionKind, SessionRecord},
    testing::ManualClock,
    token::TokenHash,
};
use axum::http::Request;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use tracing::{Level, subscriber::DefaultGuard};

use self::{disk::Disk, own::OwnServer, proxy::Proxy};
use super::{
    cookies::{browse, cookie, sign_in},
    world::{PASSWORD, START, World, defaults},
};

#[path = "../../../auth-runtime/src/store/postgres/tests/disk.rs"]
mod disk;
#[allow(dead_code, reason = "the tests of the store use all of it")]
#[path = "../../../auth-runtime/src/store/postgres/tests/own.rs"]
mod own;
#[allow(dead_code, reason = "the tests of the store use all of it")]
#[path = "../../../auth-runtime/src/store/postgres/tests/proxy.rs"]
mod proxy;

mod servers {
    /// Returns the URL of the server that `scripts/services` starts; `None` without that server.
    pub(super) fn server() -> Option<String> {
        let server = super::env::var("AUTH_TESTS_POSTGRES").ok();
        assert!(server.is_some() || super::env::var("CI").as_deref() != Ok("true"), "AUTH_TESTS_POSTGRES is not set");
        server
    }
}

const TIMEOUT: Duration = Duration::from_millis(400);

/// The store answers within twice its time-out, and a machine under load is slower.
const LONGEST: Duration = Duration::from_secs(3);

/// A signed-in person, and a service on a server of its own.
struct Service {
    world: World,
    token: String,
    refresh: String,
    cookie: String,
    key: String,
    told: Told,
    _guard: DefaultGuard,
}

/// The requests, in this order. The last request signs out.
const REQUESTS: [&str; 9] = [
    "access token",
    "cookie",
    "API key",
    "list of sessions",
    "sign-in",
    "refresh",
    "register",
    "access token, after revocation_delay",
    "sign-out",
];

impl Service {
    async fn on(url: &str) -> Self {
        let told = Told::default();
        let writer = told.clone();
        let subscriber = tracing_subscriber::fmt().with_max_level(Level::INFO).with_ansi(false);
        let _guard = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
        let clock = ManualClock::at(START);
        let builder = PostgresStore::builder(url).max_connections(4).timeout(TIMEOUT);
        let store = builder.open_with(Arc::new(clock.clone()), Arc::new(SystemEntropy::new())).await.unwrap();
        let world = World::new(defaults, clock, Accounts::new(store));
        world.join("alice", &["notes:read"]).await;
        let login = world.login("alice", PASSWORD).await;
        let cookie = cookie(&sign_in(&world, "alice").await);
        let (token, refresh) = (login.text("access_token"), login.text("refresh_token"));
        let key = json!({ "name": "deploy", "scopes": ["notes:read"] });
        let key = world.json_as(&token, "/auth/api-keys", &key).await.text("key");
        // The list of revocations is read, and the delay begins.
        assert_eq!(world.call("GET", "/plain", &token).await.status, 200);
        Self { world, token, refresh, cookie, key, told, _guard }
    }

    async fn ask(&self, request: &str) -> u16 {
        let world = &self.world;
        let answer = match request {
            "access token" => world.call("GET", "/plain", &self.token).await,
            "access token, after revocation_delay" => {
                world.clock.advance(Duration::from_secs(6));
                world.call("GET", "/plain", &self.token).await
            }
            "cookie" => browse(world, "GET", "/auth/me", &self.cookie).await,
            "API key" => world.send(Request::get("/plain").header("x-api-key", &self.key), "").await,
            "list of sessions" => world.call("GET", "/auth/sessions", &self.token).await,
            "sign-in" => world.login("alice", PASSWORD).await,
            "refresh" => world.refresh(&self.refresh).await,
            "register" => world.register(&format!("new{}", self.told.len()), PASSWORD).await,
            "sign-out" => world.call("POST", "/auth/logout", &self.token).await,
            other => panic!("{other}"),
        };
        if answer.status == 503 {
            answer.assert_problem(503, "unavailable");
            assert_eq!(answer.header("retry-after"), "5", "{request}");
        }
        answer.status
    }

    /// Asserts each answer's status and time. The operator reads of each 503 which store failed.
    async fn answers(&self, expected: [&[u16]; REQUESTS.len()]) {
        for (request, expected) in REQUESTS.into_iter().zip(expected) {
            let (before, started) = (self.told.len(), Instant::now());
            let status = self.ask(request).await;
            assert!(expected.contains(&status), "{request}: {status}");
            assert!(started.elapsed() < LONGEST, "{request} took {:?}", started.elapsed());
            let told = self.told.since(before);
            let is_told = told.lines().any(|line| line.contains("ERROR") && line.contains("store=\"postgres\""));
            assert!(is_told || status != 503, "{request}: {told}");
        }
    }

    /// Waits until the same service answers everything.
    async fn recovers(&self) {
        for (request, good) in REQUESTS.into_iter().zip([200, 200, 200, 200, 200, 200, 201, 200, 204]) {
            let end = Instant::now() + Duration::from_secs(10);
            loop {
                match self.ask(request).await {
                    status if status == good => break,
                    status => assert!(status == 503 && Instant::now() < end, "{request}: {status}"),
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        assert_eq!(self.world.call("GET", "/plain", &self.token).await.status, 401, "the sign-out counts");
    }
}

const OK: &[u16] = &[200];
const DOWN: &[u16] = &[503];

/// No answer but to an access token: its check needs no statement.
const ALL_DOWN: [&[u16]; REQUESTS.len()] = [OK, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN];

#[tokio::test]
async fn while_the_server_is_killed() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let service = Service::on(&server.url()).await;
    server.kill();
    service.answers(ALL_DOWN).await;
    server.restart();
    service.recovers().await;
}

#[tokio::test]
async fn while_the_server_stands_still() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let service = Service::on(&server.url()).await;
    server.pause();
    service.answers(ALL_DOWN).await;
    server.resume();
    service.recovers().await;
}

#[tokio::test]
async fn while_the_server_has_no_free_connection() {
    let settings = ["max_connections=6", "superuser_reserved_connections=0", "max_wal_senders=0"];
    let Some(server) = OwnServer::start(&settings) else { return };
    let service = Service::on(&server.url()).await;
    let mut others = Vec::new();
    while let Ok(mut other) = PgConnection::connect(&server.url()).await {
        end_ours(&mut other).await;
        others.push(other);
    }
    service.answers(ALL_DOWN).await;
    drop(others);
    service.recovers().await;
}

#[tokio::test]
async fn while_the_server_is_read_only() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let service = Service::on(&server.url()).await;
    let mut operator = PgConnection::connect(&server.url()).await.unwrap();
    sqlx::raw_sql("ALTER DATABASE postgres SET default_transaction_read_only = on")
        .execute(&mut operator)
        .await
        .unwrap();
    end_ours(&mut operator).await;
    service.answers([OK, OK, OK, OK, DOWN, DOWN, DOWN, OK, DOWN]).await;
    sqlx::raw_sql("ALTER DATABASE postgres RESET default_transaction_read_only").execute(&mut operator).await.unwrap();
    end_ours(&mut operator).await;
    service.recovers().await;
}

/// A replica takes over; the address leads to it afterwards.
#[tokio::test]
async fn while_a_replica_takes_over() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let way = Proxy::to(&server.url()).await;
    let service = Service::on(&way.instead(&server.url())).await;
    let replica = server.follower();
    let mut operator = PgConnection::connect(&server.url()).await.unwrap();
    let has_all = "SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())";
    while !sqlx::query_scalar::<_, bool>(has_all).fetch_one(&mut operator).await.unwrap() {}
    server.kill();
    service.answers(ALL_DOWN).await;
    let mut operator = PgConnection::connect(&replica.url()).await.unwrap();
    sqlx::raw_sql("SELECT pg_promote()").execute(&mut operator).await.unwrap();
    way.lead_to(&replica.url());
    service.recovers().await;
}

#[tokio::test]
async fn while_another_program_holds_locks() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let service = Service::on(&server.url()).await;
    let mut other = PgConnection::connect(&server.url()).await.unwrap();
    let mut holding = other.begin().await.unwrap();
    let lock = "LOCK TABLE auth_sessions, auth_revocations IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut *holding).await.unwrap();
    service.answers([OK, DOWN, OK, DOWN, DOWN, DOWN, &[201], DOWN, DOWN]).await;
    holding.rollback().await.unwrap();
    service.recovers().await;
}

/// What fits into the pages that are there is written.
#[tokio::test]
async fn while_the_disk_is_full() {
    let Some(disk) = Disk::mount(100) else { return };
    let Some(server) = OwnServer::start_in(disk.path(), &["max_wal_size=32MB", "min_wal_size=32MB"]) else { return };
    let service = Service::on(&server.url()).await;
    disk.fill();
    let mut number = 0_u32;
    while begin_another(&service, number).await {
        number += 1;
    }
    service.answers([OK, OK, OK, OK, DOWN, &[200, 503], &[201, 503], OK, &[204, 503]]).await;
    disk.make_room();
    if service.ask("access token").await == 200 {
        service.recovers().await;
    }
}

/// Begins a session with small texts, so that the last free place is used up. Returns whether it was written.
async fn begin_another(service: &Service, number: u32) -> bool {
    let now = UnixTime::from_seconds(START);
    let mut session = SessionRecord::new(format!("{number}"), "filler", "web", SessionKind::Bearer, now);
    (session.idle_expires_at, session.absolute_expires_at) = (now.plus_seconds(99_999), now.plus_seconds(99_999));
    let mut hash = [9; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    let first = FirstCredential::refresh_token(TokenHash::from_bytes(hash));
    service.world.accounts.sessions().begin(session, first).await.is_ok()
}

async fn end_ours(operator: &mut PgConnection) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'auth-runtime%'";
    sqlx::raw_sql(end).execute(operator).await.unwrap();
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Told {
    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn since(&self, begin: usize) -> String {
        String::from_utf8(self.0.lock().unwrap()[begin..].to_vec()).unwrap()
    }
}

impl io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
