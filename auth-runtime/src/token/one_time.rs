use core::fmt;

use super::{BadRefreshToken, RefreshToken, TokenHash};
use crate::secret::{Entropy, EntropyError};

/// An opaque token of 256 random bits that is sent by mail and used once. It looks like a refresh token; it is another
/// type, so that neither is ever taken for the other.
///
/// Only its [`hash`](Self::hash) is stored. It does not print, and is wiped when dropped.
pub struct OneTimeToken(RefreshToken);

impl OneTimeToken {
    /// A new token.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        RefreshToken::mint(entropy).map(Self)
    }

    /// A token as somebody sends it back.
    ///
    /// # Errors
    /// When the text cannot be one, before any store is asked.
    pub fn parse(text: &str) -> Result<Self, BadOneTimeToken> {
        RefreshToken::parse(text).map(Self).map_err(|BadRefreshToken| BadOneTimeToken)
    }

    /// What a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// The token itself, for the mail and nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeToken(..)")
    }
}

/// The text is not a one-time token of the form that is minted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadOneTimeToken;

impl fmt::Display for BadOneTimeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a one-time token")
    }
}

impl core::error::Error for BadOneTimeToken {}
