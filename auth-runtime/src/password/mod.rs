//! Hashes passwords, verifies them against old and new hashes, and judges new ones.
//!
//! [`Passwords`] hashes with argon2id (RFC 9106) on a bounded set of workers off the async threads. It also verifies
//! the hashes that other systems left behind. [`PasswordPolicy`] judges a new password (NIST SP 800-63B).
//!
//! New passwords are normalised by NFC (RFC 8265, OpaqueString) before they are hashed, so that every keyboard produces
//! the same text. There is no other change: no case folding, no trimming, no truncation.

mod builder;
mod ceilings;
mod cost;
mod error;
mod hasher;
mod leaked;
mod memory;
mod passwords;
mod policy;
mod pool;
mod stored;
mod text;
mod verified;
mod verifier;

#[cfg(test)]
mod tests;

pub use builder::PasswordsBuilder;
pub use ceilings::Ceilings;
pub use cost::{Cost, CostError};
pub use error::{HashingError, PasswordError, StoredHashError, VerifierUnavailable};
pub use leaked::{LeakKey, LeakedFile, LeakedFilter, LeakedPasswords};
pub use passwords::Passwords;
pub use policy::{Blocklist, PasswordPolicy, PasswordPolicyError};
pub(crate) use pool::Place;
pub use text::MAX_PASSWORD_BYTES;
pub(crate) use text::is_same;
pub use verified::Verified;
pub use verifier::PasswordVerifier;
