use core::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sqlx::PgPool;
use tokio::time::timeout;

use crate::clock::Monotonic;

/// Removes counters with a full bucket: once a minute in each process that counts.
pub(super) struct Cleaning {
    /// The time from which it is due, in nanoseconds of this process's clock.
    due: AtomicU64,
}

const PAUSE: Duration = Duration::from_secs(60);

/// The largest number of rows that one statement looks at, so that each statement is short.
const BATCH: i64 = 10_000;

/// The time after which a batch is given up: the server, or the way to it, may stand still.
const LONGEST: Duration = Duration::from_secs(10);

/// Looks at the next rows in the order of their keys, and removes those with a full bucket. Returns the last key, so
/// that a run reads each row once. A row that a request changes in this moment is left for the next time.
///
/// The types are exact: an operator of another role that fits better would be called instead.
///
/// An index by time would serve this better. But each charge would then have to change it.
const REMOVE: &str = "WITH part AS MATERIALIZED
        (SELECT key, full_at FROM auth_limits WHERE key > $1 ORDER BY key LIMIT $2),
    removed AS (DELETE FROM auth_limits WHERE key IN
        (SELECT key FROM auth_limits
        WHERE key = ANY(ARRAY(SELECT key FROM part
                WHERE full_at < extract(epoch FROM clock_timestamp())::numeric * 1000000000::numeric))
            AND full_at < extract(epoch FROM clock_timestamp())::numeric * 1000000000::numeric
        FOR UPDATE SKIP LOCKED))
    SELECT key FROM part ORDER BY key DESC LIMIT 1";

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
        tokio::spawn(async move {
            let mut after = Vec::new();
            while let Ok(Some(last)) = clean(&pool, &after, BATCH).await {
                after = last;
            }
        });
    }
}

#[cfg(test)]
impl Cleaning {
    pub(super) fn due(&self) -> u64 {
        self.due.load(Ordering::Relaxed)
    }
}

/// Cleans the rows after this key, at most `limit` of them. Returns the last key, or `None` after the last row.
pub(super) async fn clean(pool: &PgPool, after: &[u8], limit: i64) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let remove = sqlx::query_scalar(REMOVE).bind(after).bind(limit).fetch_optional(&mut *connection);
    match timeout(LONGEST, remove).await {
        Ok(last) => last,
        Err(_) => {
            // The answer may never come. The connection is closed here, so that its place in the pool is free.
            drop(connection.detach());
            Err(sqlx::Error::PoolTimedOut)
        }
    }
}
