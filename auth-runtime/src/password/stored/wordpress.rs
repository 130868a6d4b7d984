//! Reads the form of WordPress since 6.8: `$wp` before a bcrypt string. Earlier releases wrote phpass's form, which
//! `phpass.rs` reads.

use super::bcrypt::{BcryptHash, Key};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

/// Reads the text after `$wp$`.
pub(super) fn bcrypt(rest: &str, ceilings: &Ceilings) -> Result<BcryptHash, StoredHashError> {
    let rest = rest.strip_prefix("2y$").ok_or(StoredHashError::Malformed)?;
    BcryptHash::read(rest, Key::Base64HmacSha384(b"wp-sha384"), ceilings)
}
