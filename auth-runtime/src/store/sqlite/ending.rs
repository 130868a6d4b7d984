use sqlx::{Row, SqliteTransaction};

use super::{SqliteStore, revocations::add_session_revocation};
use crate::store::Ending;

impl SqliteStore {
    pub(super) async fn end_session(&self, id: &str, user_id: &str, ending: Ending) -> Result<bool, sqlx::Error> {
        let mut writing = self.begin_writing().await?;
        let has_ended = end_in(&mut writing.transaction, id, user_id, ending).await?;
        writing.commit().await?;
        Ok(has_ended)
    }

    pub(super) async fn end_sessions(
        &self,
        user_id: &str,
        except: Option<&str>,
        ending: Ending,
    ) -> Result<Vec<String>, sqlx::Error> {
        const END: &str = "UPDATE auth_sessions SET ended_at = ?, ended_why = ?
            WHERE user_id = ? AND ended_at IS NULL AND id IS NOT ? RETURNING id";
        let mut writing = self.begin_writing().await?;
        let end = sqlx::query(END).bind(ending.now.as_seconds()).bind(ending.reason.name()).bind(user_id).bind(except);
        let rows = end.fetch_all(&mut *writing.transaction).await?;
        let ids = rows.iter().map(|row| row.try_get("id")).collect::<Result<Vec<String>, _>>()?;
        for id in &ids {
            add_session_revocation(&mut writing.transaction, id, ending.remember_until).await?;
        }
        writing.commit().await?;
        Ok(ids)
    }

    /// Removes the user's sessions. Their refresh tokens go with them.
    pub(super) async fn remove_sessions(&self, user_id: &str, ending: Ending) -> Result<Vec<String>, sqlx::Error> {
        const REMOVE_UNENDED: &str = "DELETE FROM auth_sessions WHERE user_id = ? AND ended_at IS NULL RETURNING id";
        const REMOVE_ENDED: &str = "DELETE FROM auth_sessions WHERE user_id = ? AND ended_at IS NOT NULL";
        let mut writing = self.begin_writing().await?;
        let unended = sqlx::query_scalar(REMOVE_UNENDED).bind(user_id);
        let ids: Vec<String> = unended.fetch_all(&mut *writing.transaction).await?;
        sqlx::query(REMOVE_ENDED).bind(user_id).execute(&mut *writing.transaction).await?;
        for id in &ids {
            add_session_revocation(&mut writing.transaction, id, ending.remember_until).await?;
        }
        writing.commit().await?;
        Ok(ids)
    }
}

/// Ends a session and revokes its access tokens, both or neither. Returns `false` when the session had ended before.
pub(super) async fn end_in(
    transaction: &mut SqliteTransaction<'_>,
    id: &str,
    user_id: &str,
    ending: Ending,
) -> Result<bool, sqlx::Error> {
    const END: &str = "UPDATE auth_sessions SET ended_at = ?, ended_why = ?
        WHERE id = ? AND user_id = ? AND ended_at IS NULL";
    let end = sqlx::query(END).bind(ending.now.as_seconds()).bind(ending.reason.name()).bind(id).bind(user_id);
    let has_ended = end.execute(&mut **transaction).await?.rows_affected() == 1;
    if has_ended {
        add_session_revocation(transaction, id, ending.remember_until).await?;
    }
    Ok(has_ended)
}
