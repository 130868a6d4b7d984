//! Reads the hashes of ASP.NET Core Identity's `PasswordHasher`: base64 of a marker byte, settings, salt and tag. All
//! numbers are big-endian.

use super::{
    fields::{PADDED, decode},
    pbkdf2::{MIN_TAG_BYTES, Pbkdf2Hash, Prf},
};
use crate::password::{ceilings::Ceilings, error::StoredHashError};

/// Version 2 has no settings: SHA-1, 1,000 iterations, 16 bytes of salt, 32 of tag.
const V2_ITERATIONS: u32 = 1_000;
const V2_SALT_BYTES: usize = 16;
const V2_BYTES: usize = V2_SALT_BYTES + 32;

const SALT_BYTES: core::ops::RangeInclusive<usize> = 16..=64;
const MAX_TAG_BYTES: usize = 64;

/// The minimum length of this form. A shorter text is not a damaged hash of this form: the shortest valid one has 60
/// digits.
const SHORTEST: usize = 44;

/// Returns whether the text begins like this form: a byte of 0, or a byte of 1 and the first zeros of a small number.
pub(super) fn is_form(text: &str) -> bool {
    let is_version_2 = matches!(text.as_bytes(), [b'A', b'A'..=b'P', ..]);
    (is_version_2 || text.starts_with("AQAAAA"))
        && text.len() >= SHORTEST
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

pub(super) fn read(text: &str, ceilings: &Ceilings) -> Result<Pbkdf2Hash, StoredHashError> {
    let bytes = decode(&PADDED, text, &(1..=512))?;
    match bytes.split_first() {
        Some((0, rest)) if rest.len() == V2_BYTES => {
            let (salt, tag) = rest.split_at_checked(V2_SALT_BYTES).ok_or(StoredHashError::Malformed)?;
            Pbkdf2Hash::new(Prf::Sha1, V2_ITERATIONS, salt.to_vec(), tag.to_vec(), ceilings)
        }
        Some((1, rest)) => version_3(rest, ceilings),
        _ => Err(StoredHashError::Malformed),
    }
}

fn version_3(rest: &[u8], ceilings: &Ceilings) -> Result<Pbkdf2Hash, StoredHashError> {
    let (prf, rest) = number(rest)?;
    let (iterations, rest) = number(rest)?;
    let (salt_bytes, rest) = number(rest)?;
    let prf = match prf {
        0 => Prf::Sha1,
        1 => Prf::Sha256,
        2 => Prf::Sha512,
        _ => return Err(StoredHashError::Malformed),
    };
    let salt_bytes = usize::try_from(salt_bytes).ok().filter(|bytes| SALT_BYTES.contains(bytes));
    let (salt, tag) = salt_bytes.and_then(|bytes| rest.split_at_checked(bytes)).ok_or(StoredHashError::Malformed)?;
    if !(MIN_TAG_BYTES..=MAX_TAG_BYTES).contains(&tag.len()) {
        return Err(StoredHashError::Malformed);
    }
    Pbkdf2Hash::new(prf, iterations, salt.to_vec(), tag.to_vec(), ceilings)
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), StoredHashError> {
    let (number, rest) = bytes.split_first_chunk().ok_or(StoredHashError::Malformed)?;
    Ok((u32::from_be_bytes(*number), rest))
}
