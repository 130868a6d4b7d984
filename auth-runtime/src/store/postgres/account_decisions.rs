//! Changes that are made only while accounts stand as they were when somebody decided.

use sqlx::PgTransaction;

use super::{
    PostgresStore,
    account_edits::{move_names, save},
    account_row::account,
    accounts::insert,
    conflict::repeated,
    error::failed,
    last_superuser::{has_others, lock_superusers},
    text::is_in_no_row,
    transaction::end,
};
use crate::{
    clock::UnixTime,
    store::{Account, AccountChange, AccountUpdate, CreateError, Standing},
};

impl PostgresStore {
    /// Makes a change while these accounts stand so. All their rows are locked until the transaction ends.
    pub(super) async fn update_decided(
        &self,
        id: &str,
        update: AccountUpdate<'_>,
        standings: &[Standing],
    ) -> Result<AccountChange, CreateError> {
        if is_in_no_row(id) {
            return Ok(AccountChange::Unknown);
        }
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let outcome = update_in(&mut transaction, id, update, standings, self.clock.unix()).await?;
            end(transaction, matches!(outcome, Ok(AccountChange::Done))).await?;
            Ok(outcome)
        });
        outcome.map_err(failed)?
    }

    /// Makes a change whatever other accounts may do, and returns whether it did.
    pub(super) async fn update(&self, id: &str, update: AccountUpdate<'_>) -> Result<bool, CreateError> {
        Ok(self.update_decided(id, update, &[]).await? == AccountChange::Done)
    }

    /// Stores a new account while these accounts stand so.
    pub(super) async fn create_decided(
        &self,
        account: &Account,
        standings: &[Standing],
    ) -> Result<Option<Account>, CreateError> {
        let outcome = repeated!({
            let mut transaction = self.begin().await?;
            let locked = lock_all(&mut transaction, standings, None).await?;
            let outcome = if still_hold(standings, &locked) {
                insert(&mut transaction, account).await?.map_or(Ok(Some(account.clone())), Err)
            } else {
                Ok(None)
            };
            end(transaction, matches!(outcome, Ok(Some(_)))).await?;
            Ok(outcome)
        });
        outcome.map_err(failed)?
    }
}

/// Writes the change into the transaction. Returns [`AccountChange::Done`], or the reason why there is nothing to
/// commit.
async fn update_in(
    transaction: &mut PgTransaction<'_>,
    id: &str,
    update: AccountUpdate<'_>,
    standings: &[Standing],
    now: UnixTime,
) -> Result<Result<AccountChange, CreateError>, sqlx::Error> {
    if update.is_withdrawal() {
        // Before the rows, as everywhere: two transactions that lock both then never wait for each other.
        lock_superusers(transaction).await?;
    }
    let locked = lock_all(transaction, standings, Some(id)).await?;
    if !still_hold(standings, &locked) {
        return Ok(Ok(AccountChange::Overtaken));
    }
    let Some(before) = locked.iter().find(|account| account.id == id) else { return Ok(Ok(AccountChange::Unknown)) };
    if update.is_withdrawal() && before.active && before.superuser && !has_others(transaction, id).await? {
        return Ok(Ok(AccountChange::LastSuperuser));
    }
    let Some(after) = update.of(before, now) else { return Ok(Ok(AccountChange::Overtaken)) };
    if !move_names(transaction, before, &after).await? {
        return Ok(Err(update.taken()));
    }
    save(transaction, &after).await?;
    Ok(Ok(AccountChange::Done))
}

/// Returns these accounts, and keeps other transactions from changing them until this one ends. The rows are locked in
/// the order of their identifiers: two administrators who change each other then never wait for each other.
async fn lock_all(
    transaction: &mut PgTransaction<'_>,
    standings: &[Standing],
    changed: Option<&str>,
) -> Result<Vec<Account>, sqlx::Error> {
    const LOCK: &str = "SELECT id, username, email, email_verified_at, password_hash, roles, scopes, active,
        superuser, pending_until, created_at, updated_at
        FROM auth_accounts WHERE id = ANY($1) ORDER BY id FOR UPDATE";
    let ids = standings.iter().map(|standing| &*standing.id).chain(changed);
    let ids: Vec<&str> = ids.filter(|id| !is_in_no_row(id)).collect();
    let rows = sqlx::query(LOCK).bind(ids).fetch_all(&mut **transaction).await?;
    rows.iter().map(account).collect()
}

fn still_hold(standings: &[Standing], locked: &[Account]) -> bool {
    standings.iter().all(|standing| standing.still_holds(locked.iter().find(|account| account.id == standing.id)))
}
