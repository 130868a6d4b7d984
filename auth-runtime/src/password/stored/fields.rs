//! Reads the parts of a stored hash strictly: each value has one spelling, so that no text can be read in two ways.

use core::ops::RangeInclusive;

use base64::{
    Engine,
    alphabet::{self, Alphabet},
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

use crate::password::error::StoredHashError;

pub(super) use base64::engine::general_purpose::{STANDARD as PADDED, STANDARD_NO_PAD as PHC};

/// passlib's base64: `.` for `+`, and no padding.
pub(super) const PASSLIB: GeneralPurpose = GeneralPurpose::new(&PASSLIB_ALPHABET, NO_PAD);

/// crypt's base64. Some systems left random bits after the last whole byte of a salt. Every bcrypt ignores them.
pub(super) const BCRYPT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::BCRYPT, NO_PAD.with_decode_allow_trailing_bits(true));

/// The length of a derived tag, in bytes. A password could match a shorter tag by chance; a longer tag adds nothing.
pub(super) const TAG_BYTES: RangeInclusive<usize> = 16..=64;

const PASSLIB_ALPHABET: Alphabet =
    match Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./") {
        Ok(alphabet) => alphabet,
        Err(_) => alphabet::STANDARD,
    };

/// Returns exactly `N` fields between separators.
pub(super) fn split<const N: usize>(text: &str, separator: char) -> Result<[&str; N], StoredHashError> {
    let fields: Vec<&str> = text.split(separator).collect();
    fields.try_into().map_err(|_| StoredHashError::Malformed)
}

/// Returns the number in `name=number`.
pub(super) fn parameter(text: &str, name: &str) -> Result<u32, StoredHashError> {
    let value = text.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
    decimal(value.ok_or(StoredHashError::Malformed)?)
}

/// Reads a decimal number without a leading zero. A number too large for its type is reported as too costly.
pub(super) fn decimal(text: &str) -> Result<u32, StoredHashError> {
    let digits_only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits_only || (text.len() > 1 && text.starts_with('0')) {
        return Err(StoredHashError::Malformed);
    }
    text.parse().map_err(|_| StoredHashError::TooCostly)
}

/// Decodes base64 to bytes of an acceptable length.
pub(super) fn decode(
    engine: &GeneralPurpose,
    text: &str,
    bytes: &RangeInclusive<usize>,
) -> Result<Vec<u8>, StoredHashError> {
    let decoded = engine.decode(text).map_err(|_| StoredHashError::Malformed)?;
    if bytes.contains(&decoded.len()) { Ok(decoded) } else { Err(StoredHashError::Malformed) }
}

/// Decodes hexadecimal digits in lower case to an acceptable number of bytes.
pub(super) fn hex(text: &str, bytes: &RangeInclusive<usize>) -> Result<Vec<u8>, StoredHashError> {
    let digits = text.bytes().map(|digit| match digit {
        b'0'..=b'9' => Ok(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Ok(digit.wrapping_sub(b'a').wrapping_add(10)),
        _ => Err(StoredHashError::Malformed),
    });
    let digits: Vec<u8> = digits.collect::<Result<_, _>>()?;
    let (pairs, rest) = digits.as_chunks();
    if !rest.is_empty() || !bytes.contains(&pairs.len()) {
        return Err(StoredHashError::Malformed);
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
