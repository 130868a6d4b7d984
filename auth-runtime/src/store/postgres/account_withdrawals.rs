use sqlx::PgTransaction;

use super::{
    PostgresStore,
    account_edits::{lock_account, retire},
    error::failed,
    text::is_in_no_row,
    transaction::repeated,
};
use crate::{
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
            let account = match lock_replaceable(&mut transaction, id).await? {
                Ok(account) => account,
                Err(refusal) => {
                    transaction.rollback().await?;
                    return Ok(refusal);
                }
            };
            let withdraw = sqlx::query(sql).bind(self.clock.unix().as_seconds()).bind(&account.id);
            withdraw.execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(AccountChange::Done)
        });
        outcome.map_err(failed)
    }

    pub(super) async fn delete_account(&self, id: &str) -> Result<AccountChange, StoreError> {
        const DELETE: &str = "DELETE FROM auth_accounts WHERE id = $1";
        // No account is left that may take a name back.
        const DISOWN: &str = "UPDATE auth_retired_names SET user_id = NULL WHERE user_id = $1";
        if is_in_no_row(id) {
            return Ok(AccountChange::Unknown);
        }
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let account = match lock_replaceable(&mut transaction, id).await? {
                Ok(account) => account,
                Err(refusal) => {
                    transaction.rollback().await?;
                    return Ok(refusal);
                }
            };
            if let Some(name) = RetiredName::of(&account) {
                retire(&mut transaction, &name, None).await?;
            }
            for statement in [DISOWN, DELETE] {
                sqlx::query(statement).bind(id).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(AccountChange::Done)
        });
        outcome.map_err(failed)
    }
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
