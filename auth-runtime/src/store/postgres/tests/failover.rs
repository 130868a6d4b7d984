//! A replica that takes over. The store's address leads to the primary, as a failover moves it.

use core::time::Duration;
use std::{sync::Arc, time::Instant};

use sqlx::{AssertSqlSafe, PgPool};

use super::{
    faults::{NONE, TIMEOUT, open, recovers, succeed},
    own::OwnServer,
    proxy::Proxy,
};
use crate::{
    clock::UnixTime,
    secret::SystemEntropy,
    store::{
        EndReason, FirstCredential, PostgresStore, Rotated, SessionStore,
        postgres::{
            listener::{ListenedTo, Listener},
            url::connect_options,
        },
        suite::samples::{begin, ending, found_token, hash, present, session},
    },
};

/// A primary with a replica, and a store that reaches the primary.
struct Pair {
    primary: OwnServer,
    replica: OwnServer,
    way: Proxy,
    store: PostgresStore,
}

impl Pair {
    async fn start() -> Option<Self> {
        let primary = OwnServer::start(&[])?;
        run(&primary, "SELECT 1").await;
        let replica = primary.follower();
        let way = Proxy::to(&primary.url()).await;
        let store = open(&way.instead(&primary.url()), 4).await;
        Some(Self { primary, replica, way, store })
    }

    /// Kills the primary and promotes the replica. Everything fails in between.
    async fn fail_over(&mut self) {
        self.primary.kill();
        assert_eq!(succeed(&self.store).await, NONE);
        run(&self.replica, "SELECT pg_promote()").await;
        self.way.lead_to(&self.replica.url());
    }
}

