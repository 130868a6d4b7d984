use secrecy::ExposeSecret;
use sqlx::SqliteTransaction;

use super::{
    SqliteStore,
    account_row::{account, to_json},
    error::failed,
};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        Account, AccountOpening, CreateError, RetiredName,
        account_edit::{NameMoves, opened},
    },
};

impl SqliteStore {
    /// Opens a pending account, and returns it. Returns `None` if it may not be opened.
    pub(super) async fn open_pending(
        &self,
        id: &str,
        opening: &AccountOpening,
        now: UnixTime,
    ) -> Result<Option<Account>, CreateError> {
        let mut writing = self.begin_writing().await.map_err(failed)?;
        let transaction = &mut writing.transaction;
        let Some(before) = find_in(transaction, id).await? else { return Ok(None) };
        let Some(after) = opened(&before, opening, now, self.clock.unix()) else { return Ok(None) };
        if !move_names(transaction, &before, &after).await? {
            return Err(CreateError::UsernameTaken);
        }
        save(transaction, &after).await?;
        writing.commit().await.map_err(failed)?;
        Ok(Some(after))
    }
}

pub(super) async fn find_in(transaction: &mut SqliteTransaction<'_>, id: &str) -> Result<Option<Account>, StoreError> {
    const FIND: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
        superuser, pending_until, created_at, updated_at
        FROM auth_accounts WHERE id = ?";
    let row = sqlx::query(FIND).bind(id).fetch_optional(&mut **transaction).await.map_err(failed)?;
    row.as_ref().map(account).transpose().map_err(failed)
}

/// Gives up the names that the account loses, and takes those that it gets. Returns `false` if one of these is taken.
pub(super) async fn move_names(
    transaction: &mut SqliteTransaction<'_>,
    before: &Account,
    after: &Account,
) -> Result<bool, StoreError> {
    const GIVE_UP: &str = "DELETE FROM auth_logins WHERE login = ? AND account_id = ?";
    let moves = NameMoves::between(before, after);
    for key in &moves.given_up {
        let give_up = sqlx::query(GIVE_UP).bind(key).bind(&after.id);
        give_up.execute(&mut **transaction).await.map_err(failed)?;
    }
    for key in &moves.taken {
        if !take(transaction, key, &after.id).await? {
            return Ok(false);
        }
    }
    if let Some(name) = &moves.retired {
        retire(transaction, name, Some(&after.id)).await?;
    }
    Ok(true)
}

/// Gives a name to an account, and returns whether it was free: no other account signs in with it, or gave it up.
pub(super) async fn take(transaction: &mut SqliteTransaction<'_>, key: &str, id: &str) -> Result<bool, StoreError> {
    const TAKE: &str = "INSERT INTO auth_logins (login, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
    const IS_RETIRED: &str =
        "SELECT EXISTS (SELECT 1 FROM auth_retired_names WHERE name_hash = ? AND user_id IS NOT ?)";
    let take = sqlx::query(TAKE).bind(key).bind(id);
    if take.execute(&mut **transaction).await.map_err(failed)?.rows_affected() == 0 {
        return Ok(false);
    }
    let name = RetiredName::of_login(key);
    let is_retired = sqlx::query_scalar::<_, bool>(IS_RETIRED).bind(name.as_bytes().as_slice()).bind(id);
    Ok(!is_retired.fetch_one(&mut **transaction).await.map_err(failed)?)
}

/// Keeps a name from all accounts but `owner`.
pub(super) async fn retire(
    transaction: &mut SqliteTransaction<'_>,
    name: &RetiredName,
    owner: Option<&str>,
) -> Result<(), StoreError> {
    const RETIRE: &str = "INSERT INTO auth_retired_names (name_hash, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING";
    let retire = sqlx::query(RETIRE).bind(name.as_bytes().as_slice()).bind(owner);
    retire.execute(&mut **transaction).await.map_err(failed)?;
    Ok(())
}

pub(super) async fn save(transaction: &mut SqliteTransaction<'_>, account: &Account) -> Result<(), StoreError> {
    const SAVE: &str = "UPDATE auth_accounts SET username = ?, email = ?, email_verified_at = ?, password_hash = ?,
        roles = ?, scopes = ?, active = ?, superuser = ?, pending_until = ?, updated_at = ? WHERE id = ?";
    let save = sqlx::query(SAVE)
        .bind(&account.username)
        .bind(&account.email)
        .bind(account.email_verified_at.map(UnixTime::as_seconds))
        .bind(account.password_hash.expose_secret())
        .bind(to_json(&account.roles)?)
        .bind(to_json(&account.scopes)?)
        .bind(account.active)
        .bind(account.superuser)
        .bind(account.pending_until.map(UnixTime::as_seconds))
        .bind(account.updated_at.as_seconds())
        .bind(&account.id);
    save.execute(&mut **transaction).await.map_err(failed)?;
    Ok(())
}
