use core::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::token::TokenHash;

/// An API key, made and read by an [`ApiKeyFormat`](super::ApiKeyFormat).
///
/// Only its [`hash`](Self::hash) is stored, and what [`display`](Self::display) shows. It does not print, and is wiped
/// when dropped.
pub struct ApiKey(SecretString);

impl ApiKey {
    /// The caller has checked the text.
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// What a store keeps and looks up. A plain hash is enough: nobody guesses 190 bits (ASVS 5.0, 6.5.2).
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.expose())
    }

    /// What lists show, so that people can tell their keys apart: prefix, environment and the first four of 32 random
    /// characters.
    pub fn display(&self) -> &str {
        const SHOWN: usize = 4;
        let key = self.expose();
        let lead = key.rfind('_').map_or(0, |underscore| underscore.saturating_add(1));
        key.get(..lead.saturating_add(SHOWN)).unwrap_or_default()
    }

    /// The key itself, for the client and nobody else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// Why a text is no API key of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadApiKey {
    /// It has another prefix, another length, or characters that no key has.
    Shape,
    /// It is for tests where keys are for production, or the reverse.
    Environment,
    /// It is not as it was handed out: mistyped, cut and mended, or made up.
    Checksum,
}

impl BadApiKey {
    /// A stable word for events and metrics.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Shape => "api_key_shape",
            Self::Environment => "api_key_environment",
            Self::Checksum => "api_key_checksum",
        }
    }
}

impl fmt::Display for BadApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shape => "the text is not an API key of this service",
            Self::Environment => "the API key is for another environment",
            Self::Checksum => "the API key's checksum is wrong",
        })
    }
}

impl core::error::Error for BadApiKey {}
