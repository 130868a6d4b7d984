//! Keys generated for this run, a fixed time, and handmade tokens.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use auth_runtime::{
    clock::UnixTime,
    secret::{Entropy, EntropyError},
    token::{AccessVerifier, Algorithm, KeyRing, SigningKey, TokenIssuer},
};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    rsa::{KeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const AUDIENCE: &str = "notes";
pub(crate) const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);
pub(crate) const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";

/// Returns a private key of each public-key algorithm, as PEM.
pub(crate) fn private_pem(algorithm: Algorithm) -> &'static str {
    static ES256: LazyLock<String> = LazyLock::new(|| {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref())
    });
    static ED_DSA: LazyLock<String> =
        LazyLock::new(|| pem("PRIVATE KEY", Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap().as_ref()));
    static RSA: LazyLock<String> = LazyLock::new(|| {
        let pkcs8: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
        pem("PRIVATE KEY", pkcs8.as_ref())
    });
    match algorithm {
        Algorithm::ES256 => &ES256,
        Algorithm::EdDSA => &ED_DSA,
        Algorithm::RS256 | Algorithm::PS256 => &RSA,
        _ => panic!("{algorithm} has no PEM form"),
    }
}

/// Returns the same signing key at every call.
pub(crate) fn signing_key(algorithm: Algorithm) -> SigningKey {
    match algorithm {
        Algorithm::HS256 => SigningKey::from_secret(&SECRET.into()).unwrap(),
        _ => SigningKey::from_pem(algorithm, &private_pem(algorithm).into()).unwrap(),
    }
}

pub(crate) fn ring(algorithm: Algorithm) -> KeyRing {
    KeyRing::builder().sign_with(signing_key(algorithm)).build().unwrap()
}

pub(crate) fn issuer(keys: KeyRing) -> TokenIssuer {
    TokenIssuer::builder(keys, ISSUER, AUDIENCE).build().unwrap()
}

pub(crate) fn verifier(keys: KeyRing) -> AccessVerifier {
    AccessVerifier::builder(keys, ISSUER, AUDIENCE).build().unwrap()
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A source that returns the same bytes at every call.
pub(crate) struct FixedEntropy(pub(crate) u8);

impl Entropy for FixedEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        bytes.fill(self.0);
        Ok(())
    }
}

/// Returns a compact token with a valid HS256 signature over any header and payload.
pub(crate) fn sign(header: &[u8], payload: &[u8]) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    resign(&signed)
}

/// Appends a valid HS256 signature to any text.
pub(crate) fn resign(signed: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

pub(crate) fn vector_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)
}

pub(crate) fn vectors(name: &str) -> Value {
    let path = vector_path(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}
