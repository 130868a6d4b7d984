use std::sync::LazyLock;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Map, Value};

use super::text::text;
use crate::{
    clock::UnixTime,
    secret::is_same,
    token::{
        AccessVerifier, Algorithm, ApiKeyFormat, Header, JoseError, KeyEnvironment, KeyRing, KeySet, PublishedKeys,
        SigningKey, verify_compact,
    },
};

const SECRET: &[u8; 32] = b"Fuzzing-0123456789-abcdefghijklm";
const HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt"}"#;
const NOW: UnixTime = UnixTime::from_seconds(1_800_000_000);

static VERIFIER: LazyLock<AccessVerifier> = LazyLock::new(|| {
    let ring = KeyRing::builder().sign_with(SigningKey::from_secret_bytes(SECRET).unwrap()).build().unwrap();
    AccessVerifier::builder(ring, "https://issuer.test", "service").build().unwrap()
});

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let secret = BASE64.encode(SECRET);
    KeySet::from_json(&format!(r#"{{"keys":[{{"kty":"oct","alg":"HS256","k":"{secret}"}}]}}"#)).unwrap()
});

/// No text is a token that the key has signed.
pub(super) fn token(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    assert!(VERIFIER.verify(text, NOW, |_| ()).is_err());
    assert!(verify_compact(text, &KEYS).is_err());
}

/// A header that is read is strict JSON, and says the same to another reader.
pub(super) fn header(bytes: &[u8]) {
    let read = Header::read::<_, JoseError>(&BASE64.encode(bytes), |header| {
        Ok((header.alg.to_owned(), header.kid.map(str::to_owned), header.typ.map(str::to_owned)))
    });
    let Ok((alg, kid, typ)) = read else { return };
    let other = object(bytes);
    let member = |name: &str| other.get(name).map(|value| value.as_str().unwrap().to_owned());
    assert_eq!((Some(alg), kid, typ), (member("alg"), member("kid"), member("typ")));
}

/// Signed claims that are accepted say the same to another reader of JSON, and their times hold.
pub(super) fn claims(bytes: &[u8]) {
    let signed = format!("{}.{}", BASE64.encode(HEADER), BASE64.encode(bytes));
    let signature = BASE64.encode(sign(&Key::new(HMAC_SHA256, SECRET), signed.as_bytes()));
    let token = format!("{signed}.{signature}");
    let read = VERIFIER.verify(&token, NOW, |claims| {
        let roles: Vec<_> = claims.roles().map(str::to_owned).collect();
        (claims.subject().to_owned(), claims.issuer().to_owned(), claims.expires_at(), roles)
    });
    let Ok((subject, issuer, expires_at, roles)) = read else { return };
    let other = object(bytes);
    assert!(!subject.is_empty() && other["sub"] == *subject);
    assert!(issuer == "https://issuer.test" && other["iss"] == *issuer);
    assert!(other["exp"].as_f64().unwrap() > 1_800_000_000.0 && expires_at > NOW);
    let other: Vec<_> = other.get("roles").and_then(Value::as_array).into_iter().flatten().collect();
    assert!(roles.iter().eq(other.iter().map(|role| role.as_str().unwrap())));
}

/// Keys are read or refused, twice alike, and a set that is used has keys.
pub(super) fn jwk(bytes: &[u8]) {
    if let Ok((keys, passed_over)) = PublishedKeys::read(bytes, &Algorithm::ALL, &[]) {
        assert!(keys.len() + passed_over.len() <= 64);
        let (again, over) = PublishedKeys::read(bytes, &Algorithm::ALL, &[]).ok().unwrap();
        assert_eq!((keys.len(), passed_over), (again.len(), over));
    }
    let Some(text) = text(bytes) else { return };
    if KeySet::from_json(text).is_ok() {
        // A single key stands for a set of one.
        assert!(object(bytes).get("keys").is_none_or(|keys| keys.as_array().is_some_and(|keys| !keys.is_empty())));
    }
    let _ = SigningKey::from_jwk(&text.into());
    for algorithm in Algorithm::ALL {
        let _ = SigningKey::from_pem(algorithm, &text.into());
    }
}

/// A key that is read is the text itself, in its one form.
pub(super) fn api_key(bytes: &[u8]) {
    static FORMAT: LazyLock<ApiKeyFormat> = LazyLock::new(|| ApiKeyFormat::new("fuzz", KeyEnvironment::Live).unwrap());
    let Some(text) = text(bytes) else { return };
    if let Ok(key) = FORMAT.parse(text) {
        assert!(is_same(key.expose().as_bytes(), text.as_bytes()) && text.starts_with("fuzz_live_"));
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        assert!(!format!("{key:?}").contains(text));
    }
}

fn object(bytes: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(bytes).unwrap()
}
