use core::fmt;

use super::{TokenHash, opaque::Opaque};
use crate::secret::{Entropy, EntropyError};

/// The secret that a client keeps while its user proves elsewhere who they are: 256 random bits, as 43 characters of
/// base64url. A browser keeps it in a cookie, and an app in its memory.
///
/// `Debug` does not show the nonce, and it is wiped when dropped.
pub(crate) struct SignInNonce(Opaque);

impl SignInNonce {
    /// Creates a new nonce.
    ///
    /// # Errors
    /// Returns an [`EntropyError`] when the source of randomness fails.
    pub(crate) fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Opaque::mint(entropy).map(Self)
    }

    /// Parses a nonce that a client sent. Returns `None` for a text of another form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Opaque::parse(text).map(Self)
    }

    /// Returns the hash by which uses of the nonce are counted.
    pub(crate) fn hash(&self) -> TokenHash {
        self.0.hash()
    }

    /// Returns the nonce itself. Give it to the client only.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for SignInNonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInNonce(..)")
    }
}
