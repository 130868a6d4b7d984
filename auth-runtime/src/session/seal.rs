use core::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::{secret::Entropy, token::RefreshToken};

/// Seals the successor of `token`, so that only a holder of `token` can read it. The store keeps the result for as long
/// as an answer may have been lost.
///
/// The key is derived from the token, which is not stored, so the database alone does not reveal the successor. The
/// cipher is AES-256-GCM, with a key from HKDF-SHA-256 (RFC 5869). The nonce comes first.
///
/// # Errors
/// Returns [`SealError`] when the source of randomness or the cipher fails.
pub(crate) fn seal(
    token: &RefreshToken,
    successor: &RefreshToken,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0; NONCE_LEN];
    entropy.fill(&mut nonce).map_err(|_| SealError)?;
    let mut sealed = Zeroizing::new(successor.expose().as_bytes().to_vec());
    let nonce_used = Nonce::assume_unique_for_key(nonce);
    key(token)?.seal_in_place_append_tag(nonce_used, Aad::from(PURPOSE), &mut *sealed).map_err(|_| SealError)?;
    Ok([&nonce, sealed.as_slice()].concat())
}

/// Returns the successor that was sealed for `token`.
///
/// # Errors
/// Returns [`SealError`] when the value was sealed for another token, or altered.
pub(crate) fn unseal(token: &RefreshToken, sealed: &[u8]) -> Result<RefreshToken, SealError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError)?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let plain = key(token)?.open_in_place(nonce, Aad::from(PURPOSE), &mut opened).map_err(|_| SealError)?;
    let text = SecretString::from(core::str::from_utf8(plain).map_err(|_| SealError)?);
    RefreshToken::parse(secrecy::ExposeSecret::expose_secret(&text)).map_err(|_| SealError)
}

/// Derives the key. A token is used up once, so at most one successor sealed with this key is ever stored.
fn key(token: &RefreshToken) -> Result<LessSafeKey, SealError> {
    let secret = Salt::new(HKDF_SHA256, &[]).extract(token.expose().as_bytes());
    let expanded = secret.expand(&[PURPOSE], &AES_256_GCM).map_err(|_| SealError)?;
    Ok(LessSafeKey::new(UnboundKey::from(expanded)))
}

const PURPOSE: &[u8] = b"auth-runtime refresh successor";

/// The error for a successor that could not be sealed or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SealError;

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the successor of a refresh token cannot be sealed or read")
    }
}

impl core::error::Error for SealError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SystemEntropy;

    fn token() -> RefreshToken {
        RefreshToken::mint(&SystemEntropy::new()).unwrap()
    }

    #[test]
    fn only_the_token_reads_its_successor() {
        let (one, other, successor) = (token(), token(), token());
        let sealed = seal(&one, &successor, &SystemEntropy::new()).unwrap();
        assert_eq!(unseal(&one, &sealed).unwrap().expose(), successor.expose());
        assert_eq!(unseal(&other, &sealed).unwrap_err(), SealError);
    }

    #[test]
    fn a_sealed_text_shows_nothing_and_differs_each_time() {
        let (token, successor) = (token(), token());
        let seal = || seal(&token, &successor, &SystemEntropy::new()).unwrap();
        let (one, other) = (seal(), seal());
        assert_ne!(one, other);
        assert!(!one.windows(8).any(|part| successor.expose().as_bytes().starts_with(part)));
    }

    #[test]
    fn altered_or_cut_texts_are_refused() {
        let (token, successor) = (token(), token());
        let sealed = seal(&token, &successor, &SystemEntropy::new()).unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(unseal(&token, &altered).is_err(), "{at}");
            assert!(unseal(&token, &sealed[..at]).is_err(), "{at}");
        }
    }
}
