//! Checks the requirements on an RSA public key, from RFC 7518 and from known weaknesses, before the library reads the
//! key.

use super::KeyFault;

const MIN_BITS: usize = 2048;
const MAX_BITS: usize = 8192;

/// Refuses unfit public keys. The numbers are big-endian without leading zeros.
pub(super) fn check(modulus: &[u8], exponent: &[u8]) -> Result<(), KeyFault> {
    let bits = bit_length(modulus).ok_or(KeyFault::RsaModulus)?;
    if !(MIN_BITS..=MAX_BITS).contains(&bits) {
        return Err(KeyFault::RsaSize { bits });
    }
    if !is_odd(modulus) {
        return Err(KeyFault::RsaModulus);
    }
    let exponent_bits = bit_length(exponent).ok_or(KeyFault::RsaExponent)?;
    if !(2..=33).contains(&exponent_bits) || !is_odd(exponent) {
        return Err(KeyFault::RsaExponent);
    }
    if is_of_weak_generator(modulus) { Err(KeyFault::RsaWeakGenerator) } else { Ok(()) }
}

/// Returns the number's length in bits, or `None` for an empty number or one with leading zeros.
fn bit_length(number: &[u8]) -> Option<usize> {
    let first = number.first().filter(|&&first| first != 0)?;
    let top = usize::try_from(u8::BITS.saturating_sub(first.leading_zeros())).ok()?;
    Some(number.len().saturating_sub(1).saturating_mul(8).saturating_add(top))
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}

/// Returns whether the modulus comes from the generator of CVE-2017-15361. Its remainder by every small prime is a
/// power of 65537; hardly any other modulus has this property.
fn is_of_weak_generator(modulus: &[u8]) -> bool {
    const PRIMES: [u8; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
        109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    PRIMES.into_iter().all(|prime| is_power_of_65537(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u8) -> u32 {
    let prime = u32::from(prime);
    number.iter().fold(0, |rest, &byte| ((rest << 8) | u32::from(byte)).checked_rem(prime).unwrap_or(0))
}

fn is_power_of_65537(value: u32, prime: u8) -> bool {
    let prime = u32::from(prime);
    let step = 65537_u32.checked_rem(prime).unwrap_or(0);
    let powers = core::iter::successors(Some(1_u32), |power| power.saturating_mul(step).checked_rem(prime));
    // The group has fewer elements than the prime, so the powers repeat before this limit.
    powers.take(prime as usize).any(|power| power == value)
}
