use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{KeyFault, der};

/// The beginnings of published secrets, compared without case and punctuation.
const PLACEHOLDERS: [&str; 14] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "yoursecret",
    "yoursupersecret",
    "yourjwtsecret",
    "your256bitsecret",
    "secretkey",
    "supersecret",
    "mysecret",
    "astringsecretatleast256bitslong",
    "insertyoursecret",
    // The example of the FastAPI tutorial, copied into many deployments.
    "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
];

const MIN_BYTES: usize = 32;
const MIN_DIFFERENT: usize = 8;

/// Finds the ways in which a secret is guessable. Reveals nothing about the secret itself.
pub(super) fn faults(secret: &[u8]) -> Vec<KeyFault> {
    let mut faults = Vec::new();
    if secret.len() < MIN_BYTES {
        faults.push(KeyFault::SecretTooShort { bytes: secret.len(), min: MIN_BYTES });
    }
    if is_key(secret) {
        faults.push(KeyFault::SecretIsKey);
    }
    if is_placeholder(secret) {
        faults.push(KeyFault::SecretIsPlaceholder);
    } else if different_bytes(secret) < MIN_DIFFERENT {
        faults.push(KeyFault::SecretIsMonotonous);
    }
    faults
}

/// Returns whether the secret is a key of a key pair. It may be a PEM file, a PEM file in base64 once more, the base64
/// text of a PEM file without its frame, or a JWK. No random secret reads like one of these.
fn is_key(secret: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const BEGIN_IN_BASE64: &[u8] = b"LS0tLS1CRUdJTi";
    const KEY_TYPE_OF_JWK: &[u8] = b"\"kty\"";
    let has = |text: &[u8]| secret.windows(text.len()).any(|window| window == text);
    has(BEGIN) || has(BEGIN_IN_BASE64) || has(KEY_TYPE_OF_JWK) || is_der(secret)
}

/// Returns whether the secret is base64 of a key in DER.
fn is_der(secret: &[u8]) -> bool {
    let text = Zeroizing::new(secret.iter().filter(|byte| !byte.is_ascii_whitespace()).copied().collect::<Vec<u8>>());
    let Ok(der) = STANDARD.decode(&*text).map(Zeroizing::new) else { return false };
    der::public_key(&der).is_some() || der::private_key(&der).is_some()
}

fn is_placeholder(secret: &[u8]) -> bool {
    let plain = || secret.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    PLACEHOLDERS.iter().any(|known| plain().take(known.len()).eq(known.bytes()))
}

fn different_bytes(secret: &[u8]) -> usize {
    let mut seen = [false; 256];
    for &byte in secret {
        if let Some(seen) = seen.get_mut(usize::from(byte)) {
            *seen = true;
        }
    }
    seen.into_iter().filter(|&seen| seen).count()
}
