use super::SqliteStore;
use crate::clock::UnixTime;

/// The statements that remove rows. Each takes the time and the largest number of rows. A session is removed after
/// its refresh tokens: with many of them, all writers would wait while one statement removes them. The newest
/// revocation stays: processes recognise by it what they have read.
const REMOVALS: [&str; 5] = [
    "UPDATE auth_session_tokens SET sealed = NULL, sealed_until = NULL WHERE token_hash IN
        (SELECT token_hash FROM auth_session_tokens WHERE sealed_until <= ? ORDER BY sealed_until LIMIT ?)",
    "DELETE FROM auth_session_tokens WHERE token_hash IN
        (SELECT token_hash FROM auth_session_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
    "DELETE FROM auth_session_tokens WHERE token_hash IN
        (SELECT token_hash FROM auth_sessions JOIN auth_session_tokens ON session_id = id
        WHERE min(idle_expires_at, absolute_expires_at) <= ? LIMIT ?)",
    "DELETE FROM auth_sessions WHERE id IN
        (SELECT id FROM auth_sessions WHERE min(idle_expires_at, absolute_expires_at) <= ?
            AND NOT EXISTS (SELECT 1 FROM auth_session_tokens WHERE session_id = id)
        ORDER BY min(idle_expires_at, absolute_expires_at) LIMIT ?)",
    "DELETE FROM auth_revocations WHERE position IN
        (SELECT position FROM auth_revocations
        WHERE remember_until <= ? AND position < (SELECT max(position) FROM auth_revocations)
        ORDER BY remember_until LIMIT ?)",
];

impl SqliteStore {
    pub(super) async fn remove_rows(&self, now: UnixTime, limit: u32) -> Result<u64, sqlx::Error> {
        let mut writing = self.begin_writing().await?;
        let mut removed: u64 = 0;
        for removal in REMOVALS {
            let removal = sqlx::query(removal).bind(now.as_seconds()).bind(limit);
            removed = removed.saturating_add(removal.execute(&mut *writing.transaction).await?.rows_affected());
        }
        writing.commit().await?;
        Ok(removed)
    }
}
