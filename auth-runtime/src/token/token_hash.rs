use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};

/// The SHA-256 of an opaque credential: a refresh token, a one-time token, a session's cookie or an API key.
///
/// A store keeps the hash and finds the credential by it. The look-up needs no constant time, since an attacker cannot
/// choose how a hash begins. `Debug` does not show the hash.
///
/// ```
/// use auth_runtime::token::TokenHash;
///
/// let hash = TokenHash::from_bytes([7; 32]);
/// assert_eq!(hash.as_bytes(), &[7; 32]);
/// assert_eq!(format!("{hash:?}"), "TokenHash(..)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Wraps a hash that a store has read from its table.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes that a store writes to its table.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(token: &str) -> Self {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(digest(&SHA256, token.as_bytes()).as_ref()) {
            *to = *from;
        }
        Self(hash)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}
