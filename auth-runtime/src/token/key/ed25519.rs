use super::KeyFault;

/// The y coordinates of the eight points of small order, little-endian; 2^255 - 19 is the field's prime.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    little_endian_with(0x01, 0x00, 0x00),
    little_endian_with(0xec, 0xff, 0x7f),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

const PRIME: [u8; 32] = little_endian_with(0xed, 0xff, 0x7f);

/// Refuses keys that aws-lc would accept: keys of small order, under which anyone can make a valid signature, and keys
/// that are not reduced modulo the prime.
pub(super) fn check(key: &[u8]) -> Result<(), KeyFault> {
    let mut y: [u8; 32] = key.try_into().map_err(|_| KeyFault::NotCanonical)?;
    // The top bit is the sign of x.
    if let Some(top) = y.last_mut() {
        *top &= 0x7f;
    }
    if y.iter().rev().ge(PRIME.iter().rev()) {
        return Err(KeyFault::NotCanonical);
    }
    if SMALL_ORDER.contains(&y) { Err(KeyFault::SmallOrder) } else { Ok(()) }
}

/// Builds a number from its first byte, thirty equal bytes and its last byte.
const fn little_endian_with(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let m = middle;
    [first, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, m, last]
}
