//! What the store answers while the server fails, and how fast. Nothing is admitted meanwhile, and the same store works
//! again afterwards.

use core::time::Duration;
use std::{sync::Arc, time::Instant};

use sqlx::{Connection as _, PgConnection};

use super::{log::Log, own::OwnServer, proxy::Proxy, servers};
use crate::{
    clock::{UnixTime, manual::ManualClock},
    secret::SystemEntropy,
    store::{
        AccountKey, AccountQuery, AccountStore, ApiKeyStore, Attempt, AttemptLimits, AttemptStore, ClientKey,
        EndReason, OneTimeTokenStore, PostgresStore, Purpose, SessionStore,
        suite::samples::{begin, ending, hash, present},
    },
};

pub(super) const TIMEOUT: Duration = Duration::from_millis(400);

/// Twice the time-out, and some more for a machine under load.
const LONGEST: Duration = Duration::from_millis(1_600);

const NOW: UnixTime = UnixTime::from_seconds(1_500);

pub(super) async fn open(url: &str, connections: u32) -> PostgresStore {
    let builder = PostgresStore::builder(url).max_connections(connections).timeout(TIMEOUT);
    builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap()
}

/// Calls one method of each kind, and returns the names of those that succeeded. Each has to answer in time.
pub(super) async fn succeed(store: &PostgresStore) -> Vec<&'static str> {
    let attempt = Attempt::new(AccountKey::from_bytes([1; 32]), ClientKey::from_bytes([2; 32]));
    let mut succeeded = Vec::new();
    for name in READS.into_iter().chain(WRITES) {
        let started = Instant::now();
        let is_ok = match name {
            "find" => store.find("id").await.is_ok(),
            "find_session" => store.find_session("s").await.is_ok(),
            "revocations" => store.revocations(0).await.is_ok(),
            "list" => AccountStore::list_accounts(store, &AccountQuery::new(1)).await.is_ok(),
            "find_key" => store.find_key(&hash(9)).await.is_ok(),
            "rotate" => present(1, 9, 1_500).try_to(store).await.is_ok(),
            "admit_attempt" => store.admit_attempt(&attempt, &AttemptLimits::default(), NOW).await.is_ok(),
            "redeem_one_time" => store.redeem_one_time(&hash(9), Purpose::PasswordReset, NOW).await.is_ok(),
            "revoke_token" => store.revoke_token("jti", UnixTime::from_seconds(9_999)).await.is_ok(),
            "set_superuser" => store.set_superuser("nobody", false).await.is_ok(),
            "remove_all" => store.remove_all("nobody", ending(1_500, EndReason::Deleted)).await.is_ok(),
            other => panic!("{other}"),
        };
        assert!(started.elapsed() < LONGEST, "{name} took {:?}", started.elapsed());
        if is_ok {
            succeeded.push(name);
        }
    }
    succeeded
}

pub(super) const READS: [&str; 5] = ["find", "find_session", "revocations", "find_key", "list"];
pub(super) const WRITES: [&str; 6] =
    ["rotate", "admit_attempt", "redeem_one_time", "revoke_token", "set_superuser", "remove_all"];
pub(super) const NONE: [&str; 0] = [];

/// Waits until everything succeeds again, in the same store.
pub(super) async fn recovers(store: &PostgresStore) {
    let end = Instant::now() + Duration::from_secs(10);
    while succeed(store).await.len() < READS.len() + WRITES.len() {
        assert!(Instant::now() < end, "the store does not recover");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_fails_everything_and_is_used_again_after_its_restart() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    recovers(&store).await;
    server.kill();
    assert_eq!(succeed(&store).await, NONE);
    server.restart();
    recovers(&store).await;
    assert!(store.find_session("s").await.unwrap().is_some(), "what was written before is there");
}

#[tokio::test]
async fn an_outage_is_told_once_with_its_cause_and_its_end_too() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let (log, _guard) = Log::begin();
    let store = open(&server.url(), 4).await;
    for outages in 1..=2 {
        recovers(&store).await;
        assert_eq!((log.count("store_lost"), log.count("store_back")), (outages - 1, outages - 1));
        server.kill();
        let end = Instant::now() + Duration::from_secs(10);
        while log.count("store_lost") < outages {
            assert!(Instant::now() < end, "the outage is not told");
            assert_eq!(succeed(&store).await, NONE);
        }
        assert_eq!(succeed(&store).await, NONE);
        assert!(store.find_by_login("a\0b").await.unwrap().is_none(), "this asks no server");
        assert_eq!((log.count("store_lost"), log.count("store_back")), (outages, outages - 1));
        server.restart();
    }
    assert_eq!(log.count("error=the store `postgres` failed: "), 2, "the cause stands in the field itself");
}

