use sqlx::{
    Sqlite, SqliteTransaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use tokio::{sync::MutexGuard, time::timeout};

use super::SqliteStore;

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// A transaction that may write. It is the only one in this process.
pub(super) struct Writing<'a> {
    // Dropped before the turn. The rollback of uncommitted changes is then on its way to the connection's thread when
    // the next turn begins. The next writer waits for it as for a writer of another process: SQLite retries after a
    // pause.
    pub(super) transaction: SqliteTransaction<'static>,
    _turn: MutexGuard<'a, ()>,
}

impl SqliteStore {
    /// Runs one writing statement, which is its own transaction. Returns how many rows it changed.
    pub(super) async fn write(&self, statement: Statement<'_>) -> Result<u64, sqlx::Error> {
        let _turn = self.turn().await?;
        Ok(statement.execute(&self.pool).await?.rows_affected())
    }

    /// Runs one writing statement and returns its rows. All rows are read: a row that arrives before the commit proves
    /// nothing.
    pub(super) async fn write_returning(&self, statement: Statement<'_>) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let _turn = self.turn().await?;
        statement.fetch_all(&self.pool).await
    }

    /// Waits for this process's turn to write, and takes the write lock before the first read. After a read, SQLite
    /// could no longer wait for the lock, and the store might act on outdated values.
    pub(super) async fn begin_writing(&self) -> Result<Writing<'_>, sqlx::Error> {
        let turn = self.turn().await?;
        Ok(Writing { transaction: self.pool.begin_with("BEGIN IMMEDIATE").await?, _turn: turn })
    }

    /// Waits until this task may write. SQLite lets one connection write at a time, and makes the others retry after
    /// growing pauses. Waiting in turn is faster and fair, and leaves the other connections free for readers.
    async fn turn(&self) -> Result<MutexGuard<'_, ()>, sqlx::Error> {
        timeout(self.patience, self.turn.lock()).await.map_err(|_| sqlx::Error::PoolTimedOut)
    }
}

impl Writing<'_> {
    /// Commits the transaction. Until this returns, the changes do not count.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}
