use super::PostgresStore;
use crate::clock::UnixTime;

/// The statements that remove rows. Each takes the time and the largest number of rows. A session is removed after
/// its refresh tokens: a client can make more of them than one statement could remove in its time. The newest
/// revocation stays: processes recognise by it what they have read. Rows that another transaction holds are left for
/// the next time.
const REMOVALS: [&str; 5] = [
    "UPDATE auth_session_tokens SET sealed = NULL, sealed_until = NULL WHERE token_hash IN
        (SELECT token_hash FROM auth_session_tokens WHERE sealed_until <= $1 ORDER BY sealed_until LIMIT $2 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM auth_session_tokens WHERE token_hash IN
        (SELECT token_hash FROM auth_session_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM auth_session_tokens WHERE token_hash IN
        (SELECT token_hash FROM auth_sessions JOIN auth_session_tokens ON session_id = id
        WHERE least(idle_expires_at, absolute_expires_at) <= $1 LIMIT $2 FOR UPDATE OF auth_session_tokens SKIP LOCKED)",
    "DELETE FROM auth_sessions WHERE id IN
        (SELECT id FROM auth_sessions WHERE least(idle_expires_at, absolute_expires_at) <= $1
            AND NOT EXISTS (SELECT 1 FROM auth_session_tokens WHERE session_id = id)
        ORDER BY least(idle_expires_at, absolute_expires_at) LIMIT $2 FOR UPDATE SKIP LOCKED)",
    "DELETE FROM auth_revocations WHERE position IN
        (SELECT position FROM auth_revocations
        WHERE remember_until <= $1 AND position < (SELECT max(position) FROM auth_revocations)
        ORDER BY remember_until LIMIT $2 FOR UPDATE SKIP LOCKED)",
];

impl PostgresStore {
    pub(super) async fn remove_rows(&self, now: UnixTime, limit: u32) -> Result<u64, sqlx::Error> {
        let mut removed: u64 = 0;
        for removal in REMOVALS {
            let removal = sqlx::query(removal).bind(now.as_seconds()).bind(i64::from(limit));
            removed = removed.saturating_add(self.write(removal).await?);
        }
        Ok(removed)
    }
}
