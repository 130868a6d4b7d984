use secrecy::{ExposeSecret, SecretString};
use sqlx::SqliteTransaction;

use super::{
    SqliteStore,
    account_edits::take,
    account_row::{account, to_json},
    error::failed,
};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, BoxFuture, CreateError,
        NewAccount, Standing, fresh::fresh, login_key,
    },
};

impl AccountStore for SqliteStore {
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>> {
        Box::pin(async move {
            let account = fresh(new, "sqlite", &*self.clock, &*self.entropy)?;
            let mut writing = self.begin_writing().await.map_err(failed)?;
            insert(&mut writing.transaction, &account).await?;
            writing.commit().await.map_err(failed)?;
            Ok(account)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        const BY_ID: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_accounts WHERE id = ?";
        self.find_by(BY_ID, id.into())
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        const BY_LOGIN: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_logins JOIN auth_accounts ON auth_accounts.id = auth_logins.account_id
            WHERE auth_logins.login = ?";
        self.find_by(BY_LOGIN, login_key(login))
    }

    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const SWAP: &str =
            "UPDATE auth_accounts SET password_hash = ?, updated_at = ? WHERE id = ? AND password_hash = ?";
        Box::pin(async move {
            let swap = sqlx::query(SWAP).bind(new.expose_secret()).bind(self.clock.unix().as_seconds());
            let swap = swap.bind(id).bind(old.expose_secret());
            Ok(self.write(swap).await.map_err(failed)? == 1)
        })
    }

    fn set_email_verified<'a>(
        &'a self,
        id: &'a str,
        email: &'a str,
        at: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const VERIFY: &str =
            "UPDATE auth_accounts SET email_verified_at = ?, updated_at = ? WHERE id = ? AND email = ?";
        Box::pin(async move {
            let verify = sqlx::query(VERIFY).bind(at.as_seconds()).bind(self.clock.unix().as_seconds());
            Ok(self.write(verify.bind(id).bind(email)).await.map_err(failed)? == 1)
        })
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let roles = to_json(roles)?;
            self.set("UPDATE auth_accounts SET roles = ?, updated_at = ? WHERE id = ?", roles, id).await
        })
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let scopes = to_json(scopes)?;
            self.set("UPDATE auth_accounts SET scopes = ?, updated_at = ? WHERE id = ?", scopes, id).await
        })
    }

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        Box::pin(async move { self.open_pending(id, &opening, now).await })
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        // An earlier release may have activated an account and left its time.
        const REMOVE: &str = "DELETE FROM auth_accounts WHERE id IN (SELECT id FROM auth_accounts
            WHERE pending_until <= ? AND active = FALSE ORDER BY pending_until, id LIMIT ?)";
        Box::pin(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(limit);
            self.write(remove).await.map_err(failed)
        })
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        const CANCEL: &str = "DELETE FROM auth_accounts WHERE id = ? AND pending_until IS NOT NULL AND active = FALSE";
        Box::pin(async move { Ok(self.write(sqlx::query(CANCEL).bind(id)).await.map_err(failed)? == 1) })
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> BoxFuture<'a, Result<Vec<Account>, StoreError>> {
        Box::pin(self.list_accounts(query))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const ACTIVATE: &str =
            "UPDATE auth_accounts SET active = TRUE, pending_until = NULL, updated_at = ? WHERE id = ?";
        const DEACTIVATE: &str = "UPDATE auth_accounts SET active = FALSE, updated_at = ? WHERE id = ?";
        Box::pin(
            async move { if active { self.grant(id, ACTIVATE).await } else { self.withdraw(id, DEACTIVATE).await } },
        )
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const PROMOTE: &str = "UPDATE auth_accounts SET superuser = TRUE, updated_at = ? WHERE id = ?";
        const DEMOTE: &str = "UPDATE auth_accounts SET superuser = FALSE, updated_at = ? WHERE id = ?";
        Box::pin(async move { if superuser { self.grant(id, PROMOTE).await } else { self.withdraw(id, DEMOTE).await } })
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(self.update(id, AccountUpdate::Username(username)))
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> BoxFuture<'a, Result<bool, CreateError>> {
        Box::pin(self.update(id, AccountUpdate::Email { old, new, verified_at }))
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
        Box::pin(
            async move { self.create_decided(fresh(new, "sqlite", &*self.clock, &*self.entropy)?, standings).await },
        )
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        Box::pin(self.delete_account(id))
    }
}

impl SqliteStore {
    fn find_by(&self, sql: &'static str, value: String) -> BoxFuture<'_, Result<Option<Account>, StoreError>> {
        Box::pin(async move {
            let row = sqlx::query(sql).bind(value).fetch_optional(&self.pool).await.map_err(failed)?;
            row.as_ref().map(account).transpose().map_err(failed)
        })
    }

    /// Runs an update with three parameters: the new value, the time, and the account's identifier.
    async fn set<'a, T>(&'a self, sql: &'static str, value: T, id: &'a str) -> Result<bool, StoreError>
    where
        T: sqlx::Encode<'a, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + 'a,
    {
        let update = sqlx::query(sql).bind(value).bind(self.clock.unix().as_seconds()).bind(id);
        Ok(self.write(update).await.map_err(failed)? == 1)
    }

    /// Runs an update with two parameters: the time, and the account's identifier.
    async fn grant(&self, id: &str, sql: &'static str) -> Result<AccountChange, StoreError> {
        let update = sqlx::query(sql).bind(self.clock.unix().as_seconds()).bind(id);
        let is_known = self.write(update).await.map_err(failed)? == 1;
        Ok(if is_known { AccountChange::Done } else { AccountChange::Unknown })
    }
}

pub(super) async fn insert(transaction: &mut SqliteTransaction<'_>, account: &Account) -> Result<(), CreateError> {
    if !insert_row(transaction, account).await? {
        return Err(CreateError::IdTaken);
    }
    let (username, email) = (login_key(&account.username), login_key(&account.email));
    if !take(transaction, &username, &account.id).await? {
        return Err(CreateError::UsernameTaken);
    }
    if email != username && !take(transaction, &email, &account.id).await? {
        return Err(CreateError::EmailTaken);
    }
    Ok(())
}

/// Returns whether the identifier was free.
async fn insert_row(transaction: &mut SqliteTransaction<'_>, account: &Account) -> Result<bool, StoreError> {
    const INSERT: &str = "INSERT INTO auth_accounts
        (id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser,
        pending_until, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    let insert = sqlx::query(INSERT)
        .bind(&account.id)
        .bind(&account.username)
        .bind(&account.email)
        .bind(account.email_verified_at.map(UnixTime::as_seconds))
        .bind(account.password_hash.expose_secret())
        .bind(to_json(&account.roles)?)
        .bind(to_json(&account.scopes)?)
        .bind(account.active)
        .bind(account.superuser)
        .bind(account.pending_until.map(UnixTime::as_seconds))
        .bind(account.created_at.as_seconds())
        .bind(account.updated_at.as_seconds());
    let done = insert.execute(&mut **transaction).await.map_err(failed)?;
    Ok(done.rows_affected() == 1)
}
