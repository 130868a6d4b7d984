use core::fmt;

#[cfg(feature = "remote")]
use aws_lc_rs::digest::Context;
use aws_lc_rs::digest::{Digest, SHA256, digest};

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

    /// Returns the hash of a credential at one of several places, which a byte stands for.
    #[cfg(feature = "remote")]
    pub(crate) fn of_kind(kind: u8, token: &str) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&[kind]);
        context.update(token.as_bytes());
        Self::wrap(&context.finish())
    }

    pub(super) fn of(token: &str) -> Self {
        Self::wrap(&digest(&SHA256, token.as_bytes()))
    }

    fn wrap(digest: &Digest) -> Self {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
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
