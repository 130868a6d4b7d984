use auth_runtime::{
    clock::UnixTime,
    error::StoreError,
    store::{Account, AccountChange, AccountUpdate, CreateError, NewAccount, Standing, login_key},
};
use secrecy::ExposeSecret;
use sqlx::SqliteConnection;

use super::{
    UserTable,
    accounts::{failed, insert, row_id, to_json},
    changes::{find, is_last_superuser, is_login_taken, retire},
};

/// Changes that are made only while accounts stand as they were when somebody decided. Each takes the write lock before
/// it reads, so that nothing changes between.
impl UserTable {
    pub(super) async fn update_decided(
        &self,
        id: &str,
        update: AccountUpdate<'_>,
        standings: &[Standing],
    ) -> Result<AccountChange, CreateError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        if !still_hold(&mut transaction, standings).await? {
            return Ok(AccountChange::Overtaken);
        }
        let Some(before) = find(&mut transaction, id).await? else { return Ok(AccountChange::Unknown) };
        if update.is_withdrawal() && is_last_superuser(&mut transaction, &before).await? {
            return Ok(AccountChange::LastSuperuser);
        }
        let Some(after) = update.of(&before, before.updated_at) else { return Ok(AccountChange::Overtaken) };
        if !are_names_free(&mut transaction, &before, &after).await? {
            return Err(update.taken());
        }
        save(&mut transaction, &before, &after).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(AccountChange::Done)
    }

    pub(super) async fn create_decided(
        &self,
        new: NewAccount,
        standings: &[Standing],
    ) -> Result<Option<Account>, CreateError> {
        self.fill_keys(&self.pool).await.map_err(failed)?;
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        if !still_hold(&mut transaction, standings).await? {
            return Ok(None);
        }
        let account = insert(&mut transaction, &new).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(Some(account))
    }
}

async fn still_hold(connection: &mut SqliteConnection, standings: &[Standing]) -> Result<bool, StoreError> {
    for standing in standings {
        if !standing.still_holds(find(connection, &standing.id).await?.as_ref()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether the names that the user gets are free.
async fn are_names_free(
    connection: &mut SqliteConnection,
    before: &Account,
    after: &Account,
) -> Result<bool, StoreError> {
    let had = [login_key(&before.username), login_key(&before.email)];
    for name in [&after.username, &after.email] {
        let key = login_key(name);
        if !had.contains(&key) && is_login_taken(connection, &key, row_id(&before.id)).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes the row. The trigger of `adopt.sql` removes what was made of an old address, so the names come second.
async fn save(connection: &mut SqliteConnection, before: &Account, after: &Account) -> Result<(), StoreError> {
    const SAVE: &str = "UPDATE users SET email = ?, pw_hash = ?, roles = ?, scopes = ?, is_disabled = ?, superuser = ?,
        pending_until = ?, changed_at = unixepoch() WHERE id = ?";
    const NAMES: &str = "UPDATE users SET username = ?, username_key = ?, email_key = ?, email_verified_at = ?
        WHERE id = ?";
    let save = sqlx::query(SAVE)
        .bind(&after.email)
        .bind(after.password_hash.expose_secret())
        .bind(to_json(&after.roles))
        .bind(to_json(&after.scopes))
        .bind(!after.active)
        .bind(after.superuser)
        .bind(after.pending_until.map(UnixTime::as_seconds))
        .bind(row_id(&after.id));
    save.execute(&mut *connection).await.map_err(failed)?;
    if (&before.username, &before.email) == (&after.username, &after.email) {
        return Ok(());
    }
    if login_key(&before.username) != login_key(&after.username) {
        retire(connection, before, row_id(&before.id)).await?;
    }
    let names = sqlx::query(NAMES)
        .bind(&after.username)
        .bind(login_key(&after.username))
        .bind(login_key(&after.email))
        .bind(after.email_verified_at.map(UnixTime::as_seconds))
        .bind(row_id(&after.id));
    names.execute(connection).await.map_err(failed)?;
    Ok(())
}
