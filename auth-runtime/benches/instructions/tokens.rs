//! Tokens with HS256: accepted, and refused at each step.

use std::hint::black_box;

use auth_runtime::{
    clock::{Clock, SystemClock},
    secret::SystemEntropy,
    token::{AccessVerifier, KeyRing, NewAccessToken, SigningKey, TokenIssuer},
};
use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use crate::{
    Call, Named,
    apps::{AUDIENCE, ISSUER, SECRET},
};

pub(crate) fn cases() -> Vec<Named> {
    let mut cases: Vec<Named> = vec![
        ("token: accepted".to_owned(), Box::new(|| verification(ring(), issue(&ring(), 0), true))),
        ("token: accepted by jsonwebtoken".to_owned(), Box::new(peer)),
        ("token: the bare signature check".to_owned(), Box::new(bare)),
    ];
    for (name, token) in [
        ("wrong alg", wrong_alg as fn() -> String),
        ("alg none", none),
        ("malformed", || "not.a-token".repeat(30)),
        ("oversize", || with_signature(&"A".repeat(20_000))),
        ("bad signature", || with_signature(&"A".repeat(43))),
        ("expired", || issue(&ring(), -3_600)),
    ] {
        cases.push((format!("token: {name}"), Box::new(move || verification(ring(), token(), false))));
    }
    cases
}

/// Verifies the token as the guard does, and keeps nothing.
pub(crate) fn verification(ring: KeyRing, token: String, is_good: bool) -> Call {
    let (verifier, clock) =
        (AccessVerifier::builder(ring, ISSUER, AUDIENCE).build().expect("a verifier"), SystemClock::new());
    Box::new(move || {
        let verified = verifier.verify(black_box(&token), clock.unix(), |claims| claims.subject().len());
        assert_eq!(verified.is_ok(), is_good);
    })
}

pub(crate) fn ring() -> KeyRing {
    KeyRing::builder().sign_with(key(SECRET)).build().expect("one key")
}

pub(crate) fn key(secret: &str) -> SigningKey {
    SigningKey::from_secret(&secret.into()).expect("a good secret")
}

/// Issues a token these seconds from now.
pub(crate) fn issue(ring: &KeyRing, seconds: i64) -> String {
    let issuer = TokenIssuer::builder(ring.clone(), ISSUER, AUDIENCE).build().expect("an issuer");
    let new = NewAccessToken::new("0f8b7f0e-1c1c-4a52-9c3e-2f5a7d1e9b64", "web-app").roles(&["editor", "member"]);
    let now = SystemClock::new().unix().plus_seconds(seconds);
    issuer.issue(&new, now, &SystemEntropy::new()).expect("a token").expose().to_owned()
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "made for what making it costs")]
struct Owned {
    iss: String,
    sub: String,
    exp: i64,
    roles: Vec<String>,
}

fn peer() -> Call {
    let (token, key) = (issue(&ring(), 0), DecodingKey::from_secret(SECRET.as_bytes()));
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    Box::new(move || assert!(jsonwebtoken::decode::<Owned>(black_box(&token), &key, &validation).is_ok()))
}

fn bare() -> Call {
    let (token, key) = (issue(&ring(), 0), hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()));
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let (signed, signature) = (signed.to_owned(), URL_SAFE_NO_PAD.decode(signature).expect("base64url"));
    Box::new(move || assert!(hmac::verify(&key, black_box(signed.as_bytes()), &signature).is_ok()))
}

/// Returns a token whose header names the key, and another algorithm than the key's.
fn wrong_alg() -> String {
    with_header(|kid| format!(r#"{{"typ":"at+jwt","alg":"HS512","kid":{kid}}}"#))
}

fn none() -> String {
    with_header(|kid| format!(r#"{{"alg":"none","typ":"at+jwt","kid":{kid}}}"#))
}

fn with_header(header: impl Fn(&serde_json::Value) -> String) -> String {
    let token = issue(&ring(), 0);
    let (own, rest) = token.split_once('.').expect("a header");
    let own: serde_json::Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(own).expect("base64url")).expect("a header");
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header(&own["kid"])))
}

fn with_signature(signature: &str) -> String {
    let token = issue(&ring(), 0);
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    format!("{signed}.{signature}")
}
