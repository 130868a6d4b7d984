use sqlx::PgTransaction;

use super::{PostgresStore, conflict::repeated, revocations::revoke_sessions, text::is_in_no_row};
use crate::store::Ending;

impl PostgresStore {
    pub(super) async fn end_session(&self, id: &str, user_id: &str, ending: Ending) -> Result<bool, sqlx::Error> {
        if is_in_no_row(id) || is_in_no_row(user_id) {
            return Ok(false);
        }
        repeated!({
            let mut transaction = self.begin().await?;
            let has_ended = end_in(&mut transaction, id, user_id, ending).await?;
            transaction.commit().await?;
            Ok(has_ended)
        })
    }

    pub(super) async fn end_sessions(
        &self,
        user_id: &str,
        except: Option<&str>,
        ending: Ending,
    ) -> Result<Vec<String>, sqlx::Error> {
        // Locked in one order, so that two requests of this kind never wait for each other.
        const LOCK: &str = "SELECT id FROM auth_sessions
            WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2 ORDER BY id FOR UPDATE";
        const END: &str = "UPDATE auth_sessions SET ended_at = $1, ended_why = $2 WHERE id = ANY($3)";
        if is_in_no_row(user_id) {
            return Ok(Vec::new());
        }
        repeated!({
            let mut transaction = self.begin().await?;
            let lock = sqlx::query_scalar::<_, String>(LOCK).bind(user_id).bind(except);
            let ids = lock.fetch_all(&mut *transaction).await?;
            let end = sqlx::query(END).bind(ending.now.as_seconds()).bind(ending.reason.name()).bind(&ids);
            end.execute(&mut *transaction).await?;
            revoke_sessions(&mut transaction, &ids, ending.remember_until).await?;
            transaction.commit().await?;
            Ok(ids)
        })
    }

    /// Removes the user's sessions. Their refresh tokens go with them.
    pub(super) async fn remove_sessions(&self, user_id: &str, ending: Ending) -> Result<Vec<String>, sqlx::Error> {
        const LOCK: &str =
            "SELECT id FROM auth_sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE";
        const REMOVE_UNENDED: &str = "DELETE FROM auth_sessions WHERE id = ANY($1)";
        const REMOVE_ENDED: &str = "DELETE FROM auth_sessions WHERE user_id = $1 AND ended_at IS NOT NULL";
        if is_in_no_row(user_id) {
            return Ok(Vec::new());
        }
        repeated!({
            let mut transaction = self.begin().await?;
            let lock = sqlx::query_scalar::<_, String>(LOCK).bind(user_id);
            let ids = lock.fetch_all(&mut *transaction).await?;
            sqlx::query(REMOVE_UNENDED).bind(&ids).execute(&mut *transaction).await?;
            sqlx::query(REMOVE_ENDED).bind(user_id).execute(&mut *transaction).await?;
            revoke_sessions(&mut transaction, &ids, ending.remember_until).await?;
            transaction.commit().await?;
            Ok(ids)
        })
    }
}

/// Ends a session and revokes its access tokens, both or neither. Returns `false` when the session had ended before.
pub(super) async fn end_in(
    transaction: &mut PgTransaction<'_>,
    id: &str,
    user_id: &str,
    ending: Ending,
) -> Result<bool, sqlx::Error> {
    const END: &str = "UPDATE auth_sessions SET ended_at = $1, ended_why = $2
        WHERE id = $3 AND user_id = $4 AND ended_at IS NULL";
    let end = sqlx::query(END).bind(ending.now.as_seconds()).bind(ending.reason.name()).bind(id).bind(user_id);
    let has_ended = end.execute(&mut **transaction).await?.rows_affected() == 1;
    if has_ended {
        revoke_sessions(transaction, &[id.to_owned()], ending.remember_until).await?;
    }
    Ok(has_ended)
}
