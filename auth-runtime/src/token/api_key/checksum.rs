use super::key::ALPHABET;

/// The length of a checksum in characters: base 62, most significant digit first. 62⁶ is the first power of 62 above
/// 2³².
pub(super) const CHARACTERS: usize = 6;

/// Computes the checksum of `text`, as it appears at the end of a key.
pub(super) fn checksum(text: &str) -> [u8; CHARACTERS] {
    let mut rest = crc32(text.as_bytes());
    let mut digits = [0; CHARACTERS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET.get((rest % 62) as usize).copied().unwrap_or_default();
        rest /= 62;
    }
    digits
}

/// Computes the CRC-32 of zip and Ethernet (ISO 3309). The function is written here because a dependency would be
/// longer than these lines. The checksum only finds typing errors; security does not depend on it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        let index = (crc ^ u32::from(*byte)) & 0xff;
        TABLE.get(index as usize).copied().unwrap_or_default() ^ (crc >> 8)
    })
}

/// The effect of each byte on the register, computed at compile time.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let (mut places, mut byte) = (table.as_mut_slice(), 0_u32);
    while let [place, rest @ ..] = places {
        let (mut crc, mut bits) = (byte, [(); 8].as_slice());
        while let [(), fewer @ ..] = bits {
            crc = if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xedb8_8320 };
            bits = fewer;
        }
        *place = crc;
        (places, byte) = (rest, byte.wrapping_add(1));
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    }

    #[test]
    fn the_checksum_is_the_whole_register_in_base_62() {
        let value = |digits: [u8; CHARACTERS]| {
            digits.iter().fold(0_u64, |value, digit| {
                value * 62 + ALPHABET.iter().position(|character| character == digit).unwrap() as u64
            })
        };
        for text in ["", "a", "123456789", "ak_live_", "\u{10ffff}"] {
            assert_eq!(value(checksum(text)), u64::from(crc32(text.as_bytes())), "{text}");
        }
        assert_eq!(&checksum(""), b"000000", "short checksums are padded");
    }
}
