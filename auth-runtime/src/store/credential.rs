use super::SessionRecord;
use crate::token::TokenHash;

/// The first credential that continues a session. A store refuses a variant that it does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstCredential {
    /// A refresh token. It expires when the unused session does.
    #[non_exhaustive]
    RefreshToken {
        /// SHA-256 of the token.
        hash: TokenHash,
    },
    /// A cookie.
    #[non_exhaustive]
    Cookie {
        /// SHA-256 of its value.
        hash: TokenHash,
    },
}

impl FirstCredential {
    /// Describes a refresh token by its hash.
    pub const fn refresh_token(hash: TokenHash) -> Self {
        Self::RefreshToken { hash }
    }

    /// Describes a cookie by the hash of its value.
    pub const fn cookie(hash: TokenHash) -> Self {
        Self::Cookie { hash }
    }
}

/// A stored refresh token. Only [`SessionStore::rotate`](super::SessionStore::rotate) decides whether it may be
/// used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundToken {
    /// The session that it belongs to.
    pub session: SessionRecord,
    /// Whether the token was used. A use is never undone.
    pub is_used: bool,
}

impl FoundToken {
    /// Describes a token of this session, used or not.
    pub const fn new(session: SessionRecord, is_used: bool) -> Self {
        Self { session, is_used }
    }
}

/// The hashes of a cookie and of its replacement.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CookieSwap {
    /// SHA-256 of the present value.
    pub old: TokenHash,
    /// SHA-256 of the next value.
    pub new: TokenHash,
}

impl CookieSwap {
    /// Replaces the cookie with the hash `old` by the one with the hash `new`.
    pub const fn new(old: TokenHash, new: TokenHash) -> Self {
        Self { old, new }
    }
}