/// A statement that the server refuses, and a single call without a connection, are no outage.
#[tokio::test]
async fn a_store_that_answers_other_calls_is_not_told_to_be_lost() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let (log, _guard) = Log::begin();
    let store = open(&server.url(), 1).await;
    begin(&store).await;
    for _ in 0..2 {
        let taken = store.pool.begin().await.unwrap();
        assert!(store.find_session("s").await.is_err(), "the only connection is in use");
        drop(taken);
        recovers(&store).await;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    sqlx::query("ALTER TABLE auth_sessions RENAME TO elsewhere").execute(&store.pool).await.unwrap();
    for _ in 0..2 {
        assert!(store.find_session("s").await.is_err());
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    assert_eq!((log.count("store_lost"), log.count("store_back")), (0, 0));
}

/// The pool alone takes the refusal for a server that is starting, and waits for all of its five seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_fails_calls_in_well_under_a_second() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let builder = PostgresStore::builder(server.url());
    let store = builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    begin(&store).await;
    server.kill();
    for _ in 0..3 {
        let started = Instant::now();
        assert!(store.find_session("s").await.is_err());
        assert!(present(1, 9, 1_500).try_to(&store).await.is_err());
        assert!(started.elapsed() < Duration::from_millis(1_500), "two calls took {:?}", started.elapsed());
    }
    server.restart();
    recovers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_fails_everything_in_time() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    server.pause();
    assert_eq!(succeed(&store).await, NONE);
    server.resume();
    recovers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_a_free_connection_fails_everything_in_time() {
    let Some(server) =
        OwnServer::start(&["max_connections=5", "superuser_reserved_connections=0", "max_wal_senders=0"])
    else {
        return;
    };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    let mut others = Vec::new();
    while let Ok(mut other) = PgConnection::connect(&server.url()).await {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-runtime'";
        sqlx::query(end).execute(&mut other).await.unwrap();
        others.push(other);
    }
    assert_eq!(succeed(&store).await, NONE);
    drop(others);
    recovers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_becomes_read_only_fails_what_writes() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    let mut operator = PgConnection::connect(&server.url()).await.unwrap();
    let mut set = async |value: &str| {
        let set = format!("ALTER DATABASE postgres SET default_transaction_read_only = {value}");
        sqlx::raw_sql("SET default_transaction_read_only = off").execute(&mut operator).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(set)).execute(&mut operator).await.unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-runtime'";
        sqlx::raw_sql(end).execute(&mut operator).await.unwrap();
    };
    set("on").await;
    assert_eq!(succeed(&store).await, READS);
    set("off").await;
    recovers(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locks_that_another_program_holds_fail_in_time_what_needs_them() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    let mut other = PgConnection::connect(&server.url()).await.unwrap();
    let mut holding = other.begin().await.unwrap();
    let lock = "LOCK TABLE auth_sessions, auth_revocation_position IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut *holding).await.unwrap();
    let succeeded = succeed(&store).await;
    let expected = ["find", "revocations", "find_key", "list", "admit_attempt", "redeem_one_time", "set_superuser"];
    assert_eq!(succeeded, expected);
    holding.rollback().await.unwrap();
    recovers(&store).await;
}

/// A call in the middle of which the network goes away has a connection that answers nothing any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_whose_packets_are_lost_make_room_for_others() {
    let Some(server) = servers::server() else { return };
    let proxy = Proxy::to(&server).await;
    let url = servers::schema(&server).await;
    let store = open(&proxy.instead(&url), 4).await;
    begin(&store).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    let mut holding = other.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE auth_sessions IN ACCESS EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    let calls = (0..4).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.find_session("s").await.is_err() })
    });
    let calls: Vec<_> = calls.collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.silence();
    for call in calls {
        assert!(call.await.unwrap());
    }
    holding.rollback().await.unwrap();
    recovers(&store).await;
}

/// A server does not notice that a client has closed a connection on which it waits. Each read that was given up would
/// leave one behind, until the server has no connection left for anyone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_were_given_up_leave_no_connection_behind() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = open(&server.url(), 4).await;
    begin(&store).await;
    let mut other = PgConnection::connect(&server.url()).await.unwrap();
    let mut holding = other.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE auth_sessions IN ACCESS EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    // A transaction would see the same connections each time.
    let mut operator = PgConnection::connect(&server.url()).await.unwrap();
    let count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'auth-runtime'";
    let end = Instant::now() + Duration::from_secs(8);
    let mut most = 0_i64;
    while Instant::now() < end {
        let calls: Vec<_> = (0..4)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.find_session("s").await.is_err() })
            })
            .collect();
        for call in calls {
            assert!(call.await.unwrap());
        }
        most = most.max(sqlx::query_scalar(count).fetch_one(&mut operator).await.unwrap());
    }
    // At most four in use, and those that a client has left within the last second.
    assert!(most <= 12, "{most} connections for a pool of 4");
    holding.rollback().await.unwrap();
    recovers(&store).await;
}
