use core::{error::Error, fmt, num::NonZeroU32};

use serde::Serialize;

use super::BoxFuture;
use crate::{clock::UnixTime, error::StoreError, policy::Quota};

/// A store of API keys. It keeps only their hashes.
///
/// The store looks rows up by the SHA-256 of 190 random bits, so the time of a look-up reveals nothing about a key.
/// Every method is one atomic step. If the store is persistent, what a method reported as written survives a crash of
/// the process and of the machine.
pub trait ApiKeyStore: Send + Sync + 'static {
    /// Stores a key that is about to be given to its user.
    ///
    /// A user has at most `most` keys, and keys that have ended count too. When the user already has `most` keys, the
    /// store removes the key that ended first.
    ///
    /// # Errors
    /// Returns [`ApiKeyError::TooMany`] when the user has `most` keys and none of them has ended by the new key's
    /// `created_at`. Returns [`ApiKeyError::Store`] when the identifier or the hash is already stored, or the store
    /// fails. After an error, nothing is stored or removed, and the caller must not give the key away.
    fn create_key(&self, key: ApiKeyRecord, most: u32) -> BoxFuture<'_, Result<(), ApiKeyError>>;

    /// Returns the key with this hash, in any state, or `None` when it does not exist.
    ///
    /// # Errors
    /// Returns [`StoreError`] when the store cannot answer.
    fn find_key<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<ApiKeyRecord>, StoreError>>;

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

    /// Replaces the key `id` with `new`, a key of the same user. The old key ends at `overlap_until`, or earlier if it
    /// would have ended earlier. The store makes room for the new key as [`create_key`](Self::create_key) does.
    ///
    /// Any number of calls may rotate one key at any time, from any number of processes: exactly one of them wins.
    ///
    /// # Errors
    /// Returns [`ApiKeyError::Unknown`] when the user has no such key. Returns [`ApiKeyError::Ended`] when the old key
    /// has ended by the new key's `created_at` or is already replaced. Also returns the errors of
    /// [`create_key`](Self::create_key). After an error, nothing has changed.
    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        most: u32,
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
    /// When the store fails.
    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// The stored record of an API key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// The public name of the key. The account endpoints create a UUIDv7.
    pub id: String,
    /// The key's owner.
    pub user_id: String,
    /// The owner's name for the key.
    pub name: String,
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// The beginning of the key, shown in lists.
    pub display: String,
    /// The scopes of the key. It may use only those that its owner has too.
    pub scopes: Vec<String>,
    /// How often the key may be used, in addition to the limits of handlers.
    pub limit: Option<KeyLimit>,
    /// When the key was created.
    pub created_at: UnixTime,
    /// The first second in which the key can no longer be used; `None` if it never expires.
    pub expires_at: Option<UnixTime>,
    /// When the key was last used, exact to about a minute.
    pub last_used_at: Option<UnixTime>,
    /// When the key was revoked.
    pub revoked_at: Option<UnixTime>,
    /// The identifier of the key that replaced this one in a rotation.
    pub replaced_by: Option<String>,
}

impl ApiKeyRecord {
    /// Returns the first second in which the key can no longer be used, because it has expired or is revoked.
    pub fn ends_at(&self) -> Option<UnixTime> {
        self.expires_at.into_iter().chain(self.revoked_at).min()
    }

    /// Returns whether the key can no longer be used.
    pub fn has_ended(&self, now: UnixTime) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }
}

// The hash finds a row, so it does not belong in a log line.
impl fmt::Debug for ApiKeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeyRecord")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("scopes", &self.scopes)
            .field("limit", &self.limit)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .field("last_used_at", &self.last_used_at)
            .field("revoked_at", &self.revoked_at)
            .field("replaced_by", &self.replaced_by)
            .finish_non_exhaustive()
    }
}

/// How often one key may be used: `count` requests in `per_seconds`. The allowance refills evenly, and all of it may be
/// used at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeyLimit {
    /// The number of requests.
    pub count: NonZeroU32,
    /// The time in which they refill, in seconds.
    pub per_seconds: NonZeroU32,
}

impl KeyLimit {
    /// Returns the limit as a quota.
    pub const fn quota(self) -> Quota {
        Quota::in_seconds(self.count.get(), self.per_seconds.get())
    }
}

/// The reason why an API key was not stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// The user has no such key.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_prints_no_hash_and_ends_at_the_first_of_its_ends() {
        let at = |seconds| Some(UnixTime::from_seconds(seconds));
        let mut record = ApiKeyRecord {
            id: "id".to_owned(),
            user_id: "u".to_owned(),
            name: "canary".to_owned(),
            hash: [0xab; 32],
            display: "canary".to_owned(),
            scopes: Vec::new(),
            limit: None,
            created_at: UnixTime::from_seconds(0),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
            replaced_by: None,
        };
        let printed = format!("{record:?}");
        assert!(!printed.contains("canary") && !printed.contains("171"), "{printed}");

        assert_eq!((record.ends_at(), record.has_ended(UnixTime::from_seconds(i64::MAX))), (None, false));
        record.expires_at = at(7);
        assert_eq!(record.ends_at(), at(7));
        assert!(!record.has_ended(UnixTime::from_seconds(6)) && record.has_ended(UnixTime::from_seconds(7)));
        record.revoked_at = at(9);
        assert_eq!(record.ends_at(), at(7));
        // A revoked key never works again, even if the clock goes back to before the revocation.
        assert!(record.has_ended(UnixTime::from_seconds(0)));
        record.expires_at = None;
        assert_eq!(record.ends_at(), at(9));
    }
}
