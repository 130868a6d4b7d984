#[cfg(any(feature = "sqlite", feature = "postgres"))]
use super::ParseNameError;
use crate::clock::UnixTime;

/// Access tokens that are refused before they expire.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revocation {
    /// The position among all revocations. Positions grow, and the first is 1.
    pub position: u64,
    /// A value that no other revocation has, for example 16 random bytes. By it a process recognises the history that
    /// it has read: another copy of the database has another revocation at the same position.
    pub mark: [u8; 16],
    /// The tokens that are revoked.
    pub target: RevokedTarget,
    /// Revokes only tokens of generations before this one. `None` revokes all tokens of the target.
    pub before_generation: Option<u32>,
    /// The first second in which the revocation can be forgotten.
    pub remember_until: UnixTime,
}

impl Revocation {
    /// Describes the revocation of all tokens of a target.
    pub const fn new(position: u64, mark: [u8; 16], target: RevokedTarget, remember_until: UnixTime) -> Self {
        Self { position, mark, target, before_generation: None, remember_until }
    }
}

/// The target of a revocation.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevokedTarget {
    /// All tokens of a session, by `sid`.
    Session(String),
    /// One token, by `jti`.
    Token(String),
}

/// The names of the kinds in a database.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl RevokedTarget {
    pub(super) const SESSION: &str = "session";
    pub(super) const TOKEN: &str = "token";

    /// Returns the target of this kind.
    pub(super) fn of(kind: &str, target: String) -> Result<Self, ParseNameError> {
        match kind {
            Self::SESSION => Ok(Self::Session(target)),
            Self::TOKEN => Ok(Self::Token(target)),
            _ => Err(ParseNameError),
        }
    }
}

/// A session with outdated access tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reissued {
    /// The session's identifier.
    pub session_id: String,
    /// The session's new generation. Tokens of earlier generations are refused.
    pub generation: u32,
}

impl Reissued {
    /// Describes a session that has started this generation.
    pub fn new(session_id: impl Into<String>, generation: u32) -> Self {
        Self { session_id: session_id.into(), generation }
    }
}
