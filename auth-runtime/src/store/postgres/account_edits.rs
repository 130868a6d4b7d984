use secrecy::ExposeSecret;
use sqlx::PgTransaction;

use super::{
    PostgresStore, account_row::account, conflict::repeated, error::failed, text::is_in_no_row, transaction::end,
};
use crate::{
    clock::UnixTime,
    store::{
        Account, AccountOpening, CreateError, RetiredName,
        account_edit::{NameMoves, opened},
    },
};

impl PostgresStore {
    /// Opens a pending account, and returns it. Returns `None` if it may not be opened.
    pub(super) async fn open_pending(
        &self,
        id: &str,
        opening: &AccountOpening,
        now: UnixTime,
    ) -> Result<Option<Account>, CreateError> {
        if is_in_no_row(id) {
            return Ok(None);
        }
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let outcome = open_in(&mut transaction, id, opening, now, self.clock.unix()).await?;
            end(transaction, matches!(outcome, Ok(Some(_)))).await?;
            Ok(outcome)
        });
        outcome.map_err(failed)?
    }
}

/// Writes the opening into the transaction. Returns the open account, or the reason why there is nothing to commit.
async fn open_in(
    transaction: &mut PgTransaction<'_>,
    id: &str,
    opening: &AccountOpening,
    now: UnixTime,
    time: UnixTime,
) -> Result<Result<Option<Account>, CreateError>, sqlx::Error> {
    let Some(before) = lock_account(transaction, id).await? else { return Ok(Ok(None)) };
    let Some(after) = opened(&before, opening, now, time) else { return Ok(Ok(None)) };
    if !move_names(transaction, &before, &after).await? {
        return Ok(Err(CreateError::UsernameTaken));
    }
    save(transaction, &after).await?;
    Ok(Ok(Some(after)))
}

/// Returns the account, and keeps other transactions from changing it until this one ends.
pub(super) async fn lock_account(
    transaction: &mut PgTransaction<'_>,
    id: &str,
) -> Result<Option<Account>, sqlx::Error> {
    const LOCK: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
        superuser, pending_until, created_at, updated_at
        FROM auth_accounts WHERE id = $1 FOR UPDATE";
    let row = sqlx::query(LOCK).bind(id).fetch_optional(&mut **transaction).await?;
    row.as_ref().map(account).transpose()
}

/// Gives up the names that the account loses, and takes those that it gets. Returns `false` if one of these is taken.
pub(super) async fn move_names(
    transaction: &mut PgTransaction<'_>,
    before: &Account,
    after: &Account,
) -> Result<bool, sqlx::Error> {
    const GIVE_UP: &str = "DELETE FROM auth_logins WHERE login = $1 AND account_id = $2";
    let moves = NameMoves::between(before, after);
    for key in &moves.given_up {
        sqlx::query(GIVE_UP).bind(key).bind(&after.id).execute(&mut **transaction).await?;
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
///
/// Waits for another transaction that takes the same name or gives it up. The second statement then sees what that one
/// has retired.
pub(super) async fn take(transaction: &mut PgTransaction<'_>, key: &str, id: &str) -> Result<bool, sqlx::Error> {
    const TAKE: &str = "INSERT INTO auth_logins (login, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    const IS_RETIRED: &str = "SELECT EXISTS
        (SELECT 1 FROM auth_retired_names WHERE name_hash = $1 AND user_id IS DISTINCT FROM $2)";
    if sqlx::query(TAKE).bind(key).bind(id).execute(&mut **transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let name = RetiredName::of_login(key);
    let is_retired = sqlx::query_scalar::<_, bool>(IS_RETIRED).bind(name.as_bytes().as_slice()).bind(id);
    Ok(!is_retired.fetch_one(&mut **transaction).await?)
}

/// Keeps a name from all accounts but `owner`.
pub(super) async fn retire(
    transaction: &mut PgTransaction<'_>,
    name: &RetiredName,
    owner: Option<&str>,
) -> Result<(), sqlx::Error> {
    const RETIRE: &str = "INSERT INTO auth_retired_names (name_hash, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sqlx::query(RETIRE).bind(name.as_bytes().as_slice()).bind(owner).execute(&mut **transaction).await?;
    Ok(())
}

pub(super) async fn save(transaction: &mut PgTransaction<'_>, account: &Account) -> Result<(), sqlx::Error> {
    const SAVE: &str = "UPDATE auth_accounts SET username = $1, email = $2, email_verified_at = $3,
        password_hash = $4, roles = $5, scopes = $6, active = $7, superuser = $8, pending_until = $9, updated_at = $10
        WHERE id = $11";
    let save = sqlx::query(SAVE)
        .bind(&account.username)
        .bind(&account.email)
        .bind(account.email_verified_at.map(UnixTime::as_seconds))
        .bind(account.password_hash.expose_secret())
        .bind(&account.roles)
        .bind(&account.scopes)
        .bind(account.active)
        .bind(account.superuser)
        .bind(account.pending_until.map(UnixTime::as_seconds))
        .bind(account.updated_at.as_seconds())
        .bind(&account.id);
    save.execute(&mut **transaction).await?;
    Ok(())
}
