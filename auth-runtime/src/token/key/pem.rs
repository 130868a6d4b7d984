//! Reads keys in PEM (RFC 7468), and decides which key a block holds. aws-lc reads the content.

use aws_lc_rs::{
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair},
};

use super::{
    Algorithm, KeyFault,
    armor::{Block, single},
    der::{self, Wrapped},
    private::PrivateKey,
    public::PublicNumbers,
};

const PUBLIC: &str = "`PUBLIC KEY`, for RSA also `RSA PUBLIC KEY`";
const PRIVATE: &str = "`PRIVATE KEY` (PKCS#8), for EC also `EC PRIVATE KEY`, for RSA also `RSA PRIVATE KEY`";

/// Reads a public key.
pub(super) fn public(algorithm: Algorithm, pem: &str) -> Result<PublicNumbers, KeyFault> {
    let Block { label, der } = single(pem, PUBLIC)?;
    let bad = || KeyFault::PemKey(algorithm);
    match (algorithm, label) {
        (Algorithm::HS256, _) => Err(KeyFault::PemForSecret),
        (Algorithm::RS256 | Algorithm::PS256, "RSA PUBLIC KEY") => rsa_numbers(algorithm, &der),
        (_, "PUBLIC KEY") => {
            let key = der::public_key(&der).ok_or_else(bad)?;
            match algorithm {
                Algorithm::ES256 if key.algorithm == der::EC && key.parameters == der::P256 => {
                    PublicNumbers::p256_point(key.key)
                }
                Algorithm::EdDSA if key.algorithm == der::ED25519 => Ok(PublicNumbers::Ed25519 { x: key.key.into() }),
                Algorithm::RS256 | Algorithm::PS256 => rsa_numbers(algorithm, of_rsa(algorithm, key)?),
                _ => Err(bad()),
            }
        }
        _ => Err(KeyFault::PemLabel(PUBLIC)),
    }
}

/// Returns the algorithm that a public key is for. For RSA, returns `rsa` when the key does not name an algorithm.
pub(super) fn algorithm_of(pem: &str, rsa: Algorithm) -> Result<Algorithm, KeyFault> {
    let Block { label, der } = single(pem, PUBLIC)?;
    let key = match label {
        "RSA PUBLIC KEY" => return Ok(rsa),
        "PUBLIC KEY" => der::public_key(&der).ok_or(KeyFault::PemKind)?,
        _ => return Err(KeyFault::PemLabel(PUBLIC)),
    };
    match key.algorithm {
        der::EC => Ok(Algorithm::ES256),
        der::ED25519 => Ok(Algorithm::EdDSA),
        der::RSA => Ok(rsa),
        der::RSA_PSS => Ok(Algorithm::PS256),
        _ => Err(KeyFault::PemKind),
    }
}

/// Reads a private key and takes the public numbers from it.
pub(super) fn private(algorithm: Algorithm, pem: &str) -> Result<(PrivateKey, PublicNumbers), KeyFault> {
    let Block { label, der } = single(pem, PRIVATE)?;
    let bad = || KeyFault::PemKey(algorithm);
    match (algorithm, label) {
        (Algorithm::HS256, _) => Err(KeyFault::PemForSecret),
        (Algorithm::ES256, "PRIVATE KEY" | "EC PRIVATE KEY") => private_p256(&der).ok_or_else(bad),
        (Algorithm::EdDSA, "PRIVATE KEY") => private_ed25519(&der).ok_or_else(bad),
        (Algorithm::RS256 | Algorithm::PS256, "RSA PRIVATE KEY") => private_rsa(&der).ok_or_else(bad),
        (Algorithm::RS256 | Algorithm::PS256, "PRIVATE KEY") => {
            let key = der::private_key(&der).ok_or_else(bad)?;
            private_rsa(of_rsa(algorithm, key)?).ok_or_else(bad)
        }
        _ => Err(KeyFault::PemLabel(PRIVATE)),
    }
}

/// Reads a key in PKCS #8 or in the form of SEC 1 (RFC 5915).
fn private_p256(der: &[u8]) -> Option<(PrivateKey, PublicNumbers)> {
    let pair = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok()?;
    let numbers = PublicNumbers::P256 { point: pair.public_key().as_ref().into() };
    Some((PrivateKey::P256(pair), numbers))
}

fn private_ed25519(der: &[u8]) -> Option<(PrivateKey, PublicNumbers)> {
    let pair = Ed25519KeyPair::from_pkcs8(der).ok()?;
    let numbers = PublicNumbers::Ed25519 { x: pair.public_key().as_ref().into() };
    Some((PrivateKey::Ed25519(pair), numbers))
}

/// Reads a key in the form of PKCS #1.
fn private_rsa(der: &[u8]) -> Option<(PrivateKey, PublicNumbers)> {
    let pair = RsaKeyPair::from_der(der).ok()?;
    let numbers = PublicNumbers::rsa(pair.public_key());
    Some((PrivateKey::Rsa(pair), numbers))
}

fn rsa_numbers(algorithm: Algorithm, der: &[u8]) -> Result<PublicNumbers, KeyFault> {
    rsa::PublicKey::from_der(der).map(|key| PublicNumbers::rsa(&key)).map_err(|_| KeyFault::PemKey(algorithm))
}

/// Returns the key in the form of PKCS #1, if its declared use permits the algorithm.
fn of_rsa(algorithm: Algorithm, key: Wrapped<'_>) -> Result<&[u8], KeyFault> {
    match key.algorithm {
        der::RSA => Ok(key.key),
        der::RSA_PSS if algorithm != Algorithm::PS256 => Err(KeyFault::PemForPss),
        der::RSA_PSS if der::permits_ps256(key.parameters) => Ok(key.key),
        der::RSA_PSS => Err(KeyFault::PssParameters),
        _ => Err(KeyFault::PemKey(algorithm)),
    }
}
