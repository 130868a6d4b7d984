//! The examples in the standards.

use auth_runtime::token::{JoseError, KeyFault, KeySet, verify_compact};
use serde_json::Value;

use crate::support::vectors;

fn verify(jwk: &Value, alg: &str, token: &str) -> Result<Vec<u8>, JoseError> {
    verify_compact(token, &KeySet::from_json_for(&jwk.to_string(), alg).unwrap())
}

#[test]
fn rfc7515_a1_to_a3_verify_and_a5_is_refused() {
    let document = vectors("rfc7515/appendix_a.json");
    let [hs256, rs256, es256, none] = document["vectors"].as_array().unwrap().as_slice() else {
        panic!("four examples");
    };
    for example in [hs256, rs256, es256] {
        let payload = verify(&example["jwk"], example["alg"].as_str().unwrap(), example["jws"].as_str().unwrap());
        assert!(payload.unwrap().starts_with(br#"{"iss":"joe","#), "{}", example["id"]);
    }
    for signed in [hs256, rs256, es256] {
        let unsecured = verify(&signed["jwk"], signed["alg"].as_str().unwrap(), none["jws"].as_str().unwrap());
        assert_eq!(unsecured, Err(JoseError::WrongAlgorithm));
    }
}

#[test]
fn rfc7520_signatures_verify() {
    for (file, alg) in [
        ("jws/4_1.rsa_v15_signature", "RS256"),
        ("jws/4_2.rsa-pss_signature", "PS384"),
        ("jws/4_4.hmac-sha2_integrity_protection", "HS256"),
        ("curve25519/jws", "EdDSA"),
    ] {
        let example = vectors(&format!("rfc7520-cookbook/{file}.json"));
        let (input, output) = (&example["input"], &example["output"]);
        let payload = verify(&public(&input["key"]), alg, output["compact"].as_str().unwrap()).unwrap();
        assert_eq!(payload, input["payload"].as_str().unwrap().as_bytes(), "{file}");
    }
}

#[test]
fn rfc7520_keys_load_by_their_kind() {
    let load = |file: &str, alg: &str| {
        let jwk = vectors(&format!("rfc7520-cookbook/jwk/{file}.json"));
        KeySet::from_json_for(&jwk.to_string(), alg)
            .map(drop)
            .map_err(|error| error.iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(load("3_1.ec_public_key", "ES256"), Err(vec![KeyFault::JwkType]), "P-521 is not offered");
    assert_eq!(load("3_3.rsa_public_key", "RS256"), Ok(()));
    assert_eq!(load("3_4.rsa_private_key", "RS256"), Err(vec![KeyFault::NotPublic]));
    assert_eq!(load("3_5.symmetric_key_mac_computation", "HS256"), Ok(()));
    assert_eq!(load("3_6.symmetric_key_encryption", "HS256"), Err(vec![KeyFault::JwkUse]));
}

/// The refused examples: ES512, detached content, parameters outside the protected header, several signatures, and
/// `b64`.
#[test]
fn algorithms_that_are_not_offered_are_refused() {
    let hmac = vectors("rfc7520-cookbook/jws/4_4.hmac-sha2_integrity_protection.json");
    let keys = KeySet::from_json(&hmac["input"]["key"].to_string()).unwrap();
    let mut refused = Vec::new();
    for file in [
        "jws/4_3.ecdsa_signature",
        "jws/4_5.signature_with_detached_content",
        "jws/4_6.protecting_specific_header_fields",
        "jws/4_7.protecting_content_only",
        "jws/4_8.multiple_signatures",
        "rfc7797/4.2.hmac-sha2_b64_false",
        "rfc7797/hmac-sha2_b64_false",
    ] {
        let output = &vectors(&format!("rfc7520-cookbook/{file}.json"))["output"];
        for form in ["compact", "json", "json_flat"] {
            if let Some(token) = output.get(form) {
                let text = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
                refused.push(verify_compact(&text, &keys).unwrap_err());
            }
        }
    }
    let count = |error| refused.iter().filter(|&&other| other == error).count();
    assert_eq!(count(JoseError::UnknownKey), 1, "ES512 names another key");
    assert_eq!(count(JoseError::BadSignature), 1, "without its detached content the signature is over nothing");
    assert_eq!(count(JoseError::UnencodedPayload), 1);
    assert_eq!(count(JoseError::NotBase64Url), 1, "a JSON text with dots is split, and its first part is not a header");
    assert_eq!(count(JoseError::NotThreeSegments) + 4, refused.len());
}

/// Returns the public part of a key. The cookbook prints private keys, and a verifier gets the public part.
fn public(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        jwk.as_object_mut().unwrap().remove(private);
    }
    jwk
}
