use core::{error::Error, fmt};

use super::{ApiKeyRecord, BoxFuture};
use crate::{clock::UnixTime, error::StoreError, token::TokenHash};

/// A store of API keys. It keeps only their hashes.
///
/// The store looks rows up by the SHA-256 of 190 random bits, so the time of a look-up reveals nothing about a key.
/// Every method is one atomic step. If the store is persistent, what a method reported as written survives a crash of
/// the process and of the machine.
pub trait ApiKeyStore: Send + Sync + 'static {
    /// Stores a key that is about to be given to its user.
    ///
    /// A user has at most `max_keys` keys, and keys that have ended count too. When the user already has that many, the
    /// store removes the key that ended first.
    ///
    /// # Errors
    /// Returns [`ApiKeyError::TooMany`] when the user has `max_keys` keys and all of them end after the new key's
    /// `created_at`. Returns [`ApiKeyError::Store`] when the identifier or the hash is already stored, or the store
    /// fails. After an error, nothing is stored or removed, and the caller must not give the key away.
    fn create_key(&self, key: ApiKeyRecord, max_keys: u32) -> BoxFuture<'_, Result<(), ApiKeyError>>;

    /// Returns the key with this hash, in any state, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_key<'a>(&'a self, hash: &'a TokenHash) -> BoxFuture<'a, Result<Option<ApiKeyRecord>, StoreError>>;

    /// Returns the user's keys in the order of their identifiers, the oldest first. Keys that have ended are included.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn list_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<Vec<ApiKeyRecord>, StoreError>>;

    /// Revokes one of the user's keys. Returns `false` when the user does not have it. A key that is already revoked
    /// keeps the time of its revocation.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn revoke_key<'a>(
        &'a self,
        user_id: &'a str,
        id: &'a str,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Revokes all keys of a user. Returns how many of them were not revoked before.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Removes all keys of a user, in any state. Returns how many it removed.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_all_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Replaces the key `id` with `new`, a key of the same user. The old key ends at `overlap_until`, or earlier if it
    /// would have ended earlier. The store makes room for the new key as [`create_key`](Self::create_key) does.
    ///
    /// Any number of calls may rotate one key at any time, from any number of processes: exactly one of them wins.
    ///
    /// # Errors
    /// Returns [`ApiKeyError::Unknown`] when the user has no key with this identifier. Returns [`ApiKeyError::Ended`]
    /// when the old key has ended by the new key's `created_at` or is already replaced. Also returns the errors of
    /// [`create_key`](Self::create_key). After an error, nothing has changed.
    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        max_keys: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>>;

    /// Records that the key was used. The call changes nothing when a later use is already recorded or the key is
    /// unknown.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Removes up to `limit` keys that ended at or before `now`, starting with those that ended first. Returns how many
    /// it removed. Call it with a time some weeks ago, so that users can still see their ended keys.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store fails.
    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// The reason why an API key was not stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// The user has no key with this identifier.
    Unknown,
    /// The key is revoked, expired or already replaced.
    Ended,
    /// The user has the highest number of keys, and no key has ended.
    TooMany,
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the user has no such API key",
            Self::Ended => "the API key has ended or was replaced already",
            Self::TooMany => "the user has as many API keys as one may",
            Self::Store(_) => "the API key could not be stored",
        })
    }
}

impl Error for ApiKeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for ApiKeyError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
