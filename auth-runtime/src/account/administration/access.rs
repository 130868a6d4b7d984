use crate::{
    account::{
        api_keys::revoke_all, context::AccountContext, password::require_reset::require_reset,
        password_attempt::count::clear,
    },
    error::StoreError,
    store::{ApiKeyRecord, EndReason, SessionRecord},
};

use super::{Administration, AdministrationError};

impl Administration {
    /// Returns the live sessions of a user, the most recently used first.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn sessions(&self, user_id: &str) -> Result<Vec<SessionRecord>, StoreError> {
        self.context.accounts.sessions().list(user_id, self.context.auth.clock().unix()).await
    }

    /// Ends one session of a user.
    ///
    /// # Errors
    /// Returns [`AdministrationError::UnknownSession`] when the session does not exist or has already ended, and
    /// [`AdministrationError::Store`] when the store fails.
    pub async fn end_session(&self, user_id: &str, session_id: &str) -> Result<(), AdministrationError> {
        let (user_id, session_id) = (user_id.to_owned(), session_id.to_owned());
        self.complete(|administration| async move {
            let ended = administration.context.end_session(&user_id, &session_id, EndReason::Administrator).await?;
            if ended { Ok(()) } else { Err(AdministrationError::UnknownSession) }
        })
        .await
    }

    /// Ends all sessions of a user, and a change of the address that was not confirmed. Returns how many sessions it
    /// ended.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when there was no session to end and the account does not exist, and
    /// [`AdministrationError::Store`] when a store fails.
    pub async fn end_sessions(&self, user_id: &str) -> Result<usize, AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            let ended = administration.context.end_sessions(&user_id, None, EndReason::Administrator).await?;
            if ended == 0 {
                administration.must_exist(&user_id).await?;
            }
            Ok(ended)
        })
        .await
    }

    /// Forces the owner of an account to reset the password. A marker that no password matches replaces the hash, and
    /// the account's sessions end. API keys keep working, see [`revoke_api_keys`](Self::revoke_api_keys).
    ///
    /// Use it for hashes that this crate never verifies, for example single rounds of MD5, and for passwords that have
    /// become known. The owner sets a new password by `POST /auth/password/forgot`.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when the account does not exist, and [`AdministrationError::Pending`]
    /// when it waits for its owner, who has no password yet. Returns [`AdministrationError::Overtaken`] when others
    /// replaced the password at every try, and [`AdministrationError::Store`] when a store fails. The sessions may
    /// already have ended then; calling this function again completes the change.
    pub async fn require_reset(&self, user_id: &str) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move { require_reset(&administration, &user_id).await }).await
    }

    /// Returns the API keys of a user, the oldest first. No record has the key itself.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    pub async fn api_keys(&self, user_id: &str) -> Result<Vec<ApiKeyRecord>, StoreError> {
        self.context.accounts.api_keys().list_keys(user_id).await
    }

    /// Revokes one API key of a user. A key that has already ended is no error.
    ///
    /// # Errors
    /// Returns [`AdministrationError::UnknownApiKey`] when the user has no such key, and
    /// [`AdministrationError::Store`] when the store fails.
    pub async fn revoke_api_key(&self, user_id: &str, key_id: &str) -> Result<(), AdministrationError> {
        let (user_id, key_id) = (user_id.to_owned(), key_id.to_owned());
        self.complete(|administration| async move {
            let AccountContext { auth, accounts } = &administration.context;
            let found = accounts.api_keys().revoke_key(&user_id, &key_id, auth.clock().unix()).await?;
            if found { Ok(()) } else { Err(AdministrationError::UnknownApiKey) }
        })
        .await
    }

    /// Revokes all API keys of a user, and returns how many of them were not revoked before.
    ///
    /// Ending all sessions does not revoke API keys, and neither does a new password unless its owner asks for it,
    /// since programs depend on them. To lock a user out, call [`end_sessions`](Self::end_sessions) first: a live
    /// session could create another key.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when there was no key to revoke and the account does not exist, and
    /// [`AdministrationError::Store`] when a store fails.
    pub async fn revoke_api_keys(&self, user_id: &str) -> Result<u64, AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            let revoked = revoke_all(&administration.context, &user_id, EndReason::Administrator).await?;
            if revoked == 0 {
                administration.must_exist(&user_id).await?;
            }
            Ok(revoked)
        })
        .await
    }

    /// Ends the lock of an account after too many wrong passwords.
    ///
    /// # Errors
    /// Returns [`AdministrationError::Unknown`] when the account does not exist, and [`AdministrationError::Store`]
    /// when a store fails.
    pub async fn unlock(&self, user_id: &str) -> Result<(), AdministrationError> {
        let user_id = user_id.to_owned();
        self.complete(|administration| async move {
            clear(&administration.context, &user_id).await?;
            administration.must_exist(&user_id).await
        })
        .await
    }
}
