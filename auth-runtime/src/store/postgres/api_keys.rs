use core::num::NonZeroU32;

use sqlx::{PgTransaction, Row, postgres::PgRow};

use super::{PostgresStore, conflict::repeated, error::failed, text::is_in_no_row, transaction::end};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{ApiKeyError, ApiKeyLimit, ApiKeyRecord, ApiKeyStore, BoxFuture},
    token::TokenHash,
};

impl ApiKeyStore for PostgresStore {
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> BoxFuture<'_, Result<(), ApiKeyError>> {
        self.within(async move {
            let refusal = repeated!({
                let mut transaction = self.begin().await?;
                lock_keys_of(&mut transaction, &key.user_id).await?;
                let refusal = make_room(&mut transaction, &key, max_keys).await?;
                if refusal.is_none() {
                    insert(&mut transaction, &key).await?;
                }
                end(transaction, refusal.is_none()).await?;
                Ok(refusal)
            });
            refusal.map_err(failed)?.map_or(Ok(()), Err)
        })
    }

    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<ApiKeyRecord>, StoreError>> {
        const FIND: &str =
            "SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at,
            expires_at, last_used_at, revoked_at, replaced_by
            FROM auth_api_keys WHERE key_hash = $1";
        self.within(async move {
            let row =
                sqlx::query(FIND).bind(hash.as_bytes().as_slice()).fetch_optional(&self.pool).await.map_err(failed)?;
            row.map(|row| record(&row)).transpose().map_err(failed)
        })
    }

    fn list_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<Vec<ApiKeyRecord>, StoreError>> {
        const LIST: &str =
            "SELECT id, user_id, name, key_hash, display, scopes, limit_count, limit_seconds, created_at,
            expires_at, last_used_at, revoked_at, replaced_by
            FROM auth_api_keys WHERE user_id = $1 ORDER BY id";
        self.within(async move {
            if is_in_no_row(user_id) {
                return Ok(Vec::new());
            }
            let rows = sqlx::query(LIST).bind(user_id).fetch_all(&self.pool).await.map_err(failed)?;
            rows.iter().map(record).collect::<Result<_, _>>().map_err(failed)
        })
    }

    fn revoke_key<'a>(
        &'a self,
        user_id: &'a str,
        id: &'a str,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const REVOKE: &str =
            "UPDATE auth_api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2 AND user_id = $3";
        self.within(async move {
            if is_in_no_row(id) || is_in_no_row(user_id) {
                return Ok(false);
            }
            let revoke = sqlx::query(REVOKE).bind(now.as_seconds()).bind(id).bind(user_id);
            Ok(self.write(revoke).await.map_err(failed)? == 1)
        })
    }

    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>> {
        const REVOKE: &str = "UPDATE auth_api_keys SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL";
        self.within(async move {
            if is_in_no_row(user_id) {
                return Ok(0);
            }
            let revoke = sqlx::query(REVOKE).bind(now.as_seconds()).bind(user_id);
            self.write(revoke).await.map_err(failed)
        })
    }

    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>> {
        const REMOVE: &str = "DELETE FROM auth_api_keys WHERE user_id = $1";
        self.within(async move {
            if is_in_no_row(user_id) {
                return Ok(0);
            }
            self.write(sqlx::query(REMOVE).bind(user_id)).await.map_err(failed)
        })
    }

    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        max_keys: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>> {
        self.within(async move {
            let refusal = repeated!({
                let mut transaction = self.begin().await?;
                lock_keys_of(&mut transaction, &new.user_id).await?;
                let refusal = match replace(&mut transaction, id, &new, overlap_until).await? {
                    None => make_room(&mut transaction, &new, max_keys).await?,
                    refusal => refusal,
                };
                if refusal.is_none() {
                    insert(&mut transaction, &new).await?;
                }
                end(transaction, refusal.is_none()).await?;
                Ok(refusal)
            });
            refusal.map_err(failed)?.map_or(Ok(()), Err)
        })
    }

    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>> {
        const USED: &str =
            "UPDATE auth_api_keys SET last_used_at = $1 WHERE id = $2 AND coalesce(last_used_at < $1, TRUE)";
        self.within(async move {
            let used = sqlx::query(USED).bind(now.as_seconds()).bind(id);
            self.write(used).await.map_err(failed)?;
            Ok(())
        })
    }

    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        const REMOVE: &str = "DELETE FROM auth_api_keys WHERE id IN
            (SELECT id FROM auth_api_keys WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.within(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(i64::from(limit));
            self.write(remove).await.map_err(failed)
        })
    }
}

/// Keeps other transactions from adding keys of the user until this one ends. Two of them would otherwise both count
/// the same keys, and together make too many.
async fn lock_keys_of(transaction: &mut PgTransaction<'_>, user_id: &str) -> Result<(), sqlx::Error> {
    // The type of the number is exact: a function of another role that fits better would be called instead.
    const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('auth_api_keys:' || $1, 0::bigint))";
    sqlx::query(LOCK).bind(user_id).execute(&mut **transaction).await?;
    Ok(())
}

