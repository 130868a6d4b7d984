use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::JoseError;

/// Decodes the payload into the beginning of the buffer.
#[inline]
pub(crate) fn decode_payload<'b>(payload: &str, buffer: &'b mut [u8]) -> Result<&'b mut [u8], JoseError> {
    decode(payload, buffer).map_err(|error| if payload.contains('.') { JoseError::NotThreeSegments } else { error })
}

/// Decodes a segment into the beginning of the buffer: base64url without padding, unused bits zero.
#[inline]
pub(crate) fn decode<'b>(segment: &str, buffer: &'b mut [u8]) -> Result<&'b mut [u8], JoseError> {
    let length = URL_SAFE_NO_PAD.decode_slice(segment, buffer).map_err(|_| JoseError::NotBase64Url)?;
    buffer.get_mut(..length).ok_or(JoseError::NotBase64Url)
}
