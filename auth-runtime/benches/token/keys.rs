//! Keys of each algorithm, new in each run.

use auth_runtime::token::{Algorithm, SigningKey};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac, rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::DecodingKey;

pub(crate) const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";

/// The same key in the types of the three libraries.
pub(crate) struct Keys {
    pub(crate) algorithm: Algorithm,
    pub(crate) signing: SigningKey,
    pub(crate) decoding: DecodingKey,
    pub(crate) primitive: Primitive,
}

pub(crate) enum Primitive {
    Hmac(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Primitive {
    /// Checks a signature, and does nothing else.
    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, signed, signature).is_ok(),
            Self::Public(key) => key.verify_sig(signed, signature).is_ok(),
        }
    }
}

pub(crate) fn keys(algorithm: Algorithm) -> Keys {
    let from_pem = |der: &[u8]| SigningKey::from_pem(algorithm, &pem(der).into()).unwrap();
    let public = |parsed| Primitive::Public(parsed);
    let (signing, decoding, primitive) = match algorithm {
        Algorithm::HS256 => (
            SigningKey::from_secret(&SECRET.into()).unwrap(),
            DecodingKey::from_secret(SECRET.as_bytes()),
            Primitive::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()))),
        ),
        Algorithm::ES256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
            let point = pair.public_key().as_ref();
            (
                from_pem(pair.to_pkcs8v1().unwrap().as_ref()),
                DecodingKey::from_ec_der(point),
                public(ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).unwrap()),
            )
        }
        Algorithm::EdDSA => {
            let pair = Ed25519KeyPair::generate().unwrap();
            let x = pair.public_key().as_ref();
            (
                from_pem(pair.to_pkcs8v1().unwrap().as_ref()),
                DecodingKey::from_ed_der(x),
                public(ParsedPublicKey::new(&ED25519, x).unwrap()),
            )
        }
        _ => {
            let padding: &RsaParameters =
                if algorithm == Algorithm::PS256 { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
            let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
            let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
            let der = pair.public_key().as_ref();
            (
                from_pem(pkcs8.as_ref()),
                DecodingKey::from_rsa_der(der),
                public(ParsedPublicKey::new(padding, der).unwrap()),
            )
        }
    };
    Keys { algorithm, signing, decoding, primitive }
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}
