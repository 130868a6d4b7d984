//! How each change is carried out: to its end, and only while the accounts stand on which it was decided.

use crate::{
    account::{context::AccountContext, uninterrupted::to_its_end},
    error::StoreError,
    store::{AccountChange, AccountUpdate, CreateError, Standing},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Makes changes only while these accounts may do what they could when somebody decided about the change.
    pub(in crate::account) fn while_standing(mut self, standings: Vec<Standing>) -> Self {
        self.standings = standings;
        self
    }

    /// Runs the steps of a change to their end, even if the caller's future is dropped.
    pub(in crate::account) async fn complete<T, E, F>(&self, steps: impl FnOnce(Self) -> F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        to_its_end(steps(self.clone())).await?
    }

    /// Writes the change that was decided.
    pub(in crate::account) async fn update(
        &self,
        user_id: &str,
        update: AccountUpdate<'_>,
    ) -> Result<(), AdministrationError> {
        write(&self.context, user_id, update, &self.standings).await
    }
}

/// Writes a change, only while these accounts stand so.
pub(super) async fn write(
    context: &AccountContext,
    user_id: &str,
    update: AccountUpdate<'_>,
    standings: &[Standing],
) -> Result<(), AdministrationError> {
    match context.accounts.accounts().update_while(user_id, update, standings).await {
        Ok(change) => done(change),
        Err(CreateError::Store(error)) => Err(error.into()),
        Err(CreateError::EmailTaken) => Err(AdministrationError::EmailTaken),
        Err(_) => Err(AdministrationError::UsernameTaken),
    }
}

/// Turns the store's answer about a change into a result.
pub(super) fn done(change: AccountChange) -> Result<(), AdministrationError> {
    match change {
        AccountChange::Done => Ok(()),
        AccountChange::Unknown => Err(AdministrationError::Unknown),
        AccountChange::LastSuperuser => Err(AdministrationError::LastSuperuser),
        AccountChange::Overtaken => Err(AdministrationError::Overtaken),
    }
}
