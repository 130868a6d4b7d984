use core::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sqlx::PgPool;
use tokio::time::timeout;

use crate::clock::Monotonic;

/// Removes counters whose bucket is full again: once a minute in each process that counts.
pub(super) struct Cleaning {
    /// The time from which it is due, in nanoseconds of this process's clock.
    due: AtomicU64,
}

const PAUSE: Duration = Duration::from_secs(60);

/// The largest number of rows of one statement, so that each statement is short.
const BATCH: i64 = 10_000;

/// The time after which a batch is given up: the server, or the way to it, may stand still.
const LONGEST: Duration = Duration::from_secs(10);

/// A row that a request changes in this moment is left for the next time.
const REMOVE: &str = "DELETE FROM auth_limits WHERE key IN
    (SELECT key FROM auth_limits WHERE full_at < extract(epoch FROM clock_timestamp()) * 1000000000
    LIMIT $1 FOR UPDATE SKIP LOCKED)";

impl Cleaning {
    pub(super) const fn new() -> Self {
        Self { due: AtomicU64::new(0) }
    }

    /// Begins to clean if a minute has passed. The request that finds it due does not wait for it.
    pub(super) fn begin_if_due(&self, pool: &PgPool, now: Monotonic) {
        let due = self.due.load(Ordering::Relaxed);
        let next = now.as_nanos().saturating_add(PAUSE.as_nanos() as u64);
        if now.as_nanos() < due || self.due.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let pool = pool.clone();
        // A failure needs no event of its own: the requests that count meet the same server. The next minute tries
        // again.
        tokio::spawn(async move { while clean(&pool).await.is_ok_and(|removed| removed >= BATCH as u64) {} });
    }
}

#[cfg(test)]
impl Cleaning {
    pub(super) fn due(&self) -> u64 {
        self.due.load(Ordering::Relaxed)
    }
}

/// Removes a batch, and returns how many rows it removed.
pub(super) async fn clean(pool: &PgPool) -> Result<u64, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    match timeout(LONGEST, sqlx::query(REMOVE).bind(BATCH).execute(&mut *connection)).await {
        Ok(removed) => Ok(removed?.rows_affected()),
        Err(_) => {
            // The answer may never come. The connection is closed here, so that its place in the pool is free.
            drop(connection.detach());
            Err(sqlx::Error::PoolTimedOut)
        }
    }
}
