use core::fmt;

use super::{TokenHash, opaque::Opaque};
use crate::secret::{Entropy, EntropyError};

/// An opaque refresh token of 256 random bits, as 43 characters of base64url.
///
/// Stores keep only its [`hash`](Self::hash). `Debug` does not show the token, and it is wiped when dropped.
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
    /// Creates a new token.
    ///
    /// # Errors
    /// Returns an [`EntropyError`] when the source of randomness fails.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// Parses a token that a client sent.
    ///
    /// # Errors
    /// Returns [`ParseRefreshTokenError`] when the text does not have the form of a refresh token. No store is asked.
    pub fn parse(text: &str) -> Result<Self, ParseRefreshTokenError> {
        Opaque::parse(text).map(Self).ok_or(ParseRefreshTokenError)
    }

    /// Returns the hash that a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// Returns the token itself. Give it to the client only.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

/// The error for a text that does not have the form of a refresh token of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseRefreshTokenError;

impl fmt::Display for ParseRefreshTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a refresh token")
    }
}

impl core::error::Error for ParseRefreshTokenError {}
