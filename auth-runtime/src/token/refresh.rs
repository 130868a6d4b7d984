use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};

use super::opaque::Opaque;
use crate::secret::{Entropy, EntropyError};

/// An opaque refresh token of 256 random bits, as 43 characters of base64url.
///
/// Only its [`hash`](Self::hash) is stored. It does not print, and is wiped when dropped.
///
/// ```
/// use auth_runtime::secret::SystemEntropy;
/// use auth_runtime::token::RefreshToken;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let token = RefreshToken::mint(&SystemEntropy::new())?;
/// let stored = token.hash();
/// assert_eq!(RefreshToken::parse(token.expose())?.hash(), stored);
/// # Ok(()) }
/// ```
pub struct RefreshToken(Opaque);

impl RefreshToken {
    /// A new token.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// A token as a client sends it.
    ///
    /// # Errors
    /// When the text cannot be one, before any store is asked.
    pub fn parse(text: &str) -> Result<Self, BadRefreshToken> {
        Opaque::parse(text).map(Self).ok_or(BadRefreshToken)
    }

    /// What a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// The token itself, for the client and nobody else.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

/// The SHA-256 of an opaque token. Looking it up needs no constant time: nobody can aim at a hash bit by bit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
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

/// The text is not a refresh token of the form that is minted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadRefreshToken;

impl fmt::Display for BadRefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a refresh token")
    }
}

impl core::error::Error for BadRefreshToken {}
