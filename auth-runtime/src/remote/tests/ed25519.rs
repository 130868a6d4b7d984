//! The vectors of CCTV for Ed25519, with keys that an issuer publishes.

use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::token::{Algorithm, Header, PublishedKeys};

fn bytes(hex: &Value) -> Vec<u8> {
    let digits: Vec<u32> = hex.as_str().unwrap().chars().map(|char| char.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// The same keys and signatures are refused as with a key of this service.
#[test]
fn keys_and_signatures_are_judged_as_by_the_local_path() {
    let file = format!("{}/tests/vectors/ed25519-cctv/ed25519vectors.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let (mut passed_over, mut accepted, mut refused) = (0, 0, 0);
    for case in cases.as_array().unwrap() {
        let flags: Vec<_> = case["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let x = URL_SAFE_NO_PAD.encode(bytes(&case["key"]));
        let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "e1" }] }).to_string();
        let (keys, unused) = PublishedKeys::read(set.as_bytes(), &[Algorithm::EdDSA], &[]).unwrap();
        let Ok(key) = keys.find(&Header { alg: "EdDSA", kid: Some("e1"), typ: None }) else {
            assert!(flags.contains(&"low_order_A"), "{case}");
            assert_eq!(unused[0].reason, "key_weak");
            passed_over += 1;
            continue;
        };
        assert!(!flags.contains(&"low_order_A"), "{case}");
        let signature = URL_SAFE_NO_PAD.encode(bytes(&case["sig"]));
        let is_accepted = key.verify(case["msg"].as_str().unwrap(), &signature).is_ok();
        let is_right = !["low_order_residue", "non_canonical_R", "reencoded_k"].iter().any(|flag| flags.contains(flag));
        assert_eq!(is_accepted, is_right, "{case}");
        if is_accepted { accepted += 1 } else { refused += 1 }
    }
    assert_eq!((passed_over, accepted, refused), (526, 86, 302));
}
