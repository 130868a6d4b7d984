use secrecy::SecretString;
use sqlx::{Row, postgres::PgRow};

use crate::{
    clock::UnixTime,
    store::{Account, NewAccount},
};

/// Reads a row of `auth_accounts`.
pub(super) fn account(row: &PgRow) -> Result<Account, sqlx::Error> {
    let hash = SecretString::from(row.try_get::<String, _>("password_hash")?);
    let mut new = NewAccount::new(row.try_get::<String, _>("username")?, row.try_get::<String, _>("email")?, hash);
    new.roles = row.try_get("roles")?;
    new.scopes = row.try_get("scopes")?;
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
