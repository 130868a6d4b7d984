use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{hex, vectors};
use crate::token::{KeyFault, VerifyingKey};

#[test]
fn keys_of_small_order_are_refused_at_load_and_the_rest_is_pinned() {
    let (mut refused_keys, mut accepted, mut refused) = (0, 0, 0);
    for case in vectors("ed25519-cctv/ed25519vectors.json").as_array().unwrap() {
        let flags: Vec<_> = case["flags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let has = |flag| flags.contains(&flag);
        let key = load(&hex(&case["key"]));
        if has("low_order_A") {
            let fault = key.err().unwrap();
            let expected = if has("non_canonical_A") { KeyFault::NotCanonical } else { KeyFault::SmallOrder };
            assert!(fault == expected || fault == KeyFault::SmallOrder, "{case}");
            refused_keys += 1;
            continue;
        }
        let message = case["msg"].as_str().unwrap().as_bytes();
        let is_accepted = key.unwrap().material.check(message, &hex(&case["sig"])).is_ok();
        // aws-lc computes R without the cofactor and compares its bytes.
        let expected = !has("low_order_residue") && !has("non_canonical_R") && !has("reencoded_k");
        assert_eq!(is_accepted, expected, "{case}");
        if is_accepted { accepted += 1 } else { refused += 1 }
    }
    assert_eq!((refused_keys, accepted, refused), (526, 86, 302));
}

fn load(key: &[u8]) -> Result<VerifyingKey, KeyFault> {
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key) });
    VerifyingKey::from_jwk(&jwk.to_string()).map_err(|error| error.iter().next().unwrap().clone())
}
