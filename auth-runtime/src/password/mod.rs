//! Passwords: hashing them, verifying them against old and new hashes, and saying which may be chosen.
//!
//! [`Passwords`] hashes with argon2id (RFC 9106) on a bounded set of workers off the async threads and verifies the hashes
//! that other systems left behind; [`PasswordPolicy`] judges a new password (NIST SP 800-63B).
//!
//! What is hashed is what was received, byte for byte: no case folding, no normalisation, no truncation.

mod builder;
mod ceilings;
mod cost;
mod error;
mod memory;
mod passwords;
mod policy;
mod pool;
mod stored;

#[cfg(test)]
mod tests;

pub use builder::PasswordsBuilder;
pub use ceilings::Ceilings;
pub use cost::{Cost, CostError};
pub use error::{Outage, PasswordError, UnreadableHash};
pub use passwords::{MAX_PASSWORD_BYTES, Passwords, Verified};
pub use policy::{Blocklist, PasswordFault, PasswordPolicy};
