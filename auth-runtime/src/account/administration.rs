use core::fmt;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::{Auth, HasAuth},
    error::StoreError,
    guard::{GuardRejection, Rejection, refuse},
    store::{AccountChange, EndReason, SessionRecord},
};

use super::{
    api_keys::revoke_all,
    context::{AccountContext, NoAccountsError},
    grant::{Grant, GrantError},
    password::require_reset::require_reset,
    password_attempt::count::clear,
    uninterrupted::to_its_end,
};

/// Changes accounts on behalf of the application, together with all consequences for their sessions.
///
/// The stores only keep records. A role that is changed directly in a store appears in tokens only after the next
/// refresh. A change through this type takes effect sooner: this process refuses the old access tokens at once, and the
/// other processes within [`AuthBuilder::revocation_delay`](crate::auth::AuthBuilder::revocation_delay).
///
/// Roles and scopes are checked before they are stored, so that the account can still sign in with them. The limits are
/// 88 roles and an access token of [`AuthBuilder::access_token_bytes`](crate::auth::AuthBuilder::access_token_bytes).
/// [`GrantError`] lists the rules.
///
/// A change that has begun is completed even if the caller's future is dropped. So a client that disconnects, and
/// thereby drops its handler, cannot leave an account with new roles and old tokens.
///
/// This type is also an extractor, for the handlers of administration pages. It checks no permission, so these handlers
/// need a guard.
///
/// ```no_run
/// # async fn example(auth: auth_runtime::Auth, id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_runtime::account::Administration;
///
/// let administration = Administration::new(&auth)?;
/// administration.set_roles(id, ["moderator"]).await?;
/// administration.set_scopes(id, [""; 0]).await?; // takes all scopes away
/// administration.set_active(id, false).await?; // signed out everywhere
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Administration(pub(super) AccountContext);

impl Administration {
    /// Creates the administration of the accounts that the engine was built with.
    ///
    /// # Errors
    /// Returns [`NoAccountsError`] when the engine was built without accounts.
    pub fn new(auth: &Auth) -> Result<Self, NoAccountsError> {
        AccountContext::of(auth).map(Self)
    }

    /// Replaces the roles of an account; returns `false` when the account does not exist. Its sessions continue with
    /// new access tokens.
    ///
    /// # Errors
    /// Returns an error and changes nothing when the roles cannot be used: a text is not the name of a role, a name is
    /// given twice, or an access token with the roles and the account's scopes is too long. [`GrantError`] lists the
    /// rules. A list that only removes roles is refused only when it has a name twice.
    ///
    /// Returns [`GrantError::Store`] when a store fails. The roles may already be replaced then; calling this function
    /// again completes the change.
    pub async fn set_roles(
        &self,
        user_id: &str,
        roles: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<bool, GrantError> {
        self.grant(user_id, Grant::Roles(owned(roles))).await
    }

    /// Replaces the scopes that the account's tokens may have; returns `false` when the account does not exist. Its
    /// sessions continue with new access tokens.
    ///
    /// # Errors
    /// Returns errors like [`set_roles`](Self::set_roles).
    pub async fn set_scopes(
        &self,
        user_id: &str,
        scopes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<bool, GrantError> {
        self.grant(user_id, Grant::Scopes(owned(scopes))).await
    }

    async fn grant(&self, user_id: &str, grant: Grant) -> Result<bool, GrantError> {
        let (context, user_id) = (self.0.clone(), user_id.to_owned());
        to_its_end(async move {
            let accounts = context.accounts.accounts();
            let Some(account) = accounts.find(&user_id).await? else { return Ok(false) };
            grant.check(&context.auth, &account)?;
            let is_set = grant.write(accounts, &user_id).await?;
            if is_set {
                context.reissue_tokens(&user_id).await?;
            }
            Ok(is_set)
        })
        .await?
    }

    /// Sets whether the account may sign in and call handlers; returns `false` when the account does not exist.
    /// Deactivating an account ends all its sessions.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a store fails. The account may already be changed then; calling this function again
    /// completes the change.
    pub async fn set_active(&self, user_id: &str, active: bool) -> Result<bool, StoreError> {
        let (context, user_id) = (self.0.clone(), user_id.to_owned());
        to_its_end(async move {
            let is_set = match context.accounts.accounts().set_active(&user_id, active).await? {
                AccountChange::Done => true,
                AccountChange::Unknown => false,
                AccountChange::LastSuperuser => return Err(StoreError::new("accounts", "the last active superuser")),
            };
            if is_set && !active {
                context.end_sessions(&user_id, None, EndReason::Deactivated).await?;
            }
            Ok(is_set)
        })
        .await?
    }

    /// Returns the live sessions of a user, the most recently used first.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn sessions(&self, user_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        self.0.accounts.sessions().list(user_id, self.0.auth.clock().unix()).await
    }

    /// Ends one session of a user; returns `false` when the session does not exist or has already ended.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn end_session(&self, user_id: &str, session_id: &str) -> Result<bool, StoreError> {
        self.0.end_session(user_id, session_id, EndReason::Administrator).await
    }

    /// Ends all sessions of a user, and returns how many it ended.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn end_sessions(&self, user_id: &str) -> Result<usize, StoreError> {
        self.0.end_sessions(user_id, None, EndReason::Administrator).await
    }

    /// Forces the owner of an account to reset the password; returns `false` when the account does not exist. A marker
    /// that no password matches replaces the hash, and the account's sessions end. API keys keep working, see
    /// [`revoke_api_keys`](Self::revoke_api_keys).
    ///
    /// Use it for hashes that this crate never verifies, for example single rounds of MD5, and for passwords that have
    /// become known. The owner sets a new password by `POST /auth/password/forgot`.
    ///
    /// # Errors
    /// Returns [`StoreError`] when a store fails. The sessions may already have ended then; calling this function again
    /// completes the change.
    pub async fn require_reset(&self, user_id: &str) -> Result<bool, StoreError> {
        let (context, user_id) = (self.0.clone(), user_id.to_owned());
        to_its_end(async move { require_reset(&context, &user_id).await }).await?
    }

    /// Revokes all API keys of a user, and returns how many of them were not revoked before.
    ///
    /// Ending all sessions does not revoke API keys, and neither does a new password unless its owner asks for it,
    /// since programs depend on them. To lock a user out, call [`end_sessions`](Self::end_sessions) first: a live
    /// session could create another key.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn revoke_api_keys(&self, user_id: &str) -> Result<u64, StoreError> {
        revoke_all(&self.0, user_id, EndReason::Administrator).await
    }

    /// Ends the lock of an account after too many wrong passwords.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn unlock(&self, user_id: &str) -> Result<(), StoreError> {
        clear(&self.0, user_id).await
    }
}

fn owned(names: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

impl fmt::Debug for Administration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Administration").finish_non_exhaustive()
    }
}

impl<S: HasAuth + Sync> FromRequestParts<S> for Administration {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, GuardRejection> {
        let auth = state.auth();
        Self::new(&auth)
            .map_err(|_| refuse(Rejection::Misconfigured("`Auth` was built without `.accounts(…)`"), &auth, parts))
    }
}
