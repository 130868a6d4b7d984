use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::secret::{Entropy, EntropyError};

const BYTES: usize = 32;

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
pub struct RefreshToken(SecretString);

impl RefreshToken {
    /// A new token.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn mint(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        entropy.fill(bytes.as_mut_slice())?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes.as_slice()).into()))
    }

    /// A token as a client sends it.
    ///
    /// # Errors
    /// When the text cannot be one, before any store is asked.
    pub fn parse(text: &str) -> Result<Self, BadRefreshToken> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        match URL_SAFE_NO_PAD.decode_slice(text, bytes.as_mut_slice()) {
            Ok(BYTES) => Ok(Self(text.into())),
            _ => Err(BadRefreshToken),
        }
    }

    /// What a store keeps and looks up.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(self.expose())
    }

    /// The token itself, for the client and nobody else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
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
        let mut hash = [0; BYTES];
        let digest = digest(&SHA256, token.as_bytes());
        for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
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
