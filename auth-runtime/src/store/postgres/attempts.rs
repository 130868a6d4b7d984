use sqlx::{PgTransaction, Row};

use super::{PostgresStore, conflict::repeated, error::failed};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{AccountKey, Admission, Attempt, AttemptLimits, AttemptStore, BoxFuture, attempt_store::in_order},
};

impl AttemptStore for PostgresStore {
    fn admit_attempt<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Admission, StoreError>> {
        self.within(async move {
            if self.count_attempt(attempt, limits, now).await.map_err(failed)? {
                return Ok(Admission::Admitted);
            }
            let until = self.locked_until(attempt, now).await.map_err(failed)?;
            Ok(Admission::Locked { until })
        })
    }

    fn is_known_client<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<bool, StoreError>> {
        const IS_KNOWN: &str = "SELECT EXISTS
            (SELECT 1 FROM auth_known_clients WHERE account_key = $1 AND client_key = $2 AND expires_at > $3)";
        self.within(async move {
            let is_known = sqlx::query_scalar(IS_KNOWN)
                .bind(attempt.account.as_bytes().as_slice())
                .bind(attempt.client.as_bytes().as_slice())
                .bind(now.as_seconds());
            is_known.fetch_one(&self.pool).await.map_err(failed)
        })
    }

    fn attempt_succeeded<'a>(
        &'a self,
        attempt: &'a Attempt,
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.within(async move {
            let succeeded = repeated!({
                let mut transaction = self.begin().await?;
                set_back(&mut transaction, attempt, now).await?;
                remember(&mut transaction, attempt, limits, now).await?;
                transaction.commit().await
            });
            succeeded.map_err(failed)
        })
    }

    fn withdraw_attempt<'a>(&'a self, attempt: &'a Attempt, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>> {
        const WITHDRAW: &str = "UPDATE auth_attempts SET failures = failures - 1
            WHERE account_key = $1 AND expires_at > $3 AND failures > 0 AND client_key =
                coalesce((SELECT client_key FROM auth_known_clients
                    WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)";
        self.within(async move {
            let withdraw = sqlx::query(WITHDRAW)
                .bind(attempt.account.as_bytes().as_slice())
                .bind(attempt.client.as_bytes().as_slice())
                .bind(now.as_seconds());
            self.write(withdraw).await.map_err(failed)?;
            Ok(())
        })
    }

    fn clear_attempts<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        const CLEAR: &str = "DELETE FROM auth_attempts WHERE account_key = $1";
        self.within(async move {
            self.write(sqlx::query(CLEAR).bind(account.as_bytes().as_slice())).await.map_err(failed)?;
            Ok(())
        })
    }

    fn locked_until<'a>(
        &'a self,
        accounts: &'a [AccountKey],
        limits: &'a AttemptLimits,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Vec<Option<UnixTime>>, StoreError>> {
        const LOCKED: &str = "SELECT account_key, max(expires_at) FROM auth_attempts
            WHERE account_key = ANY($1) AND failures >= $2 AND expires_at > $3 GROUP BY account_key";
        self.within(async move {
            let keys: Vec<&[u8]> = accounts.iter().map(|account| account.as_bytes().as_slice()).collect();
            let locked = sqlx::query_as::<_, (Vec<u8>, i64)>(LOCKED)
                .bind(keys)
                .bind(i64::from(limits.max_failures))
                .bind(now.as_seconds());
            let locked = locked.fetch_all(&self.pool).await.map_err(failed)?;
            Ok(in_order(accounts, &locked))
        })
    }

    fn forget<'a>(&'a self, account: &'a AccountKey) -> BoxFuture<'a, Result<(), StoreError>> {
        const COUNTERS: &str = "DELETE FROM auth_attempts WHERE account_key = $1";
        const CLIENTS: &str = "DELETE FROM auth_known_clients WHERE account_key = $1";
        self.within(async move {
            let forgotten = repeated!({
                let mut transaction = self.begin().await?;
                for statement in [COUNTERS, CLIENTS] {
                    let forget = sqlx::query(statement).bind(account.as_bytes().as_slice());
                    forget.execute(&mut *transaction).await?;
                }
                transaction.commit().await
            });
            forgotten.map_err(failed)
        })
    }

    fn remove_expired_attempts(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        // Locked as they are found. Otherwise a row that an attempt renews at this moment would be removed, too.
        const COUNTERS: &str = "DELETE FROM auth_attempts WHERE (account_key, client_key) IN
            (SELECT account_key, client_key FROM auth_attempts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED)";
        const CLIENTS: &str = "DELETE FROM auth_known_clients WHERE (account_key, client_key) IN
            (SELECT account_key, client_key FROM auth_known_clients WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED)";
        self.within(async move {
            let mut removed: u64 = 0;
            for statement in [COUNTERS, CLIENTS] {
                let left = i64::from(limit).saturating_sub(i64::try_from(removed).unwrap_or(i64::MAX));
                let remove = sqlx::query(statement).bind(now.as_seconds()).bind(left.max(0));
                removed = removed.saturating_add(self.write(remove).await.map_err(failed)?);
            }
            Ok(removed)
        })
    }
}

