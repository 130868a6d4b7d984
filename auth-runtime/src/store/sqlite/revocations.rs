use sqlx::{Row, SqliteTransaction, sqlite::SqliteRow};

use super::SqliteStore;
use crate::{
    clock::UnixTime,
    store::{Reissued, Revocation, RevokedTarget},
};

impl SqliteStore {
    pub(super) async fn revocations_after(&self, position: u64) -> Result<Vec<Revocation>, sqlx::Error> {
        const AFTER: &str = "SELECT position, mark, target_kind, target, before_generation, remember_until
            FROM auth_revocations WHERE position > ? ORDER BY position";
        // The column holds no larger position than `i64::MAX`.
        let after = sqlx::query(AFTER).bind(i64::try_from(position).unwrap_or(i64::MAX));
        after.fetch_all(&self.pool).await?.iter().map(revocation).collect()
    }

    pub(super) async fn begin_generation(
        &self,
        user_id: &str,
        remember_until: UnixTime,
    ) -> Result<Vec<Reissued>, sqlx::Error> {
        const BEGIN: &str =
            "UPDATE auth_sessions SET generation = generation + 1 WHERE user_id = ? AND ended_at IS NULL";
        const ADD: &str = "INSERT INTO auth_revocations (target_kind, target, before_generation, remember_until)
            SELECT ?, id, generation, ? FROM auth_sessions WHERE user_id = ? AND ended_at IS NULL
            RETURNING target, before_generation";
        let mut writing = self.begin_writing().await?;
        sqlx::query(BEGIN).bind(user_id).execute(&mut *writing.transaction).await?;
        let add = sqlx::query(ADD).bind(RevokedTarget::SESSION).bind(remember_until.as_seconds()).bind(user_id);
        let added = add.fetch_all(&mut *writing.transaction).await?;
        writing.commit().await?;
        added.iter().map(reissued).collect()
    }

    pub(super) async fn add_token_revocation(&self, id: &str, remember_until: UnixTime) -> Result<(), sqlx::Error> {
        self.write(sqlx::query(ADD).bind(RevokedTarget::TOKEN).bind(id).bind(remember_until.as_seconds())).await?;
        Ok(())
    }
}

const ADD: &str = "INSERT INTO auth_revocations (target_kind, target, remember_until) VALUES (?, ?, ?)";

pub(super) async fn add_session_revocation(
    transaction: &mut SqliteTransaction<'_>,
    id: &str,
    remember_until: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::query(ADD)
        .bind(RevokedTarget::SESSION)
        .bind(id)
        .bind(remember_until.as_seconds())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

fn reissued(row: &SqliteRow) -> Result<Reissued, sqlx::Error> {
    Ok(Reissued { session_id: row.try_get("target")?, generation: row.try_get("before_generation")? })
}

fn revocation(row: &SqliteRow) -> Result<Revocation, sqlx::Error> {
    Ok(Revocation {
        position: u64::try_from(row.try_get::<i64, _>("position")?).map_err(undecodable)?,
        mark: row.try_get::<&[u8], _>("mark")?.try_into().map_err(undecodable)?,
        target: RevokedTarget::of(row.try_get("target_kind")?, row.try_get("target")?).map_err(undecodable)?,
        before_generation: row.try_get("before_generation")?,
        remember_until: UnixTime::from_seconds(row.try_get("remember_until")?),
    })
}

fn undecodable(error: impl core::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
