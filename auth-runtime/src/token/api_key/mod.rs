//! API keys: long-lived secrets that programs carry.

mod checksum;
mod format;
mod key;
#[cfg(test)]
mod tests;

pub use format::{ApiKeyFormat, ApiKeyPrefixError, KeyEnvironment};
pub use key::{ApiKey, ParseApiKeyError};
