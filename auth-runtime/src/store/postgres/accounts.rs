use secrecy::{ExposeSecret, SecretString};
use sqlx::PgTransaction;

use super::{
    PostgresStore, account_edits::take, account_row::account, conflict::repeated, error::failed, text::is_in_no_row,
    transaction::end,
};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::{
        Account, AccountChange, AccountOpening, AccountQuery, AccountStore, AccountUpdate, BoxFuture, CreateError,
        NewAccount, Standing, fresh::fresh, login_key,
    },
};

impl AccountStore for PostgresStore {
    fn create(&self, new: NewAccount) -> BoxFuture<'_, Result<Account, CreateError>> {
        self.within(async move {
            let account = fresh(new, "postgres", &*self.clock, &*self.entropy)?;
            let refusal = repeated!({
                let mut transaction = self.begin().await?;
                let refusal = insert(&mut transaction, &account).await?;
                end(transaction, refusal.is_none()).await?;
                Ok(refusal)
            });
            refusal.map_err(failed)?.map_or(Ok(account), Err)
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        const BY_ID: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_accounts WHERE id = $1";
        self.find_by(BY_ID, id.into())
    }

    fn find_by_login<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Option<Account>, StoreError>> {
        const BY_LOGIN: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
            superuser, pending_until, created_at, updated_at
            FROM auth_logins JOIN auth_accounts ON auth_accounts.id = auth_logins.account_id
            WHERE auth_logins.login = $1";
        self.find_by(BY_LOGIN, login_key(login))
    }

    fn set_password_hash<'a>(
        &'a self,
        id: &'a str,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        const SWAP: &str =
            "UPDATE auth_accounts SET password_hash = $1, updated_at = $2 WHERE id = $3 AND password_hash = $4";
        self.within(async move {
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
            "UPDATE auth_accounts SET email_verified_at = $1, updated_at = $2 WHERE id = $3 AND email = $4";
        self.within(async move {
            let verify = sqlx::query(VERIFY).bind(at.as_seconds()).bind(self.clock.unix().as_seconds());
            Ok(self.write(verify.bind(id).bind(email)).await.map_err(failed)? == 1)
        })
    }

    fn set_roles<'a>(&'a self, id: &'a str, roles: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.within(self.set("UPDATE auth_accounts SET roles = $1, updated_at = $2 WHERE id = $3", roles, id))
    }

    fn set_scopes<'a>(&'a self, id: &'a str, scopes: &'a [String]) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.within(self.set("UPDATE auth_accounts SET scopes = $1, updated_at = $2 WHERE id = $3", scopes, id))
    }

    fn open<'a>(
        &'a self,
        id: &'a str,
        opening: AccountOpening,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        self.within(async move { self.open_pending(id, &opening, now).await })
    }

    fn remove_pending(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        // An earlier release may have activated an account and left its time.
        const REMOVE: &str = "DELETE FROM auth_accounts WHERE id IN (SELECT id FROM auth_accounts
            WHERE pending_until <= $1 AND NOT active ORDER BY pending_until, id LIMIT $2 FOR UPDATE SKIP LOCKED)";
        self.within(async move {
            let remove = sqlx::query(REMOVE).bind(now.as_seconds()).bind(i64::from(limit));
            self.write(remove).await.map_err(failed)
        })
    }

    fn cancel_pending<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        const CANCEL: &str = "DELETE FROM auth_accounts WHERE id = $1 AND pending_until IS NOT NULL AND NOT active";
        self.within(async move {
            if is_in_no_row(id) {
                return Ok(false);
            }
            Ok(self.write(sqlx::query(CANCEL).bind(id)).await.map_err(failed)? == 1)
        })
    }

    fn list_accounts<'a>(&'a self, query: &'a AccountQuery) -> BoxFuture<'a, Result<Vec<Account>, StoreError>> {
        self.within(self.list_accounts(query))
    }

    fn set_active<'a>(&'a self, id: &'a str, active: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const ACTIVATE: &str =
            "UPDATE auth_accounts SET active = TRUE, pending_until = NULL, updated_at = $1 WHERE id = $2";
        const DEACTIVATE: &str = "UPDATE auth_accounts SET active = FALSE, updated_at = $1 WHERE id = $2";
        self.within(
            async move { if active { self.grant(id, ACTIVATE).await } else { self.withdraw(id, DEACTIVATE).await } },
        )
    }

    fn set_superuser<'a>(&'a self, id: &'a str, superuser: bool) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        const PROMOTE: &str = "UPDATE auth_accounts SET superuser = TRUE, updated_at = $1 WHERE id = $2";
        const DEMOTE: &str = "UPDATE auth_accounts SET superuser = FALSE, updated_at = $1 WHERE id = $2";
        self.within(
            async move { if superuser { self.grant(id, PROMOTE).await } else { self.withdraw(id, DEMOTE).await } },
        )
    }

    fn set_username<'a>(&'a self, id: &'a str, username: &'a str) -> BoxFuture<'a, Result<bool, CreateError>> {
        self.within(self.update(id, AccountUpdate::Username(username)))
    }

    fn set_email<'a>(
        &'a self,
        id: &'a str,
        old: &'a str,
        new: &'a str,
        verified_at: Option<UnixTime>,
    ) -> BoxFuture<'a, Result<bool, CreateError>> {
        self.within(self.update(id, AccountUpdate::Email { old, new, verified_at }))
    }

    fn update_while<'a>(
        &'a self,
        id: &'a str,
        update: AccountUpdate<'a>,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<AccountChange, CreateError>> {
        self.within(self.update_decided(id, update, standings))
    }

    fn create_while<'a>(
        &'a self,
        new: NewAccount,
        standings: &'a [Standing],
    ) -> BoxFuture<'a, Result<Option<Account>, CreateError>> {
        self.within(async move {
            self.create_decided(&fresh(new, "postgres", &*self.clock, &*self.entropy)?, standings).await
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<AccountChange, StoreError>> {
        self.within(self.delete_account(id))
    }
}

impl PostgresStore {
    fn find_by(&self, sql: &'static str, value: String) -> BoxFuture<'_, Result<Option<Account>, StoreError>> {
        self.within(async move {
            if is_in_no_row(&value) {
                return Ok(None);
            }
            let row = sqlx::query(sql).bind(value).fetch_optional(&self.pool).await.map_err(failed)?;
            row.as_ref().map(account).transpose().map_err(failed)
        })
    }

    /// Runs an update with three parameters: the new value, the time, and the account's identifier.
    async fn set<'a, T>(&'a self, sql: &'static str, value: T, id: &'a str) -> Result<bool, StoreError>
    where
        T: sqlx::Encode<'a, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + 'a,
    {
        if is_in_no_row(id) {
            return Ok(false);
        }
        let update = sqlx::query(sql).bind(value).bind(self.clock.unix().as_seconds()).bind(id);
        Ok(self.write(update).await.map_err(failed)? == 1)
    }

    /// Runs an update with two parameters: the time, and the account's identifier.
    async fn grant(&self, id: &str, sql: &'static str) -> Result<AccountChange, StoreError> {
        if is_in_no_row(id) {
            return Ok(AccountChange::Unknown);
        }
        let update = sqlx::query(sql).bind(self.clock.unix().as_seconds()).bind(id);
        let is_known = self.write(update).await.map_err(failed)? == 1;
        Ok(if is_known { AccountChange::Done } else { AccountChange::Unknown })
    }
}

/// Inserts the account with its logins. Returns the reason why it cannot be there, if one of its names is taken.
pub(super) async fn insert(
    transaction: &mut PgTransaction<'_>,
    account: &Account,
) -> Result<Option<CreateError>, sqlx::Error> {
    if !insert_row(transaction, account).await? {
        return Ok(Some(CreateError::IdTaken));
    }
    let (username, email) = (login_key(&account.username), login_key(&account.email));
    if !take(transaction, &username, &account.id).await? {
        return Ok(Some(CreateError::UsernameTaken));
    }
    if email != username && !take(transaction, &email, &account.id).await? {
        return Ok(Some(CreateError::EmailTaken));
    }
    Ok(None)
}

/// Inserts the account, and returns whether the identifier was free.
async fn insert_row(transaction: &mut PgTransaction<'_>, account: &Account) -> Result<bool, sqlx::Error> {
    const INSERT: &str = "INSERT INTO auth_accounts
        (id, username, email, email_verified_at, password_hash, roles, scopes, active, superuser,
        pending_until, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING";
    let insert = sqlx::query(INSERT)
        .bind(&account.id)
        .bind(&account.username)
        .bind(&account.email)
        .bind(account.email_verified_at.map(UnixTime::as_seconds))
        .bind(account.password_hash.expose_secret())
        .bind(&account.roles)
        .bind(&account.scopes)
        .bind(account.active)
        .bind(account.superuser)
        .bind(account.pending_until.map(UnixTime::as_seconds))
        .bind(account.created_at.as_seconds())
        .bind(account.updated_at.as_seconds());
    Ok(insert.execute(&mut **transaction).await?.rows_affected() == 1)
}
