#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use std::sync::LazyLock;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use base64::engine::Simd;
use base64::{Engine, engine::general_purpose::NO_PAD};
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
use base64::{alphabet, engine::GeneralPurpose};

use super::JoseError;

/// The decoder, which takes many characters at once where the processor can. It is as strict as the decoder that takes
/// each character alone. Both have the alphabet, the padding and the unused bits from one configuration.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
static URL_SAFE: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));

/// The decoder for other processors.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
static URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD);

/// Decodes the payload into the beginning of the buffer.
#[inline]
pub(crate) fn decode_payload<'b>(payload: &str, buffer: &'b mut [u8]) -> Result<&'b mut [u8], JoseError> {
    decode(payload, buffer).map_err(|error| if payload.contains('.') { JoseError::NotThreeSegments } else { error })
}

/// Decodes a segment into the beginning of the buffer: base64url without padding, unused bits zero.
#[inline]
pub(crate) fn decode<'b>(segment: &str, buffer: &'b mut [u8]) -> Result<&'b mut [u8], JoseError> {
    let length = URL_SAFE.decode_slice(segment, buffer).map_err(|_| JoseError::NotBase64Url)?;
    buffer.get_mut(..length).ok_or(JoseError::NotBase64Url)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    fn decoded(segment: &str) -> Option<Vec<u8>> {
        let mut buffer = [0; 1024];
        decode(segment, &mut buffer).ok().map(|bytes| bytes.to_vec())
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert_eq!(decoded(&URL_SAFE_NO_PAD.encode(&bytes)), Some(bytes));
        }

        /// The oracle takes each character alone.
        #[test]
        fn a_changed_character_is_judged_as_by_the_plain_decoder(
            bytes in prop::collection::vec(any::<u8>(), 1..200),
            place in any::<prop::sample::Index>(),
            other in "[ -~\n\u{80}\u{2028}]",
        ) {
            let mut text = URL_SAFE_NO_PAD.encode(&bytes);
            let place = place.index(text.len());
            text.replace_range(place..=place, &other);
            prop_assert_eq!(decoded(&text), URL_SAFE_NO_PAD.decode(&text).ok());
        }
    }

    #[test]
    fn every_character_in_every_place_of_a_block_is_judged_as_by_the_plain_decoder() {
        let text = "A".repeat(96);
        for place in 0..text.len() {
            for byte in 0..0x80_u8 {
                let mut changed = text.clone();
                changed.replace_range(place..=place, char::from(byte).encode_utf8(&mut [0; 4]));
                assert_eq!(decoded(&changed), URL_SAFE_NO_PAD.decode(&changed).ok(), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn unused_bits_and_padding_are_refused_behind_long_texts() {
        for tail in ["QQ", "QUE"] {
            assert!(decoded(&("A".repeat(128) + tail)).is_some());
        }
        for tail in ["QR", "QUF", "Q", "QQ==", "QUE=", "====", "QQ\n", "+A", "/A"] {
            assert_eq!(decoded(&("A".repeat(128) + tail)), None, "{tail}");
        }
    }
}
