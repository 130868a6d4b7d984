use tracing::Level;

use crate::{
    account::event::TARGET,
    store::{AccountUpdate, EndReason, Purpose},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Sets whether the account may sign in and call handlers. Deactivating an account ends all its sessions, a change
    /// of the address that was not confirmed, and its invitation if it is pending. Activating opens an account that is
    /// pending.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when the account does not exist. Returns
    /// [`AdministrationError::LastSuperuser`] and changes nothing when the last active superuser would be deactivated.
    ///
    /// Returns [`AdministrationError::Store`] when a store fails. The account may already be changed then; calling this
    /// function again completes the change.
    pub async fn set_active(&self, user_id: &str, active: bool) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            administration.update(&user_id, AccountUpdate::Active(active)).await?;
            let context = &administration.context;
            if !active {
                context.end_sessions(&user_id, None, EndReason::Deactivated).await?;
                context.accounts.one_time_tokens().void_one_time(&user_id, Purpose::Invitation).await?;
            }
            tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "active_set", active);
            Ok(())
        })
        .await
    }

    /// Sets whether the account passes where a handler takes [`SuperUser`](crate::guard::SuperUser). The account is
    /// read at each such request, so the change takes effect at once, in all processes.
    ///
    /// Code of the application makes the first superuser, for example a command at the server.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when the account does not exist,
    /// [`AdministrationError::LastSuperuser`] when the last active superuser would lose the mark, and
    /// [`AdministrationError::Store`] when the store fails.
    pub async fn set_superuser(&self, user_id: &str, superuser: bool) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            administration.update(&user_id, AccountUpdate::Superuser(superuser)).await?;
            tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "superuser_set", superuser);
            Ok(())
        })
        .await
    }
}
