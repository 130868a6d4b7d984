use core::{error::Error, fmt};

use super::BoxFuture;
use crate::{clock::UnixTime, error::StoreError};

/// Where refresh tokens are kept: opaque, used once, and only as hashes.
///
/// Rows are looked up by the SHA-256 of 256 random bits, so that the time of a look-up tells nothing about any token.
pub trait RefreshStore: Send + Sync + 'static {
    /// Store a token that is about to be handed out.
    ///
    /// # Errors
    /// When its session was revoked in the meantime (so that a refresh under way cannot outlive the revocation), the
    /// hash is there already, or the store fails. Nothing is stored then, and the token must not be handed out.
    fn insert(&self, record: RefreshRecord) -> BoxFuture<'_, Result<(), InsertError>>;

    /// Use up the token of this hash. Of any number of claims at any time, from any process, exactly one wins; it is
    /// durable before it is reported.
    ///
    /// # Errors
    /// When the store fails. The claim may have been made then, and nothing may be minted.
    fn claim<'a>(&'a self, hash: &'a [u8; 32], now: UnixTime) -> BoxFuture<'a, Result<Claim, StoreError>>;

    /// Make all tokens of a session unusable, used ones and those of the future included; how many were not revoked
    /// before.
    ///
    /// # Errors
    /// When the store fails.
    fn revoke_session<'a>(&'a self, session_id: &'a str, now: UnixTime) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// As [`revoke_session`](Self::revoke_session), for all sessions of a user but one.
    ///
    /// # Errors
    /// When the store fails.
    fn revoke_user<'a>(
        &'a self,
        user_id: &'a str,
        except: Option<&'a str>,
        now: UnixTime,
    ) -> BoxFuture<'a, Result<u64, StoreError>>;

    /// Remove up to `limit` tokens that expired at or before `now`, the oldest first; how many were removed.
    ///
    /// # Errors
    /// When the store fails.
    fn remove_expired(&self, now: UnixTime, limit: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// What is kept of a refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshRecord {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// The session that the token continues: its family.
    pub session_id: String,
    /// Whom it stands for.
    pub user_id: String,
    /// The client that it was given to, and that alone may use it.
    pub client_id: String,
    /// The scope that was granted, separated by spaces (RFC 6749, section 3.3).
    pub scope: String,
    /// When the token was handed out.
    pub issued_at: UnixTime,
    /// The first second in which it can no longer be used.
    pub expires_at: UnixTime,
    /// When the person last proved who they are (`auth_time` of RFC 9068).
    pub auth_time: UnixTime,
}

// The hash and the session's identifier find rows; neither belongs in a log line.
impl fmt::Debug for RefreshRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshRecord")
            .field("user_id", &self.user_id)
            .field("client_id", &self.client_id)
            .field("scope", &self.scope)
            .field("issued_at", &self.issued_at)
            .field("expires_at", &self.expires_at)
            .field("auth_time", &self.auth_time)
            .finish_non_exhaustive()
    }
}

/// What became of a claim. Only [`Claim::Won`] entitles to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Claim {
    /// The token was good and is used up now.
    Won(RefreshRecord),
    /// The token was used before: somebody has a copy, or an answer was lost. Said of an expired token, too, for as
    /// long as its row is kept.
    Replayed {
        /// The token.
        record: RefreshRecord,
        /// When it was used.
        claimed_at: UnixTime,
    },
    /// The token's session was revoked. Said before all else that may be true of the token.
    Revoked(RefreshRecord),
    /// The token was never used, and is too old by now.
    Expired,
    /// There is no such token, or it expired long ago and was removed.
    Unknown,
}

/// Why a refresh token was not stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum InsertError {
    /// The session has been revoked.
    SessionRevoked,
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for InsertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SessionRevoked => "the session has been revoked",
            Self::Store(_) => "the refresh token could not be stored",
        })
    }
}

impl Error for InsertError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::SessionRevoked => None,
        }
    }
}

impl From<StoreError> for InsertError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_neither_hash_nor_session() {
        let time = UnixTime::from_seconds(7);
        let record = RefreshRecord {
            hash: [0xab; 32],
            session_id: "canary".to_owned(),
            user_id: "u".to_owned(),
            client_id: "c".to_owned(),
            scope: "s".to_owned(),
            issued_at: time,
            expires_at: time,
            auth_time: time,
        };
        let printed = format!("{:?}", Claim::Won(record));
        assert!(!printed.contains("canary") && !printed.contains("171"), "{printed}");
    }
}
