//! Reads the base64 of crypt(3). It has another alphabet, puts the low bits first, and orders the bytes differently for
//! each scheme.

use crate::password::error::StoredHashError;

const DIGITS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The order in which the bytes of the tag are written, lowest first.
pub(super) type Order<const N: usize> = [usize; N];

/// phpass: the bytes in their own order.
pub(super) const PLAIN: Order<16> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// `$5$`.
pub(super) const SHA256: Order<32> = [
    20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25, 15, 26, 16, 6, 17, 7, 27, 8, 28, 18, 29, 19, 9, 30,
    31,
];

/// `$6$`.
pub(super) const SHA512: Order<64> = [
    42, 21, 0, 1, 43, 22, 23, 2, 44, 45, 24, 3, 4, 46, 25, 26, 5, 47, 48, 27, 6, 7, 49, 28, 29, 8, 50, 51, 30, 9, 10,
    52, 31, 32, 11, 53, 54, 33, 12, 13, 55, 34, 35, 14, 56, 57, 36, 15, 16, 58, 37, 38, 17, 59, 60, 39, 18, 19, 61, 40,
    41, 20, 62, 63,
];

/// Decodes exactly `N` bytes. The unused bits of the last digit must be zero, so that each tag has one spelling.
pub(super) fn decode<const N: usize>(text: &str, order: &Order<N>) -> Result<[u8; N], StoredHashError> {
    if text.len() != N.saturating_mul(8).div_ceil(6) {
        return Err(StoredHashError::Malformed);
    }
    let mut tag = [0; N];
    let mut order = order.iter();
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for digit in four.iter().rev() {
            bits = (bits << 6) | value(*digit)?;
        }
        for _ in 0..bytes_of(four.len()) {
            let place = order.next().and_then(|&at| tag.get_mut(at)).ok_or(StoredHashError::Malformed)?;
            *place = (bits & 0xff).to_le_bytes()[0];
            bits >>= 8;
        }
        if bits != 0 {
            return Err(StoredHashError::Malformed);
        }
    }
    Ok(tag)
}

/// Returns the value of the digit.
pub(super) fn value(digit: u8) -> Result<u32, StoredHashError> {
    let at = DIGITS.iter().position(|&known| known == digit).ok_or(StoredHashError::Malformed)?;
    u32::try_from(at).map_err(|_| StoredHashError::Malformed)
}

pub(super) fn is_text(text: &str) -> bool {
    text.bytes().all(|byte| DIGITS.contains(&byte))
}

/// Returns the number of whole bytes in `digits` digits.
fn bytes_of(digits: usize) -> usize {
    digits.saturating_sub(1)
}
