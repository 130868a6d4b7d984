use sqlx::SqliteTransaction;

use super::{
    SqliteStore,
    account_edits::{find_in, retire},
    error::failed,
};
use crate::{
    error::StoreError,
    store::{Account, AccountChange, RetiredName},
};

impl SqliteStore {
    /// Runs an update that takes something away which the last active superuser keeps. Its parameters are the time and
    /// the account's identifier.
    pub(super) async fn withdraw(&self, id: &str, sql: &'static str) -> Result<AccountChange, StoreError> {
        let mut writing = self.begin_writing().await.map_err(failed)?;
        let Some(account) = find_in(&mut writing.transaction, id).await? else { return Ok(AccountChange::Unknown) };
        if is_last_superuser(&mut writing.transaction, &account).await? {
            return Ok(AccountChange::LastSuperuser);
        }
        let withdraw = sqlx::query(sql).bind(self.clock.unix().as_seconds()).bind(id);
        withdraw.execute(&mut *writing.transaction).await.map_err(failed)?;
        writing.commit().await.map_err(failed)?;
        Ok(AccountChange::Done)
    }

    pub(super) async fn delete_account(&self, id: &str) -> Result<AccountChange, StoreError> {
        const DELETE: &str = "DELETE FROM auth_accounts WHERE id = ?";
        // No account is left that may take a name back.
        const DISOWN: &str = "UPDATE auth_retired_names SET user_id = NULL WHERE user_id = ?";
        let mut writing = self.begin_writing().await.map_err(failed)?;
        let Some(account) = find_in(&mut writing.transaction, id).await? else { return Ok(AccountChange::Unknown) };
        if is_last_superuser(&mut writing.transaction, &account).await? {
            return Ok(AccountChange::LastSuperuser);
        }
        if let Some(name) = RetiredName::of(&account) {
            retire(&mut writing.transaction, &name, None).await?;
        }
        for statement in [DISOWN, DELETE] {
            sqlx::query(statement).bind(id).execute(&mut *writing.transaction).await.map_err(failed)?;
        }
        writing.commit().await.map_err(failed)?;
        Ok(AccountChange::Done)
    }
}

pub(super) async fn is_last_superuser(
    transaction: &mut SqliteTransaction<'_>,
    account: &Account,
) -> Result<bool, StoreError> {
    const HAS_OTHERS: &str =
        "SELECT EXISTS (SELECT 1 FROM auth_accounts WHERE superuser = 1 AND active = 1 AND id <> ?)";
    if !account.active || !account.superuser {
        return Ok(false);
    }
    let has_others = sqlx::query_scalar::<_, bool>(HAS_OTHERS).bind(&account.id);
    Ok(!has_others.fetch_one(&mut **transaction).await.map_err(failed)?)
}
