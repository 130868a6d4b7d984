use sqlx::{Row, sqlite::SqliteRow};

use super::{SqliteStore, connect::failed};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{BoxFuture, Claim, InsertError, RefreshRecord, RefreshStore},
};

impl RefreshStore for SqliteStore {
    fn insert(&self, record: RefreshRecord) -> BoxFuture<'_, Result<(), InsertError>> {
        Box::pin(async move {
            if self.insert_token(&record).await.map_err(failed)? { Ok(()) } else { Err(InsertError::SessionRevoked) }
        })
    }

    fn claim<'a>(&'a self, hash: &'a [u8; 32], now: UnixTime) -> BoxFuture<'a, Result<Claim, StoreError>> {
        Box::pin(async move {
            match self.claim_token(hash, now).await.map_err(failed)? {
                Some(record) => Ok(Claim::Won(record)),
                None => self.why_not(hash).await.map_err(failed),
            }
        })
    }

    fn revoke_session<'a>(&'a self, session_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>> {
        const REVOKE: &str =
            "UPDATE auth_refresh_tokens SET revoked_at = ? WHERE session_id = ? AND revoked_at IS NULL";
        Box::pin(async move {
            let revoke = sqlx::query(REVOKE).bind(now.as_seconds()).bind(session_id);
            Ok(revoke.execute(&self.pool).await.map_err(failed)?.rows_affected())
        })
    }

    fn revoke_user<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<u64, StoreError>> {
        const REVOKE: &str = "UPDATE auth_refresh_tokens SET revoked_at = ?
            WHERE user_id = ? AND session_id IS NOT ? AND revoked_at IS NULL";
        Box::pin(async move {
            let revoke = sqlx::query(REVOKE).bind(now.as_seconds()).bind(user_id).bind(except);
            Ok(revoke.execute(&self.pool).await.map_err(failed)?.rows_affected())
        })
    }

    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        const REMOVE: &str = "DELETE FROM auth_refresh_tokens WHERE token_hash IN
            (SELECT token_hash FROM auth_refresh_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
        Box::pin(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(limit);
            Ok(remove.execute(&self.pool).await.map_err(failed)?.rows_affected())
        })
    }
}

impl SqliteStore {
    /// Whether the token was stored; it is not where its session was revoked.
    async fn insert_token(&self, record: &RefreshRecord) -> Result<bool, sqlx::Error> {
        const INSERT: &str = "INSERT INTO auth_refresh_tokens
            (token_hash, session_id, user_id, client_id, scope, issued_at, expires_at, auth_time)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS
            (SELECT 1 FROM auth_refresh_tokens WHERE session_id = ?2 AND revoked_at IS NOT NULL)";
        let insert = sqlx::query(INSERT)
            .bind(record.hash.as_slice())
            .bind(&record.session_id)
            .bind(&record.user_id)
            .bind(&record.client_id)
            .bind(&record.scope)
            .bind(record.issued_at.as_seconds())
            .bind(record.expires_at.as_seconds())
            .bind(record.auth_time.as_seconds());
        Ok(insert.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// The atomic step: whoever's update finds the token unused has it.
    async fn claim_token(&self, hash: &[u8; 32], now: UnixTime) -> Result<Option<RefreshRecord>, sqlx::Error> {
        const CLAIM: &str = "UPDATE auth_refresh_tokens SET claimed_at = ?2
            WHERE token_hash = ?1 AND claimed_at IS NULL AND revoked_at IS NULL AND expires_at > ?2 RETURNING *";
        let claim = sqlx::query(CLAIM).bind(hash.as_slice()).bind(now.as_seconds());
        // `fetch_optional` would stop at the row, which comes before the commit, and never learn that a commit failed.
        let rows = claim.fetch_all(&self.pool).await?;
        rows.first().map(record).transpose()
    }

    /// What kept a claim from winning.
    async fn why_not(&self, hash: &[u8; 32]) -> Result<Claim, sqlx::Error> {
        const FIND: &str = "SELECT * FROM auth_refresh_tokens WHERE token_hash = ?";
        let Some(row) = sqlx::query(FIND).bind(hash.as_slice()).fetch_optional(&self.pool).await? else {
            return Ok(Claim::Unknown);
        };
        let claimed_at: Option<i64> = row.try_get("claimed_at")?;
        Ok(match (row.try_get::<Option<i64>, _>("revoked_at")?, claimed_at.map(UnixTime::from_seconds)) {
            (Some(_), _) => Claim::Revoked(record(&row)?),
            (None, Some(claimed_at)) => Claim::Replayed { record: record(&row)?, claimed_at },
            (None, None) => Claim::Expired,
        })
    }
}

fn record(row: &SqliteRow) -> Result<RefreshRecord, sqlx::Error> {
    let time = |column: &str| row.try_get(column).map(UnixTime::from_seconds);
    let hash = row.try_get::<&[u8], _>("token_hash")?;
    Ok(RefreshRecord {
        hash: hash.try_into().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        session_id: row.try_get("session_id")?,
        user_id: row.try_get("user_id")?,
        client_id: row.try_get("client_id")?,
        scope: row.try_get("scope")?,
        issued_at: time("issued_at")?,
        expires_at: time("expires_at")?,
        auth_time: time("auth_time")?,
    })
}
