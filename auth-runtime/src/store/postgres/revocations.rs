use sqlx::{PgTransaction, Row, postgres::PgRow};

use super::{
    PostgresStore,
    conflict::repeated,
    listener::{CHANNEL, TARGET},
    session_row::number,
};
use crate::{
    clock::UnixTime,
    store::{Reissued, Revocation, RevokedTarget},
};

impl PostgresStore {
    pub(super) async fn revocations_after(&self, position: u64) -> Result<Vec<Revocation>, sqlx::Error> {
        const AFTER: &str = "SELECT position, mark, target_kind, target, before_generation, remember_until
            FROM auth_revocations WHERE position > $1 ORDER BY position";
        // The column holds no larger position than `i64::MAX`.
        let after = sqlx::query(AFTER).bind(i64::try_from(position).unwrap_or(i64::MAX));
        after.fetch_all(&self.pool).await?.iter().map(revocation).collect()
    }

    pub(super) async fn begin_generation(
        &self,
        user_id: &str,
        remember_until: UnixTime,
    ) -> Result<Vec<Reissued>, sqlx::Error> {
        const LOCK: &str =
            "SELECT id FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE";
        const BEGIN: &str =
            "UPDATE auth_sessions SET generation = generation + 1 WHERE id = ANY($1) RETURNING id, generation";
        repeated!({
            let mut transaction = self.begin().await?;
            let lock = sqlx::query_scalar::<_, String>(LOCK).bind(user_id);
            let ids = lock.fetch_all(&mut *transaction).await?;
            let begun = sqlx::query(BEGIN).bind(&ids).fetch_all(&mut *transaction).await?;
            let begun = begun.iter().map(reissued).collect::<Result<Vec<_>, _>>()?;
            let (ids, generations) =
                begun.iter().map(|one| (&*one.session_id, Some(i64::from(one.generation)))).unzip();
            revoke(&mut transaction, RevokedTarget::SESSION, ids, generations, remember_until).await?;
            transaction.commit().await?;
            Ok(begun)
        })
    }

    pub(super) async fn add_token_revocation(&self, id: &str, remember_until: UnixTime) -> Result<(), sqlx::Error> {
        repeated!({
            let mut transaction = self.begin().await?;
            revoke(&mut transaction, RevokedTarget::TOKEN, vec![id], vec![None], remember_until).await?;
            transaction.commit().await
        })
    }
}

/// Revokes the access tokens of sessions that the transaction has ended. This is the last step of the transaction: it
/// locks the counter of positions.
pub(super) async fn revoke_sessions(
    transaction: &mut PgTransaction<'_>,
    ids: &[String],
    remember_until: UnixTime,
) -> Result<(), sqlx::Error> {
    let ids: Vec<&str> = ids.iter().map(|id| &**id).collect();
    let generations = vec![None; ids.len()];
    revoke(transaction, RevokedTarget::SESSION, ids, generations, remember_until).await
}

/// Gives the revocations the next positions. Other transactions that revoke wait until this one ends, so a reader that
/// sees a position has seen all lower ones.
///
/// The commit notifies the processes that listen. A transaction that revokes nothing sends no notification: commits
/// with notifications wait for each other. Nor does a transaction that finds the server's queue of notifications half
/// full, for example because another program listens in a transaction that never ends. A full queue fails the commit,
/// and a revocation must not fail for a push: the processes ask without one, too.
async fn revoke(
    transaction: &mut PgTransaction<'_>,
    kind: &'static str,
    targets: Vec<&str>,
    generations: Vec<Option<i64>>,
    remember_until: UnixTime,
) -> Result<(), sqlx::Error> {
    const ADVANCE: &str = "UPDATE auth_revocation_position SET position = position + $1 RETURNING position - $1";
    const ADD: &str = "WITH added AS (
            INSERT INTO auth_revocations (position, target_kind, target, before_generation, remember_until)
            SELECT $1 + place, $2, target, generation, $3
            FROM unnest($4::text[], $5::bigint[]) WITH ORDINALITY AS added (target, generation, place)
        )
        SELECT pg_notify($6, ''::text) WHERE pg_notification_queue_usage() < 0.5::double precision";
    if targets.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(targets.len()).unwrap_or(i64::MAX);
    let last: i64 = sqlx::query_scalar(ADVANCE).bind(count).fetch_one(&mut **transaction).await?;
    let add = sqlx::query(ADD).bind(last).bind(kind).bind(remember_until.as_seconds()).bind(targets).bind(generations);
    let add = add.bind(CHANNEL);
    if add.execute(&mut **transaction).await?.rows_affected() == 0 {
        tracing::warn!(target: TARGET, store = "postgres", "the queue of notifications is half full: a revocation is not pushed");
    }
    Ok(())
}

fn reissued(row: &PgRow) -> Result<Reissued, sqlx::Error> {
    Ok(Reissued { session_id: row.try_get("id")?, generation: number(row, "generation")? })
}

fn revocation(row: &PgRow) -> Result<Revocation, sqlx::Error> {
    let generation = row.try_get::<Option<i64>, _>("before_generation")?;
    Ok(Revocation {
        position: u64::try_from(row.try_get::<i64, _>("position")?).map_err(undecodable)?,
        mark: row.try_get::<&[u8], _>("mark")?.try_into().map_err(undecodable)?,
        target: RevokedTarget::of(row.try_get("target_kind")?, row.try_get("target")?).map_err(undecodable)?,
        before_generation: generation.map(u32::try_from).transpose().map_err(undecodable)?,
        remember_until: UnixTime::from_seconds(row.try_get("remember_until")?),
    })
}

fn undecodable(error: impl core::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
