use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::TokenHash;
use crate::secret::{Entropy, EntropyError};

/// 256 random bits as 43 characters of base64url: the content of every opaque credential. Each kind of credential wraps
/// it in a type of its own, so that the compiler tells the kinds apart.
pub(super) struct Opaque(SecretString);

const BYTES: usize = 32;

impl Opaque {
    pub(super) fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        entropy.fill(bytes.as_mut_slice())?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes.as_slice()).into()))
    }

    /// Accepts a text that has the form of an opaque credential. Each value has exactly one text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
            Ok(BYTES) => Some(Self(text.into())),
            _ => None,
        }
    }

    pub(super) fn hash(&self) -> TokenHash {
        TokenHash::of(self.expose())
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
