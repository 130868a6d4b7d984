use core::fmt;

use super::{ClientLabel, SessionRecord};
use crate::{clock::UnixTime, secret::is_same, token::TokenHash};

/// The arguments of [`SessionStore::rotate`](super::SessionStore::rotate).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Rotation<'a> {
    /// SHA-256 of the token.
    pub hash: &'a TokenHash,
    /// The client that presents it.
    pub client_id: &'a str,
    /// The client's fingerprint. It distinguishes a lost answer from a copied token.
    pub fingerprint: &'a Fingerprint,
    /// Whether a retry must present the fingerprint of the token's use. The store keeps the fingerprint in either case,
    /// since the next rotation may ask for it.
    pub must_match_fingerprint: bool,
    /// SHA-256 of the successor.
    pub successor: &'a TokenHash,
    /// The successor, sealed so that only a holder of the presented token can read it.
    pub sealed: &'a [u8],
    /// The client that uses the session now.
    pub client: &'a ClientLabel,
    /// The current time.
    pub now: UnixTime,
    /// How long after its use a token still gets the same successor, in seconds.
    pub grace_seconds: u32,
    /// When the successor and the session expire unless they are used.
    pub idle_expires_at: UnixTime,
    /// When the revocation can be forgotten, should the session end.
    pub remember_until: UnixTime,
}

impl<'a> Rotation<'a> {
    /// Describes a rotation of the token `hash` to the token `successor`, by this client at this time.
    ///
    /// The other fields start at their strictest values. The fingerprint must match, there is no grace, the successor
    /// expires at once, and a revocation is never forgotten.
    pub const fn new(
        hash: &'a TokenHash,
        successor: &'a TokenHash,
        sealed: &'a [u8],
        client_id: &'a str,
        fingerprint: &'a Fingerprint,
        client: &'a ClientLabel,
        now: UnixTime,
    ) -> Self {
        Self {
            hash,
            client_id,
            fingerprint,
            must_match_fingerprint: true,
            successor,
            sealed,
            client,
            now,
            grace_seconds: 0,
            idle_expires_at: now,
            remember_until: UnixTime::from_seconds(i64::MAX),
        }
    }
}

/// The SHA-256 of a value that a client keeps while it retries. [`is_same`](Self::is_same) compares fingerprints in
/// constant time. `Debug` does not show the hash.
#[derive(Clone, Copy)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Wraps a hash that a store has read from its table.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes that a store writes to its table.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns whether both are the fingerprint of the same client.
    pub fn is_same(&self, other: &Self) -> bool {
        is_same(&self.0, &other.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}

/// The result of a rotation. Only the first two allow the caller to issue tokens. `Debug` does not show the successor.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Rotated {
    /// The token was valid. It is used up now, and its successor is stored.
    Won(SessionRecord),
    /// The same client used the token a moment ago: an answer was lost, or two of its tasks used the token at once.
    #[non_exhaustive]
    Again {
        /// The session.
        session: SessionRecord,
        /// The successor that the first use stored, as it was sealed.
        sealed: Vec<u8>,
    },
    /// The token was used before, so two parties have a copy. Its session was live until now and is ended.
    Reused(SessionRecord),
    /// The token belongs to a session that had ended.
    Ended(SessionRecord),
    /// The token is valid but belongs to another client.
    Foreign(SessionRecord),
    /// The token or its session has expired. The token was never used, or the same client used it a moment ago.
    Expired,
    /// The token does not exist, or it expired long ago and was removed.
    Unknown,
}

impl Rotated {
    /// Describes a retry of the same client, which gets the stored successor.
    pub const fn again(session: SessionRecord, sealed: Vec<u8>) -> Self {
        Self::Again { session, sealed }
    }
}