/// Brings the end of the old key forward. Returns the reason why the key cannot be replaced, if there is one.
async fn replace(
    transaction: &mut PgTransaction<'_>,
    id: &str,
    new: &ApiKeyRecord,
    until: UnixTime,
) -> Result<Option<ApiKeyError>, sqlx::Error> {
    const REPLACE: &str = "UPDATE auth_api_keys SET expires_at = least(expires_at, $1), replaced_by = $2
        WHERE id = $3 AND user_id = $4 AND replaced_by IS NULL AND revoked_at IS NULL AND coalesce(expires_at > $5, TRUE)";
    const FIND: &str = "SELECT count(*) FROM auth_api_keys WHERE id = $1 AND user_id = $2";
    let replace = sqlx::query(REPLACE).bind(until.as_seconds()).bind(&new.id).bind(id).bind(&new.user_id);
    let replace = replace.bind(new.created_at.as_seconds());
    if replace.execute(&mut **transaction).await?.rows_affected() == 1 {
        return Ok(None);
    }
    let find = sqlx::query_scalar::<_, i64>(FIND).bind(id).bind(&new.user_id);
    let found = find.fetch_one(&mut **transaction).await?;
    Ok(Some(if found == 0 { ApiKeyError::Unknown } else { ApiKeyError::Ended }))
}

/// Removes as many ended keys as the new key needs, so that the user has at most `max_keys`. Returns the refusal if too
/// few have ended.
async fn make_room(
    transaction: &mut PgTransaction<'_>,
    new: &ApiKeyRecord,
    max_keys: u32,
) -> Result<Option<ApiKeyError>, sqlx::Error> {
    const COUNT: &str = "SELECT count(*) FROM auth_api_keys WHERE user_id = $1";
    const REMOVE: &str = "DELETE FROM auth_api_keys WHERE id IN (SELECT id FROM auth_api_keys
        WHERE user_id = $1 AND (revoked_at IS NOT NULL OR expires_at <= $2) ORDER BY ends_at, id LIMIT $3)";
    let count = sqlx::query_scalar::<_, i64>(COUNT).bind(&new.user_id);
    let count = count.fetch_one(&mut **transaction).await?;
    let excess = count.saturating_add(1).saturating_sub(max_keys.into());
    if excess <= 0 {
        return Ok(None);
    }
    let remove = sqlx::query(REMOVE).bind(&new.user_id).bind(new.created_at.as_seconds()).bind(excess);
    let removed = remove.execute(&mut **transaction).await?.rows_affected();
    // The transaction rolls back when it is dropped.
    Ok((i64::try_from(removed) != Ok(excess)).then_some(ApiKeyError::TooMany))
}

async fn insert(transaction: &mut PgTransaction<'_>, key: &ApiKeyRecord) -> Result<(), sqlx::Error> {
    const INSERT: &str = "INSERT INTO auth_api_keys (id, user_id, name, key_hash, display, scopes, limit_count,
        limit_seconds, created_at, expires_at, last_used_at, revoked_at, replaced_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let seconds = |time: Option<UnixTime>| time.map(UnixTime::as_seconds);
    let insert = sqlx::query(INSERT)
        .bind(&key.id)
        .bind(&key.user_id)
        .bind(&key.name)
        .bind(key.hash.as_bytes().as_slice())
        .bind(&key.display)
        .bind(&key.scopes)
        .bind(key.limit.map(|limit| i64::from(limit.count.get())))
        .bind(key.limit.map(|limit| i64::from(limit.per_seconds.get())))
        .bind(key.created_at.as_seconds())
        .bind(seconds(key.expires_at))
        .bind(seconds(key.last_used_at))
        .bind(seconds(key.revoked_at))
        .bind(&key.replaced_by);
    insert.execute(&mut **transaction).await?;
    Ok(())
}

fn record(row: &PgRow) -> Result<ApiKeyRecord, sqlx::Error> {
    let time = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(UnixTime::from_seconds));
    let hash = row.try_get::<&[u8], _>("key_hash")?.try_into();
    Ok(ApiKeyRecord {
        id: row.try_get("id")?,
        user_id: row.try_get("user_id")?,
        name: row.try_get("name")?,
        hash: hash.map(TokenHash::from_bytes).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        display: row.try_get("display")?,
        scopes: row.try_get("scopes")?,
        limit: limit(row)?,
        created_at: UnixTime::from_seconds(row.try_get("created_at")?),
        expires_at: time("expires_at")?,
        last_used_at: time("last_used_at")?,
        revoked_at: time("revoked_at")?,
        replaced_by: row.try_get("replaced_by")?,
    })
}

/// Reads a key's limit. A limit that cannot be read is an error, never "no limit".
fn limit(row: &PgRow) -> Result<Option<ApiKeyLimit>, sqlx::Error> {
    let number = |column: &str| match row.try_get::<Option<i64>, _>(column)? {
        None => Ok(None),
        Some(number) => NonZeroU32::try_from(u32::try_from(number).unwrap_or_default())
            .map(Some)
            .map_err(|error| sqlx::Error::Decode(Box::new(error))),
    };
    match (number("limit_count")?, number("limit_seconds")?) {
        (Some(count), Some(per_seconds)) => Ok(Some(ApiKeyLimit { count, per_seconds })),
        (None, None) => Ok(None),
        _ => Err(sqlx::Error::Decode("half a limit".into())),
    }
}
