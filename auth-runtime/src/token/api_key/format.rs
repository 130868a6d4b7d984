use core::fmt;

use zeroize::Zeroizing;

use super::{
    ApiKey, ParseApiKeyError,
    checksum::{CHARACTERS, checksum},
    key::ALPHABET,
};
use crate::secret::{Entropy, EntropyError};

/// The number of random characters in a key. 32 characters of base 62 hold 190 bits.
const RANDOM: usize = 32;

/// The form of one service's API keys: `<prefix>_<environment>_<32 random characters><6 of checksum>`.
///
/// Secret scanners find the keys of all services with one regular expression:
///
/// ```text
/// [a-z][a-z0-9]{1,15}_(live|test)_[0-9A-Za-z]{38}
/// ```
///
/// The random characters are base 62 and hold 190 bits. The checksum is the CRC-32 of all characters before it, in base
/// 62, most significant digit first. It lets a scanner tell keys from similar texts, and it catches a typing error
/// before the store is asked.
///
/// ```
/// use auth_runtime::secret::SystemEntropy;
/// use auth_runtime::token::{ApiKeyFormat, KeyEnvironment};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let format = ApiKeyFormat::new("notes", KeyEnvironment::Live)?;
/// let key = format.mint(&SystemEntropy::new())?;
/// assert!(key.expose().starts_with("notes_live_"));
/// assert_eq!(format.parse(key.expose())?.hash(), key.hash());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyFormat {
    /// The prefix, including the underscore.
    prefix: String,
    environment: KeyEnvironment,
}

/// The environment in which a key is valid. The format alone is enough to refuse a test key in production, or the
/// reverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEnvironment {
    /// Production.
    Live,
    /// Every other environment.
    Test,
}

impl KeyEnvironment {
    /// Returns the environment's part of a key, including the underscore.
    const fn infix(self) -> &'static str {
        match self {
            Self::Live => "live_",
            Self::Test => "test_",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Live => Self::Test,
            Self::Test => Self::Live,
        }
    }
}

impl ApiKeyFormat {
    /// Creates the format of keys that begin with `prefix`, which names the service.
    ///
    /// # Errors
    /// Returns [`ApiKeyPrefixError`] unless the prefix is an ASCII lower-case letter followed by 1 to 15 ASCII
    /// lower-case letters or digits.
    pub fn new(prefix: &str, environment: KeyEnvironment) -> Result<Self, ApiKeyPrefixError> {
        let is_word = prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !is_word || !(2..=16).contains(&prefix.len()) || prefix.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(ApiKeyPrefixError);
        }
        Ok(Self { prefix: format!("{prefix}_"), environment })
    }

    /// Creates a new key.
    ///
    /// # Errors
    /// Returns an [`EntropyError`] when the source of randomness fails.
    pub fn mint(&self, entropy: &dyn Entropy) -> Result<ApiKey, EntropyError> {
        let length = self.length();
        // The whole capacity is allocated first: a string that grows leaves copies of the secret in freed memory.
        let mut text = Zeroizing::new(String::with_capacity(length));
        text.push_str(&self.prefix);
        text.push_str(self.environment.infix());
        push_random(&mut text, entropy)?;
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Ok(ApiKey::new(&text))
    }

    /// Parses a key that a client sent.
    ///
    /// # Errors
    /// Returns a [`ParseApiKeyError`] when the text cannot be a key of this service and environment. No store is asked.
    pub fn parse(&self, text: &str) -> Result<ApiKey, ParseApiKeyError> {
        let rest = text.strip_prefix(&*self.prefix).ok_or(ParseApiKeyError::Shape)?;
        let Some(rest) = rest.strip_prefix(self.environment.infix()) else {
            let is_foreign = rest.starts_with(self.environment.other().infix());
            return Err(if is_foreign { ParseApiKeyError::Environment } else { ParseApiKeyError::Shape });
        };
        if text.len() != self.length() || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ParseApiKeyError::Shape);
        }
        match text.split_at_checked(text.len().saturating_sub(CHARACTERS)) {
            Some((checked, written)) if written.as_bytes() == checksum(checked) => Ok(ApiKey::new(text)),
            _ => Err(ParseApiKeyError::Checksum),
        }
    }

    /// Returns whether the text begins like a key of this service, for either environment. Access tokens never do.
    pub(crate) fn claims(&self, text: &str) -> bool {
        text.strip_prefix(&*self.prefix).is_some_and(|rest| {
            [KeyEnvironment::Live, KeyEnvironment::Test].iter().any(|environment| rest.starts_with(environment.infix()))
        })
    }

    fn length(&self) -> usize {
        [self.prefix.len(), self.environment.infix().len(), RANDOM, CHARACTERS].iter().sum()
    }
}

/// Appends random characters, all equally likely: it discards the bytes that would favour some of them.
fn push_random(text: &mut String, entropy: &dyn Entropy) -> Result<(), EntropyError> {
    /// The greatest multiple of 62 that a byte holds.
    const FAIR: u8 = 248;
    let mut missing = RANDOM;
    // On average 31 of 32 bytes are used. A source that loses more bytes than that is broken.
    for _ in 0..8 {
        let mut bytes = Zeroizing::new([0; RANDOM]);
        entropy.fill(bytes.as_mut_slice())?;
        for byte in bytes.iter().filter(|byte| **byte < FAIR).take(missing) {
            text.push(char::from(ALPHABET.get(usize::from(*byte % 62)).copied().unwrap_or_default()));
            missing = missing.saturating_sub(1);
        }
        if missing == 0 {
            return Ok(());
        }
    }
    Err(EntropyError)
}

/// The error for a text that cannot be the prefix of API keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKeyPrefixError;

impl fmt::Display for ApiKeyPrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no prefix of API keys: write a lower-case letter, then 1 to 15 lower-case letters or digits")
    }
}

impl core::error::Error for ApiKeyPrefixError {}
