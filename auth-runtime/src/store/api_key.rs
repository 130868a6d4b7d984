use core::{error::Error, fmt, num::NonZeroU32};

use serde::Serialize;

use super::BoxFuture;
use crate::{clock::UnixTime, error::StoreError, policy::Quota};

/// Where API keys are kept, only as hashes.
///
/// Rows are looked up by the SHA-256 of 190 random bits, so that the time of a look-up tells nothing about any key.
/// Every method is one atomic step, and what it reported as written survives a crash of the process and of the machine
/// (as far as the store is persistent at all).
pub trait ApiKeyStore: Send + Sync + 'static {
    /// Store a key that is about to be handed out.
    ///
    /// Its user has at most `most` keys, those that ended included. Where there are so many, the key that ended first
    /// makes room.
    ///
    /// # Errors
    /// [`ApiKeyError::TooMany`] when no key of the user has ended by the new one's `created_at`, and
    /// [`ApiKeyError::Store`] when identifier or hash are there already, or the store fails. Nothing is stored or removed
    /// then, and the key must not be handed out.
    fn create_key(&self, key: ApiKeyRecord, most: u32) -> BoxFuture<'_, Result<(), ApiKeyError>>;

    /// The key of this hash, in whatever state, or `None` when there is no such key.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn find_key<'a>(&'a self, hash: &'a [u8; 32]) -> BoxFuture<'a, Result<Option<ApiKeyRecord>, StoreError>>;

    /// The user's keys, those that ended included, by identifier: the oldest first.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn list_keys<'a>(&'a self, user_id: &'a str) -> BoxFuture<'a, Result<Vec<ApiKeyRecord>, StoreError>>;

    /// End one of the user's keys; `false` when the user has no such key. One that was revoked stays revoked since then.
    ///
    /// # Errors
    /// When the store fails.
    fn revoke_key<'a>(
        &'a self,
        user_id: &'a str,
        id: &'a str,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// End all keys of a user; how many were not revoked before.
    ///
    /// # Errors
    /// When the store fails.
    fn revoke_all_keys<'a>(&'a self, user_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Put `new`, a key of the same user, in the place of the key `id`, which ends at `overlap_until`, or earlier where
    /// it would have. Room for it is made as in [`create_key`](Self::create_key).
    ///
    /// Of any number of rotations of one key at any time, from any process, exactly one wins.
    ///
    /// # Errors
    /// [`ApiKeyError::Unknown`] when the user has no such key, [`ApiKeyError::Ended`] when it has ended by the new one's
    /// `created_at` or was replaced already, and those of [`create_key`](Self::create_key). Nothing is changed then.
    fn rotate_key<'a>(
        &'a self,
        id: &'a str,
        new: ApiKeyRecord,
        overlap_until: UnixTime,
        most: u32,
    ) -> BoxFuture<'a, Result<(), ApiKeyError>>;

    /// The key was used. A time that is earlier than the one known changes nothing, and so does an unknown key.
    ///
    /// # Errors
    /// When the store fails.
    fn key_used<'a>(&'a self, id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Remove up to `limit` keys that ended at or before `now`, those that ended first; how many were removed. Called with
    /// a time that lies some weeks back, it leaves people time to see what ended.
    ///
    /// # Errors
    /// When the store fails.
    fn remove_expired_keys(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// What is kept of an API key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// Names the key, in public: a UUIDv7 for those that the account endpoints make.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// What the owner calls it.
    pub name: String,
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// The beginning of the key, for lists.
    pub display: String,
    /// What the key may do, as long as its owner may.
    pub scopes: Vec<String>,
    /// How often it may be used, beside the limits of handlers.
    pub limit: Option<KeyLimit>,
    /// When it was made.
    pub created_at: UnixTime,
    /// The first second in which it can no longer be used; `None` for never.
    pub expires_at: Option<UnixTime>,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<UnixTime>,
    /// When it was taken back.
    pub revoked_at: Option<UnixTime>,
    /// The key that took its place in a rotation.
    pub replaced_by: Option<String>,
}

impl ApiKeyRecord {
    /// The first second in which it can no longer be used, for whatever reason.
    pub fn ends_at(&self) -> Option<UnixTime> {
        self.expires_at.into_iter().chain(self.revoked_at).min()
    }

    /// Whether it can no longer be used.
    pub fn has_ended(&self, now: UnixTime) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }
}

// The hash finds a row, and does not belong in a log line.
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

/// How often one key may be used: `count` requests in `per_seconds`, refilled evenly, all of which may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeyLimit {
    /// Requests.
    pub count: NonZeroU32,
    /// The time that they take to come back, in seconds.
    pub per_seconds: NonZeroU32,
}

impl KeyLimit {
    /// The same as a quota.
    pub const fn quota(self) -> Quota {
        Quota::new(self.count.get(), self.per_seconds.get())
    }
}

/// Why an API key was not stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// The user has no such key.
    Unknown,
    /// The key was revoked, has expired, or was replaced already.
    Ended,
    /// The user has as many keys as one may, and none of them has ended.
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
        // Whatever the clock says: a key that was revoked never works again.
        assert!(record.has_ended(UnixTime::from_seconds(0)));
        record.expires_at = None;
        assert_eq!(record.ends_at(), at(9));
    }
}
