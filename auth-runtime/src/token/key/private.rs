use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair},
};

use super::Algorithm;

/// A private key in the form that signs, prepared once. aws-lc wipes its memory when the key is dropped.
pub(super) enum PrivateKey {
    Hmac(Box<hmac::Key>),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl PrivateKey {
    pub(super) fn secret(secret: &[u8]) -> Self {
        Self::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }

    /// Returns the raw signature over `message`, in the form of RFC 7518. Returns `None` when signing fails, or when
    /// the algorithm takes another kind of key.
    pub(super) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
        match (self, algorithm) {
            (Self::Hmac(key), Algorithm::HS256) => Some(hmac::sign(key, message).as_ref().to_vec()),
            (Self::P256(pair), Algorithm::ES256) => {
                Some(pair.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec())
            }
            (Self::Ed25519(pair), Algorithm::EdDSA) => Some(pair.try_sign(message).ok()?.as_ref().to_vec()),
            (Self::Rsa(pair), Algorithm::RS256) => with_rsa(pair, &RSA_PKCS1_SHA256, message),
            (Self::Rsa(pair), Algorithm::PS256) => with_rsa(pair, &RSA_PSS_SHA256, message),
            _ => None,
        }
    }
}

fn with_rsa(pair: &RsaKeyPair, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Option<Vec<u8>> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message, &mut signature).ok()?;
    Some(signature)
}
