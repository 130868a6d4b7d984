use sqlx::{
    Sqlite, SqliteTransaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use tokio::{sync::MutexGuard, time::timeout};

use super::SqliteStore;

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// A transaction that may write, alone in this process.
pub(super) struct Writing<'a> {
    // Dropped before the turn is, so that the rollback of what was not committed is on its way to the connection's thread
    // when the next turn begins. That writer waits for it as for one of another process: SQLite looks again after a pause.
    pub(super) transaction: SqliteTransaction<'static>,
    _turn: MutexGuard<'a, ()>,
}

impl SqliteStore {
    /// Write by one statement, which is a transaction of its own: how many rows it changed.
    pub(super) async fn write(&self, statement: Statement<'_>) -> Result<u64, sqlx::Error> {
        let _turn = self.turn().await?;
        Ok(statement.execute(&self.pool).await?.rows_affected())
    }

    /// The same, and what the statement returns. It is read to its end: a row that arrives before the commit proves
    /// nothing.
    pub(super) async fn write_returning(&self, statement: Statement<'_>) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let _turn = self.turn().await?;
        statement.fetch_all(&self.pool).await
    }

    /// Wait for this process's turn to write, and take the write lock before anything is looked at: were a read ever to
    /// come first, the lock could not be waited for any more, and what was read might not be true when it is acted upon.
    pub(super) async fn begin_writing(&self) -> Result<Writing<'_>, sqlx::Error> {
        let turn = self.turn().await?;
        Ok(Writing { transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?, _turn: turn })
    }

    /// SQLite lets one connection write at a time, and has the others look again after growing pauses. Waiting in turn
    /// is quicker and fair, and leaves the other connections to those who only read.
    async fn turn(&self) -> Result<MutexGuard<'_, ()>, sqlx::Error> {
        timeout(self.patience, self.turn.lock()).await.map_err(|_| sqlx::Error::PoolTimedOut)
    }
}

impl Writing<'_> {
    /// Until this returns, nothing has happened.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}
