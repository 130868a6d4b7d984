use core::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::token::TokenHash;

/// An API key. An [`ApiKeyFormat`](super::ApiKeyFormat) creates and parses it.
///
/// Stores keep only its [`hash`](Self::hash) and its [`display`](Self::display) form. `Debug` does not show the key,
/// and it is wiped when dropped.
pub struct ApiKey(SecretString);

/// The characters of a key's random part and checksum, which are also the digits of base 62.
///
/// They are digits and letters only. A double click selects a whole key, and the characters have no special meaning in
/// a shell, a URL or a header.
pub(super) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl ApiKey {
    /// Wraps a text that the caller has checked.
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the hash that a store keeps and looks up. An unsalted fast hash is enough, because 190 random bits
    /// cannot be guessed (ASVS 5.0, 6.5.2).
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.expose())
    }

    /// Returns the part of the key that lists show, so that people can tell their keys apart. It is the prefix, the
    /// environment and the first four of the 32 random characters.
    pub fn display(&self) -> &str {
        const SHOWN: usize = 4;
        let key = self.expose();
        let lead = key.rfind('_').map_or(0, |underscore| underscore.saturating_add(1));
        key.get(..lead.saturating_add(SHOWN)).unwrap_or_default()
    }

    /// Returns the key itself. Give it to the client only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// The reason why a text is not an API key of this service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseApiKeyError {
    /// The prefix or the length differs, or the text contains characters that keys never contain.
    Shape,
    /// The key is a test key and the service expects production keys, or the reverse.
    Environment,
    /// The checksum does not match: the key was mistyped, cut and completed, or invented.
    Checksum,
}

impl ParseApiKeyError {
    /// Returns a stable word for events and metrics.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Shape => "api_key_shape",
            Self::Environment => "api_key_environment",
            Self::Checksum => "api_key_checksum",
        }
    }
}

impl fmt::Display for ParseApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the text is not an API key of this service",
            Self::Environment => "the API key is for another environment",
            Self::Checksum => "the API key's checksum is wrong",
        })
    }
}

impl core::error::Error for ParseApiKeyError {}
