use core::fmt;

use zeroize::Zeroizing;

use super::{
    ApiKey, BadApiKey,
    checksum::{CHARACTERS, checksum},
};
use crate::secret::{Entropy, EntropyError};

/// Digits and letters: a double click selects a whole key, and no shell, URL or header gives them a meaning.
pub(super) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Random characters of a key: 32 of base 62 are 190 bits.
const RANDOM: usize = 32;

/// What the keys of one service look like: `<prefix>_<environment>_<32 random characters><6 of checksum>`.
///
/// One expression finds the keys of every service, for secret scanners:
///
/// ```text
/// [a-z][a-z0-9]{1,15}_(live|test)_[0-9A-Za-z]{38}
/// ```
///
/// The random characters are base 62 and hold 190 bits. The checksum is the CRC-32 of all that precedes it, in base 62,
/// most significant digit first: a scanner tells a key from what only looks like one, and a typing error is found before
/// any store is asked.
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
    /// With the underscore.
    prefix: String,
    environment: KeyEnvironment,
}

/// Where a key is good. A key for tests that ends up in production, or the reverse, is refused by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEnvironment {
    /// Production.
    Live,
    /// Everything else.
    Test,
}

impl KeyEnvironment {
    /// With the underscore.
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
    /// The format of keys that begin with `prefix`, which names the service.
    ///
    /// # Errors
    /// When the prefix is not a lower-case letter and 1 to 15 lower-case letters and digits, all ASCII.
    pub fn new(prefix: &str, environment: KeyEnvironment) -> Result<Self, BadApiKeyPrefix> {
        let is_word = prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !is_word || !(2..=16).contains(&prefix.len()) || prefix.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(BadApiKeyPrefix);
        }
        Ok(Self { prefix: format!("{prefix}_"), environment })
    }

    /// A new key.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn mint(&self, entropy: &dyn Entropy) -> Result<ApiKey, EntropyError> {
        let length = self.length();
        // With all of its room from the start: what grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(length));
        text.push_str(&self.prefix);
        text.push_str(self.environment.infix());
        push_random(&mut text, entropy)?;
        let checksum = checksum(&text);
        text.extend(checksum.map(char::from));
        Ok(ApiKey::new(&text))
    }

    /// A key as a client sends it.
    ///
    /// # Errors
    /// When the text cannot be a key of this service and environment, before any store is asked.
    pub fn parse(&self, text: &str) -> Result<ApiKey, BadApiKey> {
        let rest = text.strip_prefix(&*self.prefix).ok_or(BadApiKey::Shape)?;
        let Some(rest) = rest.strip_prefix(self.environment.infix()) else {
            let is_foreign = rest.starts_with(self.environment.other().infix());
            return Err(if is_foreign { BadApiKey::Environment } else { BadApiKey::Shape });
        };
        if text.len() != self.length() || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BadApiKey::Shape);
        }
        match text.split_at_checked(text.len().saturating_sub(CHARACTERS)) {
            Some((checked, written)) if written.as_bytes() == checksum(checked) => Ok(ApiKey::new(text)),
            _ => Err(BadApiKey::Checksum),
        }
    }

    /// Whether the text means to be a key of this service, in whatever environment. An access token never does.
    pub(crate) fn claims(&self, text: &str) -> bool {
        text.strip_prefix(&*self.prefix).is_some_and(|rest| {
            [KeyEnvironment::Live, KeyEnvironment::Test].iter().any(|environment| rest.starts_with(environment.infix()))
        })
    }

    fn length(&self) -> usize {
        [self.prefix.len(), self.environment.infix().len(), RANDOM, CHARACTERS].iter().sum()
    }
}

/// Appends characters that are all equally likely: bytes that would favour some of them are thrown away.
fn push_random(text: &mut String, entropy: &dyn Entropy) -> Result<(), EntropyError> {
    /// The greatest multiple of 62 that a byte holds.
    const FAIR: u8 = 248;
    let mut missing = RANDOM;
    // All but one byte in 32 are taken. A source of which so many are thrown away is broken.
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

/// The text cannot begin API keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadApiKeyPrefix;

impl fmt::Display for BadApiKeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no prefix of API keys: write a lower-case letter, then 1 to 15 lower-case letters or digits")
    }
}

impl core::error::Error for BadApiKeyPrefix {}
