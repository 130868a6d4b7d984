use core::fmt;

use super::{TokenHash, opaque::Opaque};
use crate::secret::{Entropy, EntropyError};

/// The value of a browser's session cookie: 256 random bits, as 43 characters of base64url.
///
/// Stores keep only its [`hash`](Self::hash). `Debug` does not show the secret, and it is wiped when dropped.
pub struct SessionSecret(Opaque);

impl SessionSecret {
    /// Creates a new secret.
    ///
    /// # Errors
    /// Returns an [`EntropyError`] when the source of randomness fails.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// Parses a secret that a browser sent.
    ///
    /// # Errors
    /// Returns [`ParseSessionSecretError`] when the text does not have the form of a secret. No store is asked.
    pub fn parse(text: &str) -> Result<Self, ParseSessionSecretError> {
        Opaque::parse(text).map(Self).ok_or(ParseSessionSecretError)
    }

    /// Returns the hash that a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// Returns the secret itself. Give it to the browser only.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(..)")
    }
}

/// The error for a text that does not have the form of a session cookie's value of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseSessionSecretError;

impl fmt::Display for ParseSessionSecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a session secret")
    }
}

impl core::error::Error for ParseSessionSecretError {}
