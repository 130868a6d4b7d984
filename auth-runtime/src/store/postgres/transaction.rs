//! Transactions with time-outs.

use core::{future::poll_fn, pin::pin, task::Poll};

use sqlx::{
    Execute as _, PgTransaction, Postgres,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use tokio::time::timeout;

use super::{
    PostgresStore,
    availability::StoreFailure,
    conflict::repeated,
    error::{failed, silent},
    presence::LATE,
};
use crate::{error::StoreError, store::BoxFuture};

type Statement<'q> = Query<'q, Postgres, PgArguments>;

impl PostgresStore {
    /// Gives up after a while, and as soon as it is known that there is no server. The server's own time-outs do not
    /// help when the server or the network stands still.
    pub(super) fn within<'a, T, E>(
        &self,
        work: impl Future<Output = Result<T, E>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, E>>
    where
        E: From<StoreError> + StoreFailure,
    {
        let (patience, presence, interruptions) = (self.patience, self.presence.clone(), self.interruptions.clone());
        let availability = self.availability.clone();
        Box::pin(async move {
            let mut work = pin!(timeout(patience, work));
            // Dropped before the work. Its connection then goes back to the pool.
            let call = interruptions.begin();
            // No call that asks the server is ready at once, so this one tells nothing about the server.
            if let Poll::Ready(Ok(outcome)) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
                call.end();
                return outcome;
            }
            let outcome = loop {
                match timeout(LATE, &mut work).await {
                    Ok(Ok(outcome)) => {
                        call.end();
                        break outcome;
                    }
                    Ok(Err(_)) => break Err(silent().into()),
                    Err(_) => {
                        if let Some(refusal) = presence.refusal() {
                            break Err(failed(sqlx::Error::Io(refusal)).into());
                        }
                    }
                }
            };
            availability.learn(&outcome);
            outcome
        })
    }

    /// Begins a transaction. The server ends a statement that waits too long for a lock or runs too long.
    ///
    /// The time-outs are set in the transaction: a pooler in transaction mode gives the next transaction another
    /// connection. They travel with the first statement and cost no round trip.
    pub(super) async fn begin(&self) -> Result<PgTransaction<'static>, sqlx::Error> {
        self.pool.begin_with(self.begin_statement.clone()).await
    }

    /// Runs one writing statement in a transaction of its own, and again after a conflict. Returns how many rows it
    /// changed.
    pub(super) async fn write(&self, mut statement: Statement<'_>) -> Result<u64, sqlx::Error> {
        let arguments = statement.take_arguments().map_err(sqlx::Error::Encode)?.unwrap_or_default();
        let sql = statement.sql();
        repeated!({
            let mut transaction = self.begin().await?;
            let statement = sqlx::query_with(sql.clone(), arguments.clone());
            let changed = statement.execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            Ok(changed)
        })
    }

    /// Runs one writing statement that changes at most one row, and returns that row. The row counts only once the
    /// transaction is committed. A single row causes no conflict.
    pub(super) async fn write_returning(&self, statement: Statement<'_>) -> Result<Option<PgRow>, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let row = statement.fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(row)
    }
}

/// Commits a transaction that made its change, and rolls back another one. One that is merely dropped keeps its locks
/// for a moment after the call has returned.
pub(super) async fn end(transaction: PgTransaction<'_>, has_changed: bool) -> Result<(), sqlx::Error> {
    if has_changed {
        return transaction.commit().await;
    }
    // The refusal is decided. A rollback that fails ends the connection, and so the transaction.
    let _ = transaction.rollback().await;
    Ok(())
}
