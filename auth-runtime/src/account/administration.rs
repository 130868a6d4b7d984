use core::{error::Error, fmt};

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAuth},
    error::StoreError,
    guard::{Denied, Rejection, refuse},
    store::{Accounts, EndReason, SessionRecord, account_key},
};

use super::{
    api_keys::revoke_all,
    ending,
    grant::{Grant, GrantError},
    require_reset::require_reset,
    to_its_end::to_its_end,
};

/// What an application does to its accounts, with everything that follows for those who are signed in.
///
/// The stores only keep records: roles that are changed in a store alone show in tokens from the next refresh on. Changed
/// here, the access tokens that are out are refused at once in this process, and within
/// [`AuthBuilder::revocation_seconds`](crate::auth::AuthBuilder::revocation_seconds) in the others.
///
/// Roles and scopes are checked before they are stored: whoever has them can sign in. At most 88 roles and an access token of
/// [`AuthBuilder::access_token_bytes`](crate::auth::AuthBuilder::access_token_bytes) are allowed; [`GrantError`] has the rules.
///
/// What was begun is done to its end, also where nobody waits for it any more: a handler that is dropped since its client has
/// hung up leaves no account with new roles and old tokens.
///
/// An extractor, too, for the handlers of an administrator's pages; it grants nothing by itself, so guard them.
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth, id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Administration;
///
/// let administration = Administration::new(&auth)?;
/// administration.set_roles(id, &["moderator".to_owned()]).await?;
/// administration.set_active(id, false).await?; // signed out everywhere
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Administration {
    auth: Auth,
    accounts: Accounts,
}

impl Administration {
    /// Over the accounts that the engine was built with.
    ///
    /// # Errors
    /// When it was built without.
    pub fn new(auth: &Auth) -> Result<Self, NoAccounts> {
        let accounts = auth.accounts().ok_or(NoAccounts)?.clone();
        Ok(Self { auth: auth.clone(), accounts })
    }

    /// Replaces the roles; `false` when there is no such account. Sessions go on, with new access tokens.
    ///
    /// # Errors
    /// When the roles cannot be used, and nothing is changed: a name is none, a name is given twice, or an access token with
    /// them and the account's scopes is too long. [`GrantError`] has the rules. Roles that the account has can always be
    /// taken away.
    ///
    /// When a store fails. The roles may have been replaced then; calling again completes it.
    pub async fn set_roles(&self, user_id: &str, roles: &[String]) -> Result<bool, GrantError> {
        self.grant(user_id, Grant::Roles(roles.to_owned())).await
    }

    /// Replaces the scopes that the account may be given; `false` when there is no such account. Sessions go on, with new
    /// access tokens.
    ///
    /// # Errors
    /// As [`set_roles`](Self::set_roles).
    pub async fn set_scopes(&self, user_id: &str, scopes: &[String]) -> Result<bool, GrantError> {
        self.grant(user_id, Grant::Scopes(scopes.to_owned())).await
    }

    async fn grant(&self, user_id: &str, grant: Grant) -> Result<bool, GrantError> {
        let (this, user_id) = (self.clone(), user_id.to_owned());
        to_its_end(async move {
            let accounts = this.accounts.accounts();
            let Some(account) = accounts.find(&user_id).await? else { return Ok(false) };
            grant.check(&this.auth, &account)?;
            let is_set = grant.write(accounts, &user_id).await?;
            Ok(this.reissue(&user_id, is_set).await?)
        })
        .await?
    }

    /// Let the account sign in and call, or not; `false` when there is no such account. One that may not is signed out
    /// everywhere.
    ///
    /// # Errors
    /// When a store fails. The account may have been changed then; calling again completes it.
    pub async fn set_active(&self, user_id: &str, active: bool) -> Result<bool, StoreError> {
        let (this, user_id) = (self.clone(), user_id.to_owned());
        to_its_end(async move {
            let is_set = this.accounts.accounts().set_active(&user_id, active).await?;
            if is_set && !active {
                ending::end_all(&this.auth, &this.accounts, &user_id, None, EndReason::Deactivated).await?;
            }
            Ok(is_set)
        })
        .await?
    }

    /// The live sessions of a user, the last used first.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub async fn sessions(&self, user_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        self.accounts.sessions().list(user_id, self.auth.clock().unix()).await
    }

    /// End one session of a user; `false` when there is no such session, or it had ended.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_session(&self, user_id: &str, session_id: &str) -> Result<bool, StoreError> {
        ending::end(&self.auth, &self.accounts, user_id, session_id, EndReason::Administrator).await
    }

    /// Sign a user out everywhere; of how many sessions.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_sessions(&self, user_id: &str) -> Result<usize, StoreError> {
        ending::end_all(&self.auth, &self.accounts, user_id, None, EndReason::Administrator).await
    }

    /// Marks an account whose password has to be reset: its hash is replaced by a marker that no password matches, and its
    /// sessions end; `false` when there is no such account. API keys stay, see [`revoke_api_keys`](Self::revoke_api_keys).
    ///
    /// For hashes that are never verified, such as single rounds of MD5, and for passwords that became known. The owner sets
    /// a new password by `POST /auth/password/forgot`.
    ///
    /// # Errors
    /// When a store fails. The sessions may have ended then; calling again completes it.
    pub async fn require_reset(&self, user_id: &str) -> Result<bool, StoreError> {
        let (this, user_id) = (self.clone(), user_id.to_owned());
        to_its_end(async move { require_reset(&this.auth, &this.accounts, &user_id).await }).await?
    }

    /// Revoke all API keys of a user; how many were not revoked before. A sign-out everywhere leaves them, and so does a new
    /// password unless the person asks for it: programs go on with them. Of somebody who is to be kept out, end the sessions
    /// first, so that none of them makes another key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke_api_keys(&self, user_id: &str) -> Result<u64, StoreError> {
        revoke_all(&self.auth, &self.accounts, user_id, EndReason::Administrator).await
    }

    /// End the cool-down of an account at which too many passwords were tried.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unlock(&self, user_id: &str) -> Result<(), StoreError> {
        self.accounts.attempts().clear_attempts(&account_key(user_id)).await
    }

    async fn reissue(&self, user_id: &str, is_set: bool) -> Result<bool, StoreError> {
        if is_set {
            ending::reissue(&self.auth, &self.accounts, user_id).await?;
        }
        Ok(is_set)
    }
}

impl fmt::Debug for Administration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Administration").finish_non_exhaustive()
    }
}

impl<S: HasAuth + Sync> FromRequestParts<S> for Administration {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let auth = state.auth();
        Self::new(&auth)
            .map_err(|_| refuse(Rejection::Misconfigured("`Auth` was built without `.accounts(…)`"), &auth, parts))
    }
}

/// The engine was built without accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoAccounts;

impl fmt::Display for NoAccounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`Auth` was built without `.accounts(…)`")
    }
}

impl Error for NoAccounts {}
