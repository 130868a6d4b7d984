use super::{Header, JoseError, decode_payload};
use crate::token::key::KeySet;

/// The maximum length of a token in bytes. Longer tokens are refused unread.
pub(crate) const MAX_TOKEN: usize = 16 * 1024;

/// Verifies a compact JWS and returns its payload. The payload may be anything; no claim is checked.
///
/// This function is the strict layer alone, for published test vectors. To verify access tokens, use
/// [`AccessVerifier`](crate::token::AccessVerifier).
///
/// # Errors
/// Returns a [`JoseError`] when
///
/// - the token is not a compact JWS in canonical form,
/// - its header asks for anything beyond a plain signature,
/// - no key of `keys` matches the header, or
/// - the signature is wrong.
pub fn verify_compact(token: &str, keys: &KeySet) -> Result<Vec<u8>, JoseError> {
    let compact = Compact::split(token)?;
    let key = Header::read(compact.header, |header| keys.find(header))?;
    let mut buffer = vec![0; compact.payload.len()];
    let payload = decode_payload(compact.payload, &mut buffer)?;
    key.verify(compact.signed, compact.signature)?;
    Ok(payload.to_vec())
}

/// The segments of a token of permitted size, before decoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compact<'t> {
    /// The signed text: header, dot, payload.
    pub(crate) signed: &'t str,
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
}

impl<'t> Compact<'t> {
    /// Splits the token at its first and its last dot. Decoding the payload finds a further dot between them, as it
    /// finds every other character outside the alphabet.
    #[inline]
    pub(crate) fn split(token: &'t str) -> Result<Self, JoseError> {
        if token.len() > MAX_TOKEN {
            return Err(JoseError::TooLong);
        }
        let last = memchr::memrchr(b'.', token.as_bytes()).ok_or(JoseError::NotThreeSegments)?;
        let (signed, signature) = around(token, last)?;
        let first = memchr::memchr(b'.', signed.as_bytes()).ok_or(JoseError::NotThreeSegments)?;
        let (header, payload) = around(signed, first)?;
        Ok(Self { signed, header, payload, signature })
    }
}

/// Returns the text before and after the dot at this position.
#[inline]
fn around(text: &str, dot: usize) -> Result<(&str, &str), JoseError> {
    let (before, rest) = text.split_at_checked(dot).ok_or(JoseError::NotThreeSegments)?;
    Ok((before, rest.get(1..).ok_or(JoseError::NotThreeSegments)?))
}
