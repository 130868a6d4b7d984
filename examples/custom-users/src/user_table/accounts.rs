use auth_runtime::{
    clock::UnixTime,
    error::StoreError,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, BoxFuture, CreateError,
        NewAccount, Standing, login_key,
    },
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};

use super::{UserTable, changes::is_login_taken, keys::fill_batch};

impl AccountStore for UserTable {
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>> {
        Box::pin(async move {
            self.fill_keys(&self.pool).await.map_err(failed)?;
            // Takes the write lock before the first read, so that a name that is free stays free until the commit.
            let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
            let account = insert(&mut transaction, &new).await?;
            transaction.commit().await.map_err(failed)?;
            Ok(account)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move {
            let query = sqlx::query_as("SELECT * FROM user_accounts WHERE id = ?").bind(row_id(id));
            query.fetch_optional(&self.pool).await.map_err(failed)?.map(account).transpose()
        })
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        Box::pin(async move {
            let key = login_key(login);
            let found = self.find_by_key(&key).await?;
            if found.is_some() {
                return Ok(found);
            }
            // Old code may have written the row a moment ago.
            self.fill_keys(&self.hasty).await.map_err(failed)?;
            self.find_by_key(&key).await
        })
    }

    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const SWAP: &str = "UPDATE users SET pw_hash = ?, changed_at = unixepoch() WHERE id = ? AND pw_hash = ?";
        let swap = sqlx::query(SWAP).bind(new.expose_secret()).bind(row_id(id)).bind(old.expose_secret());
        self.update(swap)
    }

    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        at: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const VERIFY: &str =
            "UPDATE users SET email_verified_at = ?, changed_at = unixepoch() WHERE id = ? AND email = ?";
        self.update(sqlx::query(VERIFY).bind(at.as_seconds()).bind(row_id(id)).bind(email))
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        const SET: &str = "UPDATE users SET roles = ?, changed_at = unixepoch() WHERE id = ?";
        self.update(sqlx::query(SET).bind(to_json(roles)).bind(row_id(id)))
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        const SET: &str = "UPDATE users SET scopes = ?, changed_at = unixepoch() WHERE id = ?";
        self.update(sqlx::query(SET).bind(to_json(scopes)).bind(row_id(id)))
    }

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        Box::pin(self.open_pending(id, opening, now))
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        const REMOVE: &str = "DELETE FROM users WHERE id IN (SELECT id FROM users
            WHERE pending_until <= ? AND is_disabled <> 0 ORDER BY pending_until, id LIMIT ?)";
        Box::pin(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(limit);
            Ok(remove.execute(&self.pool).await.map_err(failed)?.rows_affected())
        })
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        const CANCEL: &str = "DELETE FROM users WHERE id = ? AND pending_until IS NOT NULL AND is_disabled <> 0";
        self.update(sqlx::query(CANCEL).bind(row_id(id)))
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> BoxFuture<'a, Result<Vec<Account>, StoreError>> {
        Box::pin(self.list_page(query))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const ENABLE: &str =
            "UPDATE users SET is_disabled = 0, pending_until = NULL, changed_at = unixepoch() WHERE id = ?";
        const DISABLE: &str = "UPDATE users SET is_disabled = 1, changed_at = unixepoch() WHERE id = ?";
        Box::pin(async move { if active { self.grant(id, ENABLE).await } else { self.withdraw(id, &[DISABLE]).await } })
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const PROMOTE: &str = "UPDATE users SET superuser = 1, changed_at = unixepoch() WHERE id = ?";
        const DEMOTE: &str = "UPDATE users SET superuser = 0, changed_at = unixepoch() WHERE id = ?";
        Box::pin(
            async move { if superuser { self.grant(id, PROMOTE).await } else { self.withdraw(id, &[DEMOTE]).await } },
        )
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(self.rename(id, username))
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(self.replace_email(id, old, new, verified_at))
    }

    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<AccountChange, CreateError>> {
        Box::pin(self.update_decided(id, update, standings))
    }

    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        Box::pin(self.create_decided(new, standings))
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        // No account is left that may take a name back.
        const DISOWN: &str = "UPDATE user_retired_names SET user_id = NULL WHERE user_id = ?";
        const DELETE: &str = "DELETE FROM users WHERE id = ?";
        Box::pin(self.withdraw(id, &[DISOWN, DELETE]))
    }
}

