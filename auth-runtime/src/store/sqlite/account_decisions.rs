//! Changes that are made only while accounts stand as they were when somebody decided.

use sqlx::SqliteTransaction;

use super::{
    SqliteStore,
    account_edits::{find_in, move_names, save},
    accounts::insert,
    error::failed,
    last_superuser::is_last_superuser,
};
use crate::{
    error::StoreError,
    store::{Account, AccountChange, AccountUpdate, CreateError, Standing},
};

impl SqliteStore {
    /// Makes a change while these accounts stand so. The transaction writes alone from its first read on.
    pub(super) async fn update_decided(
        &self,
        id: &str,
        update: AccountUpdate<'_>,
        standings: &[Standing],
    ) -> Result<AccountChange, CreateError> {
        let mut writing = self.begin_writing().await.map_err(failed)?;
        let transaction = &mut writing.transaction;
        if !still_hold(transaction, standings).await? {
            return Ok(AccountChange::Overtaken);
        }
        let Some(before) = find_in(transaction, id).await? else { return Ok(AccountChange::Unknown) };
        if update.is_withdrawal() && is_last_superuser(transaction, &before).await? {
            return Ok(AccountChange::LastSuperuser);
        }
        let Some(after) = update.of(&before, self.clock.unix()) else { return Ok(AccountChange::Overtaken) };
        if !move_names(transaction, &before, &after).await? {
            return Err(update.taken());
        }
        save(transaction, &after).await?;
        writing.commit().await.map_err(failed)?;
        Ok(AccountChange::Done)
    }

    /// Makes a change whatever other accounts may do, and returns whether it did.
    pub(super) async fn update(&self, id: &str, update: AccountUpdate<'_>) -> Result<bool, CreateError> {
        Ok(self.update_decided(id, update, &[]).await? == AccountChange::Done)
    }

    /// Stores a new account while these accounts stand so.
    pub(super) async fn create_decided(
        &self,
        account: Account,
        standings: &[Standing],
    ) -> Result<Option<Account>, CreateError> {
        let mut writing = self.begin_writing().await.map_err(failed)?;
        if !still_hold(&mut writing.transaction, standings).await? {
            return Ok(None);
        }
        insert(&mut writing.transaction, &account).await?;
        writing.commit().await.map_err(failed)?;
        Ok(Some(account))
    }
}

async fn still_hold(transaction: &mut SqliteTransaction<'_>, standings: &[Standing]) -> Result<bool, StoreError> {
    for standing in standings {
        let now = find_in(transaction, &standing.id).await?;
        if !standing.still_holds(now.as_ref()) {
            return Ok(false);
        }
    }
    Ok(true)
}
