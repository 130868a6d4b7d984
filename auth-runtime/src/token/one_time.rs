use core::fmt;

use super::{TokenHash, opaque::Opaque};
use crate::secret::{Entropy, EntropyError};

/// An opaque token of 256 random bits, as 43 characters of base64url, that is sent by mail and used once.
///
/// Stores keep only its [`hash`](Self::hash). `Debug` does not show the token, and it is wiped when dropped.
pub struct OneTimeToken(Opaque);

impl OneTimeToken {
    /// Creates a new token.
    ///
    /// # Errors
    /// Returns an [`EntropyError`] when the source of randomness fails.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// Parses a token that the recipient of the mail sent back.
    ///
    /// # Errors
    /// Returns [`ParseOneTimeTokenError`] when the text does not have the form of a one-time token. No store is asked.
    pub fn parse(text: &str) -> Result<Self, ParseOneTimeTokenError> {
        Opaque::parse(text).map(Self).ok_or(ParseOneTimeTokenError)
    }

    /// Returns the hash that a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// Returns the token itself. Put it into the mail only.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeToken(..)")
    }
}

/// The error for a text that does not have the form of a one-time token of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOneTimeTokenError;

impl fmt::Display for ParseOneTimeTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a one-time token")
    }
}

impl core::error::Error for ParseOneTimeTokenError {}