impl UserTable {
    async fn find_by_key(&self, key: &str) -> Result<Option<Account>, StoreError> {
        const FIND: &str = "SELECT * FROM user_accounts WHERE email_key = ?1 OR username_key = ?1";
        let query = sqlx::query_as(FIND).bind(key);
        query.fetch_optional(&self.pool).await.map_err(failed)?.map(account).transpose()
    }

    /// Runs a statement that changes one row, and returns whether it found the row.
    fn update<'a>(&'a self, update: Query<'a, Sqlite, SqliteArguments>) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(update.execute(&self.pool).await.map_err(failed)?.rows_affected() == 1) })
    }
}

/// Returns the row's id. Tokens carry it as text, in exactly this form, so `01` and `+1` are no ids. SQL finds no row
/// for `None`, which is NULL.
pub(crate) fn row_id(id: &str) -> Option<i64> {
    id.parse().ok().filter(|number: &i64| number.to_string() == id)
}

pub(super) async fn insert(connection: &mut SqliteConnection, new: &NewAccount) -> Result<Account, CreateError> {
    const INSERT: &str = "INSERT INTO users (id, email, email_key, username, username_key, pw_hash, display_name,
        is_disabled, email_verified_at, roles, scopes, superuser, pending_until)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    // Rows that old code has written since the keys were complete.
    fill_batch(connection).await.map_err(failed)?;
    let (id, email_key, username_key) = (new_row_id(new)?, login_key(&new.email), login_key(&new.username));
    if exists(connection, sqlx::query("SELECT 1 FROM users WHERE id = ?").bind(id)).await? {
        return Err(CreateError::IdTaken);
    }
    if is_login_taken(connection, &username_key, None).await? {
        return Err(CreateError::UsernameTaken);
    }
    if is_login_taken(connection, &email_key, None).await? {
        return Err(CreateError::EmailTaken);
    }
    let insert = sqlx::query(INSERT)
        .bind(id)
        .bind(&new.email)
        .bind(email_key)
        .bind(&new.username)
        .bind(username_key)
        .bind(new.password_hash.expose_secret())
        // Registration asks for no name to display. Its owner may change it later.
        .bind(&new.username)
        .bind(!new.active || new.pending_until.is_some())
        .bind(new.email_verified_at.map(UnixTime::as_seconds))
        .bind(to_json(&new.roles))
        .bind(to_json(&new.scopes))
        .bind(new.superuser)
        .bind(new.pending_until.map(UnixTime::as_seconds));
    let id = insert.execute(&mut *connection).await.map_err(failed)?.last_insert_rowid();
    let query = sqlx::query_as("SELECT * FROM user_accounts WHERE id = ?").bind(id);
    Ok(account(query.fetch_one(connection).await.map_err(failed)?)?)
}

/// Returns the id that the account brings, or `None` for the table's next one. An id that is no number fits into no
/// row.
fn new_row_id(new: &NewAccount) -> Result<Option<i64>, StoreError> {
    let Some(id) = &new.id else { return Ok(None) };
    match row_id(id) {
        Some(id) => Ok(Some(id)),
        None => Err(StoreError::new("users", "the account's identifier is no integer")),
    }
}

pub(super) async fn exists(
    connection: &mut SqliteConnection,
    query: Query<'_, Sqlite, SqliteArguments>,
) -> Result<bool, StoreError> {
    Ok(query.fetch_optional(connection).await.map_err(failed)?.is_some())
}

/// A row of the view `user_accounts`.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    username: String,
    email: String,
    email_verified_at: Option<i64>,
    password_hash: String,
    roles: String,
    scopes: String,
    active: bool,
    superuser: bool,
    pending_until: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

pub(super) fn account(row: Row) -> Result<Account, StoreError> {
    let mut new = NewAccount::new(row.username, row.email, SecretString::from(row.password_hash));
    new.email_verified_at = row.email_verified_at.map(UnixTime::from_seconds);
    new.roles = from_json(&row.roles)?;
    new.scopes = from_json(&row.scopes)?;
    new.active = row.active;
    new.superuser = row.superuser;
    new.pending_until = row.pending_until.map(UnixTime::from_seconds);
    let mut account = Account::new(row.id.to_string(), new, UnixTime::from_seconds(row.created_at));
    account.updated_at = UnixTime::from_seconds(row.updated_at);
    Ok(account)
}

pub(super) fn to_json(names: &[String]) -> String {
    serde_json::json!(names).to_string()
}

/// Reads a list of names. A column that cannot be read is an error, never an empty list.
fn from_json(names: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(names).map_err(|error| StoreError::new("users", error))
}

pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    StoreError::new("users", error)
}
