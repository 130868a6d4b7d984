//! API keys: long-lived secrets that programs carry.

mod checksum;
mod format;
mod key;
#[cfg(test)]
mod tests;

pub use format::{ApiKeyFormat, BadApiKeyPrefix, KeyEnvironment};
pub use key::{ApiKey, BadApiKey};
