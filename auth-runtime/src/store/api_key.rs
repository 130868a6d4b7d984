use core::{fmt, num::NonZeroU32};

use serde::Serialize;

use crate::{clock::UnixTime, policy::Quota, token::TokenHash};

/// The stored record of an API key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKeyRecord {
    /// The public name of the key. The account endpoints create a UUIDv7.
    pub id: String,
    /// The key's owner.
    pub user_id: String,
    /// The owner's name for the key.
    pub name: String,
    /// SHA-256 of the key.
    pub hash: TokenHash,
    /// The beginning of the key, shown in lists.
    pub display: String,
    /// The scopes of the key. It may use only those that its owner has too.
    pub scopes: Vec<String>,
    /// How often the key may be used, in addition to the limits of handlers.
    pub limit: Option<ApiKeyLimit>,
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
    /// Describes a key without a name, a display form, scopes and a limit. An `expires_at` of `None` means that the key
    /// never expires.
    ///
    /// A store that loads a key from a row calls this first, and then sets every remaining field.
    pub fn new(
        id: impl Into<String>,
        user_id: impl Into<String>,
        hash: TokenHash,
        created_at: UnixTime,
        expires_at: Option<UnixTime>,
    ) -> Self {
        Self {
            id: id.into(),
            user_id: user_id.into(),
            name: String::new(),
            hash,
            display: String::new(),
            scopes: Vec::new(),
            limit: None,
            created_at,
            expires_at,
            last_used_at: None,
            revoked_at: None,
            replaced_by: None,
        }
    }

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
#[non_exhaustive]
pub struct ApiKeyLimit {
    /// The number of requests.
    pub count: NonZeroU32,
    /// The time in which they refill, in seconds.
    pub per_seconds: NonZeroU32,
}

impl ApiKeyLimit {
    /// Allows `count` requests in `per_seconds`.
    pub const fn new(count: NonZeroU32, per_seconds: NonZeroU32) -> Self {
        Self { count, per_seconds }
    }

    /// Returns the limit as a quota.
    pub const fn quota(self) -> Quota {
        Quota::in_seconds(self.count.get(), self.per_seconds.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_prints_no_hash_and_ends_at_the_first_of_its_ends() {
        let at = |seconds| Some(UnixTime::from_seconds(seconds));
        let hash = TokenHash::from_bytes([0xab; 32]);
        let mut record = ApiKeyRecord::new("id", "u", hash, UnixTime::from_seconds(0), None);
        record.name = "canary".to_owned();
        record.display = "canary".to_owned();
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