impl PostgresStore {
    /// Counts the attempt in one atomic step, and returns whether it was counted.
    async fn count_attempt(
        &self,
        attempt: &Attempt,
        limits: &AttemptLimits,
        now: UnixTime,
    ) -> Result<bool, sqlx::Error> {
        const COUNT: &str = "INSERT INTO auth_attempts (account_key, client_key, failures, expires_at)
            VALUES ($1, coalesce((SELECT client_key FROM auth_known_clients
                WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea), 1, $4)
            ON CONFLICT (account_key, client_key) DO UPDATE SET
                failures = CASE WHEN auth_attempts.expires_at > $3 THEN auth_attempts.failures + 1 ELSE 1 END, expires_at = excluded.expires_at
            WHERE auth_attempts.expires_at <= $3 OR auth_attempts.failures < $5";
        let count = sqlx::query(COUNT)
            .bind(attempt.account.as_bytes().as_slice())
            .bind(attempt.client.as_bytes().as_slice())
            .bind(now.as_seconds())
            .bind(now.plus_seconds(limits.cool_down_seconds).as_seconds())
            .bind(i64::from(limits.max_failures));
        Ok(self.write(count).await? == 1)
    }

    async fn locked_until(&self, attempt: &Attempt, now: UnixTime) -> Result<UnixTime, sqlx::Error> {
        const UNTIL: &str = "SELECT expires_at FROM auth_attempts WHERE account_key = $1 AND client_key =
            coalesce((SELECT client_key FROM auth_known_clients
                WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)";
        let until = sqlx::query(UNTIL)
            .bind(attempt.account.as_bytes().as_slice())
            .bind(attempt.client.as_bytes().as_slice())
            .bind(now.as_seconds())
            .fetch_optional(&self.pool)
            .await?;
        // If the counter was reset in the meantime, the next attempt is admitted. This one was not counted.
        until.map_or(Ok(now), |row| row.try_get("expires_at").map(UnixTime::from_seconds))
    }
}

async fn set_back(transaction: &mut PgTransaction<'_>, attempt: &Attempt, now: UnixTime) -> Result<(), sqlx::Error> {
    const SET_BACK: &str = "DELETE FROM auth_attempts WHERE account_key = $1 AND client_key =
        coalesce((SELECT client_key FROM auth_known_clients
            WHERE account_key = $1 AND client_key = $2 AND expires_at > $3), ''::bytea)";
    let set_back = sqlx::query(SET_BACK)
        .bind(attempt.account.as_bytes().as_slice())
        .bind(attempt.client.as_bytes().as_slice())
        .bind(now.as_seconds());
    set_back.execute(&mut **transaction).await?;
    Ok(())
}

async fn remember(
    transaction: &mut PgTransaction<'_>,
    attempt: &Attempt,
    limits: &AttemptLimits,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    const REMEMBER: &str = "INSERT INTO auth_known_clients (account_key, client_key, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_key, client_key) DO UPDATE SET expires_at = excluded.expires_at";
    const FORGET: &str = "DELETE FROM auth_known_clients WHERE account_key = $1 AND client_key IN
        (SELECT client_key FROM auth_known_clients WHERE account_key = $1
            ORDER BY expires_at DESC, client_key DESC OFFSET $2)";
    let remember = sqlx::query(REMEMBER)
        .bind(attempt.account.as_bytes().as_slice())
        .bind(attempt.client.as_bytes().as_slice())
        .bind(now.plus_seconds(limits.known_client_seconds).as_seconds());
    remember.execute(&mut **transaction).await?;
    let forget = sqlx::query(FORGET).bind(attempt.account.as_bytes().as_slice()).bind(i64::from(limits.known_clients));
    forget.execute(&mut **transaction).await?;
    Ok(())
}
