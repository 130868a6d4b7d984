use auth_runtime::{
    clock::UnixTime,
    error::StoreError,
    store::{Account, AccountChange, AccountOpening, AccountQuery, CreateError, RetiredName, login_key},
};
use secrecy::ExposeSecret;
use sqlx::SqliteConnection;

use super::{
    UserTable,
    accounts::{Row, account, exists, failed, row_id},
    keys::fill_batch,
};

/// Changes that read a row before they write. Each takes the write lock before it reads, so that nothing changes
/// between.
impl UserTable {
    pub(super) async fn open_pending(
        &self,
        id: &str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> Result<Option<Account>, CreateError> {
        const OPEN: &str = "UPDATE users SET is_disabled = 0, pending_until = NULL, pw_hash = ?,
            email_verified_at = ?, changed_at = unixepoch() WHERE id = ?";
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let Some(pending) = find(&mut transaction, id).await? else { return Ok(None) };
        let is_another = opening.email.as_ref().is_some_and(|email| *email != pending.email);
        if is_another || pending.pending_until.is_none_or(|until| now >= until) {
            return Ok(None);
        }
        if let Some(username) = &opening.username {
            set_username(&mut transaction, &pending, username).await?;
        }
        let open = sqlx::query(OPEN)
            .bind(opening.password_hash.as_ref().unwrap_or(&pending.password_hash).expose_secret())
            .bind(opening.email_verified_at.or(pending.email_verified_at).map(UnixTime::as_seconds))
            .bind(row_id(id));
        open.execute(&mut *transaction).await.map_err(failed)?;
        let opened = find(&mut transaction, id).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(opened)
    }

    pub(super) async fn rename(&self, id: &str, username: &str) -> Result<bool, CreateError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let Some(user) = find(&mut transaction, id).await? else { return Ok(false) };
        set_username(&mut transaction, &user, username).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// The trigger of `adopt.sql` removes everything made of the old address: its key, and a user name that is the
    /// address.
    pub(super) async fn replace_email(
        &self,
        id: &str,
        old: &str,
        new: &str,
        verified_at: Option<UnixTime>,
    ) -> Result<bool, CreateError> {
        const REPLACE: &str = "UPDATE users SET email = ?, changed_at = unixepoch() WHERE id = ?";
        const COMPLETE: &str = "UPDATE users SET email_key = ?, email_verified_at = ? WHERE id = ?";
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let user = find(&mut transaction, id).await?.filter(|user| user.email == old);
        let Some(user) = user else { return Ok(false) };
        let key = login_key(new);
        if is_login_taken(&mut transaction, &key, row_id(id)).await? {
            return Err(CreateError::EmailTaken);
        }
        let replace = sqlx::query(REPLACE).bind(new).bind(row_id(&user.id));
        replace.execute(&mut *transaction).await.map_err(failed)?;
        let complete = sqlx::query(COMPLETE).bind(key).bind(verified_at.map(UnixTime::as_seconds));
        complete.bind(row_id(&user.id)).execute(&mut *transaction).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// Runs an update of one row.
    pub(super) async fn grant(&self, id: &str, update: &'static str) -> Result<AccountChange, StoreError> {
        let done = sqlx::query(update).bind(row_id(id)).execute(&self.pool).await.map_err(failed)?;
        Ok(if done.rows_affected() == 1 { AccountChange::Done } else { AccountChange::Unknown })
    }

    /// Runs statements that take something away which the last active superuser keeps. A name that goes with the row is
    /// retired.
    pub(super) async fn withdraw(&self, id: &str, statements: &[&'static str]) -> Result<AccountChange, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let Some(user) = find(&mut transaction, id).await? else { return Ok(AccountChange::Unknown) };
        if is_last_superuser(&mut transaction, &user).await? {
            return Ok(AccountChange::LastSuperuser);
        }
        for statement in statements {
            sqlx::query(*statement).bind(row_id(id)).execute(&mut *transaction).await.map_err(failed)?;
        }
        if find(&mut transaction, id).await?.is_none() {
            retire(&mut transaction, &user, None).await?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(AccountChange::Done)
    }

    /// Sorts the ids as texts, as `auth-runtime` sees them.
    pub(super) async fn list_page(&self, query: &AccountQuery) -> Result<Vec<Account>, StoreError> {
        const LIST: &str = "SELECT * FROM user_accounts WHERE (?1 IS NULL OR CAST(id AS TEXT) > ?1)
            AND (?2 IS NULL OR instr(coalesce(email_key, ''), ?2) > 0 OR instr(coalesce(username_key, ''), ?2) > 0)
            AND (?3 IS NULL OR active = ?3) AND (?4 IS NULL OR superuser = ?4)
            AND (?5 IS NULL OR (pending_until IS NOT NULL) = ?5)
            AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(roles) AS role WHERE roles -> role.key = ?6))
            ORDER BY CAST(id AS TEXT) LIMIT ?7";
        let list = sqlx::query_as::<_, Row>(LIST)
            .bind(query.after.as_deref())
            .bind(query.search.as_deref().map(login_key))
            .bind(query.active)
            .bind(query.superuser)
            .bind(query.pending)
            .bind(query.role.as_ref().map(|role| serde_json::json!(role).to_string()))
            .bind(query.limit.min(AccountQuery::MOST));
        list.fetch_all(&self.pool).await.map_err(failed)?.into_iter().map(account).collect()
    }
}

pub(super) async fn find(connection: &mut SqliteConnection, id: &str) -> Result<Option<Account>, StoreError> {
    // Rows that old code has written since the keys were complete.
    fill_batch(connection).await.map_err(failed)?;
    let query = sqlx::query_as("SELECT * FROM user_accounts WHERE id = ?").bind(row_id(id));
    query.fetch_optional(connection).await.map_err(failed)?.map(account).transpose()
}

pub(super) async fn is_last_superuser(connection: &mut SqliteConnection, user: &Account) -> Result<bool, StoreError> {
    const HAS_OTHERS: &str = "SELECT 1 FROM users WHERE superuser = 1 AND is_disabled = 0 AND id <> ?";
    let has_others = exists(connection, sqlx::query(HAS_OTHERS).bind(row_id(&user.id))).await?;
    Ok(user.active && user.superuser && !has_others)
}

async fn set_username(connection: &mut SqliteConnection, user: &Account, username: &str) -> Result<(), CreateError> {
    const RENAME: &str = "UPDATE users SET username = ?, username_key = ?, changed_at = unixepoch() WHERE id = ?";
    let key = login_key(username);
    if is_login_taken(connection, &key, row_id(&user.id)).await? {
        return Err(CreateError::UsernameTaken);
    }
    if key != login_key(&user.username) {
        retire(connection, user, row_id(&user.id)).await?;
    }
    let rename = sqlx::query(RENAME).bind(username).bind(key).bind(row_id(&user.id));
    rename.execute(connection).await.map_err(failed)?;
    Ok(())
}

/// Keeps the user name of this user from all users but `owner`.
pub(super) async fn retire(
    connection: &mut SqliteConnection,
    user: &Account,
    owner: Option<i64>,
) -> Result<(), StoreError> {
    const RETIRE: &str = "INSERT INTO user_retired_names (name_hash, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
    if let Some(name) = RetiredName::of(user) {
        let retire = sqlx::query(RETIRE).bind(name.as_bytes().as_slice()).bind(owner);
        retire.execute(connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Returns whether another user than `id` has this key, or gave it up as a user name.
pub(super) async fn is_login_taken(
    connection: &mut SqliteConnection,
    key: &str,
    id: Option<i64>,
) -> Result<bool, StoreError> {
    const TAKEN: &str = "SELECT 1 FROM users WHERE (email_key = ?1 OR username_key = ?1) AND (?3 IS NULL OR id <> ?3)
        UNION ALL SELECT 1 FROM user_retired_names WHERE name_hash = ?2 AND (?3 IS NULL OR user_id IS NOT ?3)";
    let name = RetiredName::of_login(key);
    exists(connection, sqlx::query(TAKEN).bind(key).bind(name.as_bytes().as_slice()).bind(id)).await
}
