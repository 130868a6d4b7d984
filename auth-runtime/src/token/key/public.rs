use aws_lc_rs::{
    digest::{SHA256, digest},
    encoding::{AsDer as _, PublicKeyX509Der},
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    Jwa, KeyFault,
    algorithm::Family,
    der, ed25519,
    material::{Material, hmac_bytes},
    rsa as rsa_policy,
};

const COORDINATE: usize = 32;

/// The length of a point with both coordinates: 4, x, y.
const POINT: usize = 1 + 2 * COORDINATE;

/// The public numbers of a key, as a JWK states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PublicNumbers {
    P256 {
        /// The point, uncompressed: 4, x, y.
        point: Box<[u8]>,
    },
    Ed25519 {
        x: Box<[u8]>,
    },
    Rsa {
        n: Box<[u8]>,
        e: Box<[u8]>,
    },
}

impl PublicNumbers {
    pub(super) fn p256(x: &[u8], y: &[u8]) -> Result<Self, KeyFault> {
        if x.len() != COORDINATE || y.len() != COORDINATE {
            return Err(KeyFault::NotOnCurve);
        }
        Ok(Self::P256 { point: [&[4], x, y].concat().into() })
    }

    /// Reads a point in the form of SEC 1, section 2.3.3, uncompressed or compressed. The key and its thumbprint have
    /// both coordinates.
    pub(super) fn p256_point(bytes: &[u8]) -> Result<Self, KeyFault> {
        match bytes {
            [4, coordinates @ ..] => {
                let (x, y) = coordinates.split_at_checked(COORDINATE).ok_or(KeyFault::NotOnCurve)?;
                Self::p256(x, y)
            }
            [2 | 3, ..] => {
                let point = with_both_coordinates(bytes).ok_or(KeyFault::NotOnCurve)?;
                Ok(Self::P256 { point })
            }
            _ => Err(KeyFault::NotOnCurve),
        }
    }

    pub(super) fn rsa(key: &rsa::PublicKey) -> Self {
        Self::Rsa {
            n: key.modulus().big_endian_without_leading_zero().into(),
            e: key.exponent().big_endian_without_leading_zero().into(),
        }
    }

    /// Checks the numbers and prepares them for verifying with one algorithm.
    pub(super) fn prepare(&self, jwa: Jwa) -> Result<Material, KeyFault> {
        let key = match (self, jwa.family()) {
            (Self::P256 { point }, Family::P256) => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| KeyFault::NotOnCurve)?
            }
            (Self::Ed25519 { x }, Family::Ed25519) => {
                ed25519::check(x)?;
                ParsedPublicKey::new(&ED25519, x).map_err(|_| KeyFault::NotCanonical)?
            }
            (Self::Rsa { n, e }, Family::Rsa(parameters)) => {
                rsa_policy::check(n, e)?;
                let components = rsa::PublicKeyComponents { n, e };
                components.to_parsed_public_key(parameters).map_err(|_| KeyFault::RsaModulus)?
            }
            _ => return Err(KeyFault::JwkType),
        };
        Ok(Material::Public(key))
    }

    /// Returns the members of the JWK that RFC 7638 requires, in its order.
    pub(super) fn members(&self) -> Map<String, Value> {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let members = match self {
            Self::P256 { point } => {
                let (x, y) = point.get(1..).unwrap_or_default().split_at_checked(COORDINATE).unwrap_or_default();
                vec![("crv", "P-256".to_owned()), ("kty", "EC".to_owned()), ("x", encode(x)), ("y", encode(y))]
            }
            Self::Ed25519 { x } => {
                vec![("crv", "Ed25519".to_owned()), ("kty", "OKP".to_owned()), ("x", encode(x))]
            }
            Self::Rsa { n, e } => vec![("e", encode(e)), ("kty", "RSA".to_owned()), ("n", encode(n))],
        };
        members.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
    }

    /// Returns the key's thumbprint (RFC 7638). It is the key's id unless the application sets another.
    pub(super) fn thumbprint(&self) -> Box<str> {
        // The members are in the order that the RFC requires, and serde_json keeps or restores that order.
        let json = Value::Object(self.members()).to_string();
        URL_SAFE_NO_PAD.encode(digest(&SHA256, json.as_bytes())).into()
    }
}

/// Returns the point of a compressed one. aws-lc computes the second coordinate, and writes both into the key's DER.
fn with_both_coordinates(compressed: &[u8]) -> Option<Box<[u8]>> {
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, compressed).ok()?;
    let der: PublicKeyX509Der<'_> = key.as_der().ok()?;
    let point = der::public_key(der.as_ref())?.key;
    (point.len() == POINT && point.first() == Some(&4)).then(|| point.into())
}

/// Prepares an HMAC secret that is at least as long as its hash.
pub(super) fn prepare_secret(secret: &[u8], jwa: Jwa) -> Result<Material, KeyFault> {
    let Family::Hmac(algorithm) = jwa.family() else {
        return Err(KeyFault::JwkType);
    };
    let min = hmac_bytes(algorithm);
    if secret.len() < min {
        return Err(KeyFault::SecretTooShort { bytes: secret.len(), min });
    }
    Ok(Material::secret(algorithm, secret))
}
