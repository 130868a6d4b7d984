//! Published vectors and known attacks, through the path of other issuers.

use std::fs;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    signer::{NOW, Signer},
    world::World,
};
use crate::{
    clock::UnixTime,
    remote::{Issuer, TokenType, token::verify},
    token::{Compact, KeySet, PublishedKeys, TokenError, decode_payload, verify_compact},
};

/// Returns whether the header is taken and the signature is right. The payloads of the vectors are no claims, so an
/// error about claims says that the signature is right.
pub(super) fn signature_is_right(token: &str, key: &Value) -> bool {
    let issuer = Issuer::new("a").jwks("https://a.example").audience("api").token_type(TokenType::Jwt);
    let source = issuer.check().unwrap();
    let set = if key.get("keys").is_some() { key.clone() } else { json!({ "keys": [key] }) };
    let Ok((keys, _)) = PublishedKeys::read(set.to_string().as_bytes(), &source.algorithms) else { return false };
    let Ok(compact) = Compact::split(token) else { return false };
    let mut buffer = vec![0; compact.payload.len()];
    let Ok(payload) = decode_payload(compact.payload, &mut buffer) else { return false };
    match verify(&source, &keys, &compact, payload, UnixTime::from_seconds(NOW)) {
        Ok(_) => true,
        Err(error) => !matches!(error, TokenError::Jose(_) | TokenError::WrongType),
    }
}

/// Returns the key and the token of each case.
fn cases(file: &str) -> Vec<(Value, String)> {
    let path = format!("{}/tests/vectors/wycheproof/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let groups = document["testGroups"].as_array().unwrap().iter();
    let cases = groups.flat_map(|group| {
        let key = group.get("public").unwrap_or(&group["private"]).clone();
        group["tests"].as_array().unwrap().iter().filter_map(move |case| {
            let token = case.get("jws").or_else(|| case.get("jwe"))?;
            Some((key.clone(), token.as_str().map_or_else(|| token.to_string(), str::to_owned)))
        })
    });
    cases.collect()
}

/// The strict path agrees with the listed results. Here all that it accepts is accepted, with public keys of the four
/// algorithms, and nothing else.
#[test]
fn wycheproof_is_judged_as_by_the_strict_path() {
    let (mut accepted, mut total) = (0, 0);
    for file in ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test", "json_web_encryption_test"] {
        for (key, token) in cases(file) {
            let header = token.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
            let header: Value = header.and_then(|header| serde_json::from_slice(&header).ok()).unwrap_or_default();
            let is_supported = ["ES256", "EdDSA", "Ed25519", "RS256", "PS256"].iter().any(|alg| header["alg"] == *alg);
            let strict = KeySet::from_json(&key.to_string()).is_ok_and(|keys| verify_compact(&token, &keys).is_ok());
            assert_eq!(signature_is_right(&token, &key), strict && is_supported, "{file}: {key} {token}");
            accepted += usize::from(strict && is_supported);
            total += 1;
        }
    }
    assert_eq!((accepted, total), (19, 476 + 173));
}

async fn refused(world: &World, token: &str) {
    assert!(world.verify(token).await.is_err(), "{token}");
}

fn encode(part: &str) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

#[tokio::test]
async fn algorithms_are_not_confused() {
    let world = World::new().await;
    assert!(world.verify(&world.token()).await.is_ok());
    let claims = encode(&world.claims().to_string());
    for alg in ["none", "None", "NONE", "nOnE", "", "null"] {
        let header = encode(&format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"k1"}}"#));
        for signature in ["", "AA", world.token().rsplit('.').next().unwrap()] {
            refused(&world, &format!("{header}.{claims}.{signature}")).await;
        }
    }
    let jwk = world.signer.jwk();
    for secret in [jwk.to_string(), jwk["x"].as_str().unwrap().to_owned(), String::new()] {
        for alg in ["HS256", "HS384", "HS512", "ES256"] {
            let signed = format!("{}.{claims}", encode(&format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"k1"}}"#)));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
            refused(&world, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))).await;
        }
    }
    for alg in ["ES384", "RS256", "PS256", "EdDSA", "es256", "ES256K"] {
        let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"k1"}}"#);
        refused(&world, &world.signer.sign(&header, &world.claims().to_string())).await;
    }
}

#[tokio::test]
async fn a_key_never_comes_from_the_token() {
    let world = World::new().await;
    let attacker = Signer::new("k1");
    let claims = world.claims().to_string();
    let url = world.server.url();
    for member in [
        format!(r#""jwk":{}"#, attacker.jwk()),
        format!(r#""jku":"{url}/evil""#),
        format!(r#""x5u":"{url}/evil""#),
        r#""x5c":["MIIB"]"#.to_owned(),
    ] {
        refused(&world, &attacker.sign(&format!(r#"{{"typ":"at+jwt","alg":"ES256","kid":"k1",{member}}}"#), &claims))
            .await;
    }
    for kid in ["../../dev/null", "' OR 1=1 --", "k1\\u0000", "K1", "", "http://127.0.0.1/"] {
        refused(&world, &attacker.sign(&format!(r#"{{"typ":"at+jwt","alg":"ES256","kid":"{kid}"}}"#), &claims)).await;
    }
    assert_eq!(world.server.count("/evil"), 0);
}

#[tokio::test]
async fn signatures_and_encodings_have_one_form() {
    let world = World::new().await;
    let token = world.token();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    // "Psychic" signatures: r and s are zero, or the order of the group.
    let order = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    for bytes in [vec![0; 64], [order, order].concat(), vec![0xff; 64], Vec::new(), vec![0; 63]] {
        refused(&world, &format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))).await;
    }
    for other in [
        format!("{token}="),
        format!("{token}."),
        format!(".{token}"),
        format!("{signed}.{signature}.{signature}"),
        format!("{signed}."),
        signed.to_owned(),
        token.replacen('.', "..", 1),
        format!("{signed}.{signature}A"),
        token.to_uppercase(),
        format!("{token}\u{0}"),
        format!("{{\"payload\":\"{token}\"}}"),
    ] {
        if axum::http::HeaderValue::from_str(&other).is_ok() {
            refused(&world, &other).await;
        }
    }
    let header = r#"{"typ":"at+jwt","alg":"ES256","kid":"k1"}"#;
    let claims = world.claims().to_string();
    for (header, claims) in [
        (header.replace('}', r#","crit":["exp"],"exp":1}"#), claims.clone()),
        (header.replace('}', r#","crit":[]}"#), claims.clone()),
        (header.replace('}', r#","b64":false}"#), claims.clone()),
        (header.replace('}', r#","zip":"DEF"}"#), claims.clone()),
        (header.replace('}', r#","enc":"A128GCM"}"#), claims.clone()),
        (header.replace('}', r#","alg":"ES256"}"#), claims.clone()),
        (header.to_owned(), claims.replacen('{', r#"{"sub":"mallory","#, 1)),
        (header.to_owned(), format!("[{claims}]")),
        (header.to_owned(), format!("\u{feff}{claims}")),
        (format!("{header} x"), claims.clone()),
    ] {
        refused(&world, &world.signer.sign(&header, &claims)).await;
    }
}
