use secrecy::SecretString;
use sqlx::{Row, sqlite::SqliteRow};

use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{Account, NewAccount},
};

/// Reads a row of `auth_accounts`.
pub(super) fn account(row: &SqliteRow) -> Result<Account, sqlx::Error> {
    let hash = SecretString::from(row.try_get::<String, _>("password_hash")?);
    let mut new = NewAccount::new(row.try_get::<String, _>("username")?, row.try_get::<String, _>("email")?, hash);
    new.roles = from_json(row, "roles")?;
    new.scopes = from_json(row, "scopes")?;
    new.active = row.try_get("active")?;
    new.superuser = row.try_get("superuser")?;
    // An earlier release may have activated the account and left its time.
    let pending_until = row.try_get::<Option<i64>, _>("pending_until")?.filter(|_| !new.active);
    new.pending_until = pending_until.map(UnixTime::from_seconds);
    let mut account = Account::new(row.try_get("id")?, new, UnixTime::from_seconds(row.try_get("created_at")?));
    let verified_at: Option<i64> = row.try_get("email_verified_at")?;
    account.email_verified_at = verified_at.map(UnixTime::from_seconds);
    account.updated_at = UnixTime::from_seconds(row.try_get("updated_at")?);
    Ok(account)
}

pub(super) fn to_json(names: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(names).map_err(|error| StoreError::new("sqlite", error))
}

/// Reads a list of names. A column that cannot be read is an error, never an empty list.
pub(super) fn from_json(row: &SqliteRow, column: &str) -> Result<Vec<String>, sqlx::Error> {
    serde_json::from_str(row.try_get(column)?).map_err(|error| sqlx::Error::Decode(error.into()))
}
