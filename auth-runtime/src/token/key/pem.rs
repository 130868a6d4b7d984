//! PEM files: the label is ours to judge, what is inside jsonwebtoken and aws-lc read.

use aws_lc_rs::{
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair},
};
use jsonwebtoken::{DecodingKey, EncodingKey};

use super::{Algorithm, KeyFault, public::PublicNumbers};

const PUBLIC: &str = "`PUBLIC KEY`, for RSA also `RSA PUBLIC KEY`";
const PRIVATE: &str = "`PRIVATE KEY` (PKCS#8), for RSA also `RSA PRIVATE KEY`";

/// Reads a public key.
pub(super) fn public(algorithm: Algorithm, pem: &str) -> Result<PublicNumbers, KeyFault> {
    expect_label(pem, PUBLIC, algorithm, ["PUBLIC KEY", "RSA PUBLIC KEY"])?;
    let bad = KeyFault::PemKey(algorithm);
    let key = match algorithm {
        Algorithm::HS256 => return Err(KeyFault::PemForSecret),
        Algorithm::ES256 => DecodingKey::from_ec_pem(pem.as_bytes()),
        Algorithm::EdDSA => DecodingKey::from_ed_pem(pem.as_bytes()),
        Algorithm::RS256 | Algorithm::PS256 => DecodingKey::from_rsa_pem(pem.as_bytes()),
    };
    let key = key.map_err(|_| bad.clone())?;
    let bytes = key.try_get_as_bytes().map_err(|_| bad.clone())?;
    match algorithm {
        Algorithm::ES256 => Ok(PublicNumbers::P256 { point: bytes.into() }),
        Algorithm::EdDSA => Ok(PublicNumbers::Ed25519 { x: bytes.into() }),
        _ => rsa::PublicKey::from_der(bytes).map(|key| PublicNumbers::rsa(&key)).map_err(|_| bad),
    }
}

/// Reads a private key and takes the public numbers from it.
pub(super) fn private(algorithm: Algorithm, pem: &str) -> Result<(EncodingKey, PublicNumbers), KeyFault> {
    expect_label(pem, PRIVATE, algorithm, ["PRIVATE KEY", "RSA PRIVATE KEY"])?;
    let key = match algorithm {
        Algorithm::HS256 => return Err(KeyFault::PemForSecret),
        Algorithm::ES256 => EncodingKey::from_ec_pem(pem.as_bytes()),
        Algorithm::EdDSA => EncodingKey::from_ed_pem(pem.as_bytes()),
        Algorithm::RS256 | Algorithm::PS256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
    };
    let key = key.map_err(|_| KeyFault::PemKey(algorithm))?;
    let numbers = public_of(algorithm, key.as_bytes()).ok_or(KeyFault::PemKey(algorithm))?;
    Ok((key, numbers))
}

fn public_of(algorithm: Algorithm, der: &[u8]) -> Option<PublicNumbers> {
    match algorithm {
        Algorithm::HS256 => None,
        Algorithm::ES256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok()?;
            Some(PublicNumbers::P256 { point: pair.public_key().as_ref().into() })
        }
        Algorithm::EdDSA => {
            let pair = Ed25519KeyPair::from_pkcs8(der).ok()?;
            Some(PublicNumbers::Ed25519 { x: pair.public_key().as_ref().into() })
        }
        Algorithm::RS256 | Algorithm::PS256 => {
            RsaKeyPair::from_der(der).ok().map(|pair| PublicNumbers::rsa(pair.public_key()))
        }
    }
}

/// One block with one of the labels, the second for RSA only. A certificate or a private key in the place of a public
/// one is somebody's mistake and is not read.
fn expect_label(pem: &str, wanted: &'static str, algorithm: Algorithm, labels: [&str; 2]) -> Result<(), KeyFault> {
    let [general, rsa_only] = labels;
    let mut begins = pem.lines().filter_map(|line| line.trim().strip_prefix("-----BEGIN "));
    let label = begins.next().and_then(|rest| rest.strip_suffix("-----"));
    let is_rsa = matches!(algorithm, Algorithm::RS256 | Algorithm::PS256);
    let is_wanted = label.is_some_and(|label| label == general || (is_rsa && label == rsa_only));
    if is_wanted && begins.next().is_none() { Ok(()) } else { Err(KeyFault::PemLabel(wanted)) }
}
