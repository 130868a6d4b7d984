//! The pools, and the demands on a connection when it is made and when it comes back.

use core::{error::Error, fmt, time::Duration};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{
    Connection as _, PgConnection, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::{Instant, timeout};

/// Returns the options that all pools share.
pub(super) fn options(max_connections: u32, wait: Duration) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(max_connections).acquire_timeout(wait)
}

/// Returns the pool of a store. It opens no connection before one is needed.
pub(super) fn pool(
    options: PgPoolOptions,
    server: PgConnectOptions,
    wait: Duration,
    interruptions: Interruptions,
) -> PgPool {
    let options = options.after_connect(move |connection, _| {
        Box::pin(async move {
            let ready = timeout(wait, prepare(connection)).await;
            ready.unwrap_or(Err(sqlx::Error::PoolTimedOut))
        })
    });
    let options = options.after_release(move |connection, _| {
        let was_interrupted = interruptions.are_recent();
        Box::pin(async move {
            let test = timeout(wait, is_reusable(connection, was_interrupted)).await;
            test.unwrap_or(Err(sqlx::Error::PoolTimedOut))
        })
    });
    options.connect_lazy_with(server)
}

/// Returns the pool for counters. It opens no connection before one is needed.
pub(super) fn pool_for_limits(store: &PgPool) -> PgPool {
    // A connection is not tested before it is used, which would double the round trips.
    let options = store.options().clone().min_connections(0).test_before_acquire(false);
    options.connect_lazy_with((*store.connect_options()).clone())
}

/// Refuses a replica. The address may lead to one, for example for a while after a failover. A replica that lags behind
/// shows sessions that have ended, and would let them in.
///
/// Also lets the server look once a second whether the client is still there. Without that, a server does not notice it
/// while a statement runs or waits for a lock. The statements of requests that gave up would use up its connections.
async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const LOOK: &str = "SELECT set_config('client_connection_check_interval', '1s', FALSE)
        WHERE current_setting('client_connection_check_interval', TRUE) = '0'";
    if is_true("SELECT pg_is_in_recovery()", connection).await? {
        return Err(sqlx::Error::Configuration(Box::new(Replica)));
    }
    match sqlx::raw_sql(LOOK).execute(connection).await {
        // Some systems cannot look, and PostgreSQL 13 does not know the setting.
        Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Returns whether the next call may use the connection. An error drops it.
///
/// The pool itself would wait for an answer. The connection would keep its place until the system gives it up, which
/// takes a quarter of an hour after packets are lost.
async fn is_reusable(connection: &mut PgConnection, was_interrupted: bool) -> Result<bool, sqlx::Error> {
    if !was_interrupted {
        return connection.ping().await.map(|()| true);
    }
    // The driver does not know of a transaction if its call was dropped while `BEGIN` was on its way.
    is_true("SELECT now() = statement_timestamp()", connection).await
}

/// Asks in one message. A statement that is prepared first takes two, which have two times, and which a pooler may send
/// to two connections.
async fn is_true(question: &'static str, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql(question).fetch_one(connection).await?.try_get(0)
}

/// Notes of calls that were dropped half-way, as when a client hangs up. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Interruptions(Arc<Mutex<Option<Instant>>>);

/// The time in which the connections of dropped calls come back to the pool: long enough for a busy machine.
const RECENT: Duration = Duration::from_secs(10);

impl Interruptions {
    /// Begins a call. It counts as dropped half-way unless it is ended.
    pub(super) fn begin(&self) -> Call<'_> {
        Call { interruptions: self, has_ended: false }
    }

    fn are_recent(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < RECENT)
    }
}

/// A call that runs.
pub(super) struct Call<'a> {
    interruptions: &'a Interruptions,
    has_ended: bool,
}

impl Call<'_> {
    pub(super) fn end(mut self) {
        self.has_ended = true;
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            *self.interruptions.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}

/// The error for a server that is not the primary.
#[derive(Debug)]
struct Replica;

impl fmt::Display for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server is a replica; its rows may be old")
    }
}

impl Error for Replica {}
