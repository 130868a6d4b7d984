use core::fmt;

use super::{TokenHash, opaque::Opaque};
use crate::secret::{Entropy, EntropyError};

/// The value of a browser's session cookie: 256 random bits, as 43 characters of base64url.
///
/// Only its [`hash`](Self::hash) is stored. It does not print, and is wiped when dropped.
pub struct SessionSecret(Opaque);

impl SessionSecret {
    /// A new secret.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// A secret as a browser sends it, `None` when the text cannot be one, before any store is asked.
    pub fn parse(text: &str) -> Option<Self> {
        Opaque::parse(text).map(Self)
    }

    /// What a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// The secret itself, for the browser and nobody else.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(..)")
    }
}
