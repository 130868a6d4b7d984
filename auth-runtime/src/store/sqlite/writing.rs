use sqlx::SqliteTransaction;
use tokio::{sync::MutexGuard, time::timeout};

use super::SqliteStore;

/// A transaction that may write, alone in this process.
pub(super) struct Writing<'a> {
    // Dropped before the turn is: whoever is next finds the database free.
    pub(super) transaction: SqliteTransaction<'static>,
    _turn: MutexGuard<'a, ()>,
}

impl SqliteStore {
    /// Wait for this process's turn to write, and take the write lock before anything is looked at: were a read ever to
    /// come first, the lock could not be waited for any more, and what was read might not be true when it is acted upon.
    ///
    /// SQLite lets one connection write at a time, and has the others look again after growing pauses. Waiting in turn
    /// is quicker and fair, and leaves the other connections to those who only read.
    pub(super) async fn begin_writing(&self) -> Result<Writing<'_>, sqlx::Error> {
        let turn = timeout(self.patience, self.turn.lock()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        Ok(Writing { transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?, _turn: turn })
    }
}

impl Writing<'_> {
    /// Until this returns, nothing has happened.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}
