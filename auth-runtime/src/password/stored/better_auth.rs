//! Reads better-auth's `salt:tag`, both hexadecimal. Its settings are constants, and it uses the salt as it is written.

use super::{
    fields::hex,
    scrypt::{ScryptHash, Work},
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

const SALT_DIGITS: usize = 32;
const TAG_BYTES: usize = 64;
const LOG_N: u32 = 14;
const R: u32 = 16;
const P: u32 = 1;

/// Returns whether the parts have the lengths of better-auth's. Salted digests of other systems have other lengths.
pub(super) fn is_form(salt: &str, tag: &str) -> bool {
    salt.len() == SALT_DIGITS && tag.len() == TAG_BYTES * 2
}

pub(super) fn read(salt: &str, tag: &str, ceilings: &Ceilings) -> Result<ScryptHash, StoredHashError> {
    let tag = hex(tag, &(TAG_BYTES..=TAG_BYTES))?;
    let salt_bytes = SALT_DIGITS / 2;
    hex(salt, &(salt_bytes..=salt_bytes))?;
    Ok(ScryptHash::new(Work::new(LOG_N, R, P, ceilings)?, salt.into(), tag))
}