async fn run(server: &OwnServer, sql: &'static str) {
    // A pool tries again while the server is starting.
    let pool = PgPool::connect(&server.url()).await.unwrap();
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn wait_for(server: &OwnServer, what: &str) {
    let pool = PgPool::connect(&server.url()).await.unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while !sqlx::query_scalar::<_, bool>(AssertSqlSafe(format!("SELECT {what}"))).fetch_one(&pool).await.unwrap() {
        assert!(Instant::now() < end, "it does not hold: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    pool.close().await;
}

fn token(number: u8) -> FirstCredential {
    FirstCredential::RefreshToken { hash: hash(number) }
}

/// The primary answers a commit once the replica has it. So everything that was reported is there, whenever the primary
/// ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_to_a_synchronous_replica_loses_nothing() {
    let Some(mut pair) = Pair::start().await else { return };
    run(&pair.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'").await;
    run(&pair.primary, "SELECT pg_reload_conf()").await;
    wait_for(&pair.primary, "EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync')").await;
    let store = pair.store.clone();
    begin(&store).await;

    // Each step is one of the client, and the last reported one counts.
    let working = tokio::spawn(async move {
        let mut reported = 0_u8;
        for number in 1..=120_u8 {
            let id = format!("session {number}");
            if !matches!(present(number, number + 1, 1_500).try_to(&store).await, Ok(Rotated::Won(_)))
                || SessionStore::begin(&store, session(&id), token(number + 122)).await.is_err()
                || store.end(&id, "user", ending(1_500, EndReason::SignedOut)).await.is_err()
            {
                break;
            }
            reported = number;
        }
        reported
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    pair.fail_over().await;
    let reported = working.await.unwrap();
    assert!(reported > 0);
    recovers(&pair.store).await;

    for number in 1..=reported {
        assert!(found_token(&pair.store, number).await.unwrap().is_used, "token {number} is valid again");
        let session = pair.store.find_session(&format!("session {number}")).await.unwrap();
        assert!(session.expect("a session is lost").ended.is_some(), "session {number} is alive again");
    }
    let revoked = pair.store.revocations(0).await.unwrap().len();
    assert!(revoked >= usize::from(reported), "{revoked} of {reported} revocations");
    let again = present(reported, 251, 1_510).to(&pair.store).await;
    assert!(matches!(again, Rotated::Again { .. }), "a second successor: {again:?}");
}

/// What the guide says of asynchronous replication: the last commits can be undone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failover_to_an_asynchronous_replica_can_undo_the_last_commits() {
    let Some(mut pair) = Pair::start().await else { return };
    begin(&pair.store).await;
    wait_for(&pair.primary, "EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())").await;
    // After this, the replica lags behind.
    run(&pair.replica, "ALTER SYSTEM SET primary_conninfo = ''").await;
    run(&pair.replica, "SELECT pg_reload_conf()").await;
    wait_for(&pair.replica, "NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)").await;
    assert!(matches!(present(1, 2, 1_500).to(&pair.store).await, Rotated::Won(_)));
    assert!(pair.store.end("bystander", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    assert_eq!(pair.store.revocations(0).await.unwrap().len(), 1);

    pair.fail_over().await;
    recovers(&pair.store).await;
    assert!(found_token(&pair.store, 2).await.is_none(), "the successor is gone");
    let bystander = pair.store.find_session("bystander").await.unwrap().unwrap();
    assert!(bystander.ended.is_none(), "the session is alive again");
}

/// The address leads to a replica for a while, as a name or a load balancer can after a failover. A replica that lags
/// behind shows sessions that have ended, and would let them in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_behind_the_address_answers_nothing() {
    let Some(pair) = Pair::start().await else { return };
    begin(&pair.store).await;
    wait_for(&pair.primary, "EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())").await;
    run(&pair.replica, "SELECT pg_wal_replay_pause()").await;
    assert!(pair.store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    pair.way.lead_to(&pair.replica.url());
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-runtime'";
    run(&pair.primary, end).await;
    assert_eq!(succeed(&pair.store).await, NONE);
    pair.way.lead_to(&pair.primary.url());
    recovers(&pair.store).await;
    assert!(pair.store.find_session("s").await.unwrap().unwrap().ended.is_some());
}

/// The old primary is cut off from its clients' new connections, and lives. The connection that listens there is
/// healthy, and hears nothing any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_was_left_at_the_old_primary_moves() {
    let Some(mut pair) = Pair::start().await else { return };
    begin(&pair.store).await;
    let options = connect_options("the URL", &pair.way.instead(&pair.primary.url())).unwrap();
    let direct = ListenedTo { options, is_named: false };
    let (pool, entropy, proved_for) =
        (pair.store.pool.clone(), Arc::new(SystemEntropy::new()), Duration::from_millis(500));
    pair.store.listener = Arc::new(Listener::with_proofs_every(direct, pool, entropy, TIMEOUT, proved_for));
    let signal = pair.store.revocation_signal().unwrap();
    let end = Instant::now() + Duration::from_secs(10);
    while signal.times() == 0 {
        assert!(Instant::now() < end, "it does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    wait_for(&pair.primary, "EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())").await;
    run(&pair.replica, "SELECT pg_promote()").await;
    pair.way.lead_to(&pair.replica.url());
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auth-runtime'";
    run(&pair.primary, end).await;
    recovers(&pair.store).await;
    // Another program of the old primary notifies without a pause.
    let flood = {
        let old = PgPool::connect(&pair.primary.url()).await.unwrap();
        tokio::spawn(async move {
            while sqlx::query("SELECT pg_notify('auth_revocations', '')").execute(&old).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    };
    let listens = "EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'auth-runtime-listener')";
    wait_for(&pair.replica, listens).await;
    // Once it listens there, it hears.
    let before = signal.times();
    let end = Instant::now() + Duration::from_secs(5);
    while signal.times() == before {
        assert!(Instant::now() < end, "it hears nothing");
        pair.store.revoke_token("jti", UnixTime::from_seconds(9_999)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    flood.abort();
}

/// A primary that comes back as a replica answers reads, and they may be old: a session that has ended would be found.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_now_a_replica_is_not_read() {
    let Some(pair) = Pair::start().await else { return };
    begin(&pair.store).await;
    recovers(&pair.store).await;
    wait_for(&pair.primary, "EXISTS (SELECT 1 FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn())").await;
    pair.way.lead_to(&pair.replica.url());
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'auth-runtime%'";
    run(&pair.primary, end).await;
    assert_eq!(succeed(&pair.store).await, NONE);
    run(&pair.replica, "SELECT pg_promote()").await;
    recovers(&pair.store).await;
}
