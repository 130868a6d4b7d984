use sqlx::{Row, postgres::PgRow};

use super::{PostgresStore, error::failed, text::is_in_no_row};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{BoxFuture, OneTimeRecord, OneTimeTokenStore, Purpose},
    token::TokenHash,
};

impl OneTimeTokenStore for PostgresStore {
    fn issue_one_time(&self, record: OneTimeRecord) -> BoxFuture<'_, Result<(), StoreError>> {
        const ISSUE: &str = "INSERT INTO auth_one_time_tokens (token_hash, purpose, account_id, email, expires_at)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id, purpose) DO UPDATE SET
            token_hash = excluded.token_hash, email = excluded.email, expires_at = excluded.expires_at";
        self.within(async move {
            let issue = sqlx::query(ISSUE)
                .bind(record.hash.as_bytes().as_slice())
                .bind(record.purpose.name())
                .bind(&record.user_id)
                .bind(&record.email)
                .bind(record.expires_at.as_seconds());
            self.write(issue).await.map_err(failed)?;
            Ok(())
        })
    }

    fn find_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>> {
        const FIND: &str = "SELECT account_id, email, expires_at FROM auth_one_time_tokens
            WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3";
        self.within(async move {
            let find = sqlx::query(FIND).bind(hash.as_bytes().as_slice()).bind(purpose.name()).bind(now.as_seconds());
            let row = find.fetch_optional(&self.pool).await.map_err(failed)?;
            row.map(|row| record(&row, *hash, purpose)).transpose().map_err(failed)
        })
    }

    fn redeem_one_time<'a>(
        &'a self,
        hash: &'a TokenHash,
        purpose: Purpose,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<OneTimeRecord>, StoreError>> {
        const REDEEM: &str =
            "DELETE FROM auth_one_time_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3
            RETURNING account_id, email, expires_at";
        self.within(async move {
            let redeem =
                sqlx::query(REDEEM).bind(hash.as_bytes().as_slice()).bind(purpose.name()).bind(now.as_seconds());
            let row = self.write_returning(redeem).await.map_err(failed)?;
            row.map(|row| record(&row, *hash, purpose)).transpose().map_err(failed)
        })
    }

    fn void_one_time<'a>(&'a self, user_id: &'a str, purpose: Purpose) -> BoxFuture<'a, Result<bool, StoreError>> {
        const VOID: &str = "DELETE FROM auth_one_time_tokens WHERE account_id = $1 AND purpose = $2";
        self.within(async move {
            let void = sqlx::query(VOID).bind(user_id).bind(purpose.name());
            Ok(self.write(void).await.map_err(failed)? == 1)
        })
    }

    fn void_all_one_time<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        const VOID: &str = "DELETE FROM auth_one_time_tokens WHERE account_id = $1";
        self.within(async move {
            if is_in_no_row(user_id) {
                return Ok(0);
            }
            self.write(sqlx::query(VOID).bind(user_id)).await.map_err(failed)
        })
    }

    fn remove_expired_one_time(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        const REMOVE: &str = "DELETE FROM auth_one_time_tokens WHERE token_hash IN
            (SELECT token_hash FROM auth_one_time_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED)";
        self.within(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(i64::from(limit));
            self.write(remove).await.map_err(failed)
        })
    }
}

fn record(row: &PgRow, hash: TokenHash, purpose: Purpose) -> Result<OneTimeRecord, sqlx::Error> {
    Ok(OneTimeRecord {
        hash,
        purpose,
        user_id: row.try_get("account_id")?,
        email: row.try_get("email")?,
        expires_at: UnixTime::from_seconds(row.try_get("expires_at")?),
    })
}
