use sqlx::PgTransaction;

use super::{
    PostgresStore,
    account_edits::{lock_account, retire},
    conflict::repeated,
    error::failed,
    text::is_in_no_row,
    transaction::end,
};
use crate::{
    clock::Clock,
    error::StoreError,
    store::{Account, AccountChange, RetiredName},
};

impl PostgresStore {
    /// Runs an update that takes something away which the last active superuser keeps. Its parameters are the time and
    /// the account's identifier.
    pub(super) async fn withdraw(&self, id: &str, sql: &'static str) -> Result<AccountChange, StoreError> {
        if is_in_no_row(id) {
            return Ok(AccountChange::Unknown);
        }
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let outcome = withdraw_in(&mut transaction, id, sql, &*self.clock).await?;
            end(transaction, outcome == AccountChange::Done).await?;
            Ok(outcome)
        });
        outcome.map_err(failed)
    }

    pub(super) async fn delete_account(&self, id: &str) -> Result<AccountChange, StoreError> {
        if is_in_no_row(id) {
            return Ok(AccountChange::Unknown);
        }
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let outcome = delete_in(&mut transaction, id).await?;
            end(transaction, outcome == AccountChange::Done).await?;
            Ok(outcome)
        });
        outcome.map_err(failed)
    }
}

/// Writes the update into the transaction. Returns [`AccountChange::Done`], or the reason why there is nothing to
/// commit.
async fn withdraw_in(
    transaction: &mut PgTransaction<'_>,
    id: &str,
    sql: &'static str,
    clock: &dyn Clock,
) -> Result<AccountChange, sqlx::Error> {
    if let Err(refusal) = lock_replaceable(transaction, id).await? {
        return Ok(refusal);
    }
    sqlx::query(sql).bind(clock.unix().as_seconds()).bind(id).execute(&mut **transaction).await?;
    Ok(AccountChange::Done)
}

/// Deletes the account in the transaction, and retires its name. Returns as [`withdraw_in`] does.
async fn delete_in(transaction: &mut PgTransaction<'_>, id: &str) -> Result<AccountChange, sqlx::Error> {
    const DELETE: &str = "DELETE FROM auth_accounts WHERE id = $1";
    // No account is left that may take a name back.
    const DISOWN: &str = "UPDATE auth_retired_names SET user_id = NULL WHERE user_id = $1";
    let account = match lock_replaceable(transaction, id).await? {
        Ok(account) => account,
        Err(refusal) => return Ok(refusal),
    };
    if let Some(name) = RetiredName::of(&account) {
        retire(transaction, &name, None).await?;
    }
    for statement in [DISOWN, DELETE] {
        sqlx::query(statement).bind(id).execute(&mut **transaction).await?;
    }
    Ok(AccountChange::Done)
}

/// Locks an account that is not the last active superuser, or returns the refusal.
///
/// Only one transaction at a time may take superusers away. Two of them would otherwise each count the other's
/// superuser.
async fn lock_replaceable(
    transaction: &mut PgTransaction<'_>,
    id: &str,
) -> Result<Result<Account, AccountChange>, sqlx::Error> {
    lock_superusers(transaction).await?;
    let Some(account) = lock_account(transaction, id).await? else { return Ok(Err(AccountChange::Unknown)) };
    if account.active && account.superuser && !has_others(transaction, id).await? {
        return Ok(Err(AccountChange::LastSuperuser));
    }
    Ok(Ok(account))
}

/// Waits until no other transaction takes superusers away. Every transaction locks this before it locks rows.
pub(super) async fn lock_superusers(transaction: &mut PgTransaction<'_>) -> Result<(), sqlx::Error> {
    // The types are exact: a function of another role that fits better would be called instead.
    const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('auth_accounts:superusers'::text, 0::bigint))";
    sqlx::query(LOCK).execute(&mut **transaction).await?;
    Ok(())
}

/// Returns whether there is an active superuser beside this account.
pub(super) async fn has_others(transaction: &mut PgTransaction<'_>, id: &str) -> Result<bool, sqlx::Error> {
    const HAS_OTHERS: &str = "SELECT EXISTS (SELECT 1 FROM auth_accounts WHERE superuser AND active AND id <> $1)";
    sqlx::query_scalar::<_, bool>(HAS_OTHERS).bind(id).fetch_one(&mut **transaction).await
}
