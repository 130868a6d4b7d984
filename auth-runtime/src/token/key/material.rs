use aws_lc_rs::{hmac, signature::ParsedPublicKey};

use crate::token::jose::{JoseError, decode};

/// The maximum length of a signature, in bytes: that of an 8192-bit RSA key.
const MAX_SIGNATURE: usize = 1024;

/// A key in the form that verifies fastest, prepared once.
pub(crate) enum Material {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Material {
    pub(super) fn secret(algorithm: hmac::Algorithm, secret: &[u8]) -> Self {
        Self::Hmac(Box::new(hmac::Key::new(algorithm, secret)))
    }

    /// Checks that the encoded signature is one over `signed`.
    #[inline]
    pub(crate) fn verify(&self, signed: &str, signature: &str) -> Result<(), JoseError> {
        match self {
            // Room for the longest of the three hashes.
            Self::Hmac(_) => self.verify_within(&mut [0; 64], signed, signature),
            Self::Public(_) => self.verify_within(&mut [0; MAX_SIGNATURE], signed, signature),
        }
    }

    #[inline]
    fn verify_within(&self, buffer: &mut [u8], signed: &str, signature: &str) -> Result<(), JoseError> {
        // Longer than any signature by this kind of key, well-formed or not.
        if signature.len() > buffer.len().div_ceil(3).saturating_mul(4) {
            return Err(JoseError::BadSignature);
        }
        self.check(signed.as_bytes(), decode(signature, buffer)?)
    }

    /// Checks that the signature is one over `message`. The comparison of an HMAC takes the same time wherever it
    /// differs.
    #[inline]
    pub(super) fn check(&self, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        let checked = match self {
            Self::Hmac(key) => hmac::verify(key, message, signature),
            Self::Public(key) => key.verify_sig(message, signature),
        };
        checked.map_err(|_| JoseError::BadSignature)
    }
}

pub(super) fn hmac_bytes(algorithm: hmac::Algorithm) -> usize {
    algorithm.tag_len()
}
