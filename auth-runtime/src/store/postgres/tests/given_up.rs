//! Calls that were dropped, because a client hung up or a time was over.

use core::{future::poll_fn, task::Poll, time::Duration};
use std::{sync::Arc, time::Instant};

use sqlx::{Connection as _, PgConnection};
use tokio::time::sleep;

use super::{
    faults,
    own::OwnServer,
    servers::{schema, server},
};
use crate::{
    clock::manual::ManualClock,
    secret::SystemEntropy,
    store::{AccountStore, PostgresStore, SessionStore, suite::samples::begin},
};

/// The application shares the pool. Its writes in the transaction of another call would be lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_given_up_anywhere_leaves_no_open_transaction() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let builder = PostgresStore::builder(&url).max_connections(1);
    let store = builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    let mut other = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("CREATE TABLE notes (number INT NOT NULL)").execute(&mut other).await.unwrap();
    for steps in 1..=12 {
        let mut call = store.set_active("none", true);
        for _ in 0..steps {
            if poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await.is_ready() {
                break;
            }
            // The server answers, and the next step is ready.
            sleep(Duration::from_millis(10)).await;
        }
        drop(call);
        sqlx::query("INSERT INTO notes VALUES ($1)").bind(steps).execute(store.pool()).await.unwrap();
        let written =
            sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT 1 FROM notes WHERE number = $1)").bind(steps);
        assert!(written.fetch_one(&mut other).await.unwrap(), "given up after {steps} steps");
    }
    let process = async || {
        let process = sqlx::query_scalar::<_, i32>("SELECT pg_backend_pid()");
        process.fetch_one(store.pool()).await.unwrap()
    };
    assert_eq!(process().await, process().await, "a connection without a transaction stays");
}

/// A server that waits for a lock does not notice that the client is gone. Each dropped call would use up one of its
/// connections, which other programs need.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_that_are_given_up_do_not_use_up_the_servers_connections() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = faults::open(&server.url(), 4).await;
    begin(&store).await;
    let mut other = PgConnection::connect(&server.url()).await.unwrap();
    let mut holding = other.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE auth_sessions IN ACCESS EXCLUSIVE MODE").execute(&mut *holding).await.unwrap();
    for _ in 0..3 {
        let calls = [(); 4].map(|()| {
            let store = store.clone();
            tokio::spawn(async move { store.find_session("s").await.is_err() })
        });
        for call in calls {
            assert!(call.await.unwrap());
        }
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let end = Instant::now() + Duration::from_secs(5);
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *holding).await.unwrap() > 0 {
        assert!(Instant::now() < end, "calls that were given up wait on the server");
        sleep(Duration::from_millis(50)).await;
    }
    holding.rollback().await.unwrap();
    faults::recovers(&store).await;
}
