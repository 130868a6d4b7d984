use tracing::Level;

use crate::account::{event::TARGET, grant::Grant};

use super::{Administration, AdministrationError};

impl Administration {
    /// Replaces the roles of an account. Its sessions continue with new access tokens.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Grant`] and changes nothing when the roles cannot be used. Then a text is not the
    /// name of a role, a name is given twice, or an access token with the roles and the account's scopes is too long.
    /// [`GrantError`](crate::account::GrantError) lists the rules. A list that only removes roles is refused only when
    /// it has a name twice.
    ///
    /// Returns [`AdministrationError::Unknown`] when the account does not exist. Returns
    /// [`AdministrationError::Store`] when a store fails. The roles may already be replaced then; calling this function
    /// again completes the change.
    pub async fn set_roles(
        &self,
        user_id: &str,
        roles: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<(), AdministrationError> {
        self.grant(user_id, Grant::Roles(owned(roles))).await
    }

    /// Replaces the scopes that the account's tokens may have. Its sessions continue with new access tokens.
    ///
    /// # Errors
    /// Returns errors like [`set_roles`](Self::set_roles).
    pub async fn set_scopes(
        &self,
        user_id: &str,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<(), AdministrationError> {
        self.grant(user_id, Grant::Scopes(owned(scopes))).await
    }

    async fn grant(&self, user_id: &str, grant: Grant) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            let context = &administration.context;
            let account = administration.find(&user_id).await?;
            grant.check(&context.auth, &account)?;
            administration.update(&user_id, grant.update()).await?;
            tracing::event!(target: TARGET, Level::INFO, user.id = user_id, outcome = "granted", reason = grant.kind());
            Ok(context.reissue_tokens(&user_id).await?)
        })
        .await
    }
}

fn owned(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}
