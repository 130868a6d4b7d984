//! Wycheproof's JWS, JWK and JWE cases, through the strict layer.

use std::collections::BTreeMap;

use auth_runtime::token::{KeySet, verify_compact};
use serde_json::Value;

use crate::support::vectors;

/// Returns whether a case was accepted. A refused key accepts no token.
fn accepts(group: &Value, case: &Value) -> bool {
    let key = group.get("public").unwrap_or(&group["private"]);
    let token = case.get("jws").or_else(|| case.get("jwe")).unwrap();
    // A JSON serialisation is an object in the vectors; a caller would pass its text.
    let text = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
    KeySet::from_json(&key.to_string()).is_ok_and(|keys| verify_compact(&text, &keys).is_ok())
}

fn cases(file: &str) -> Vec<(Value, Value)> {
    let document = vectors(&format!("wycheproof/{file}.json"));
    let groups = document["testGroups"].as_array().unwrap();
    let cases = groups
        .iter()
        .flat_map(|group| group["tests"].as_array().unwrap().iter().map(|case| (group.clone(), case.clone())));
    cases.collect()
}

#[test]
fn jws_and_jwk_agree_on_468_and_deviate_on_8_as_pinned() {
    let pins = vectors("wycheproof/deviations.json");
    let (mut agree, mut pinned) = (0, 0);
    for file in ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test"] {
        let pins: BTreeMap<u64, &Value> =
            pins[file].as_array().unwrap().iter().map(|pin| (pin["tcId"].as_u64().unwrap(), pin)).collect();
        for (group, case) in cases(file).into_iter().filter(|(_, case)| case.get("jws").is_some()) {
            let id = case["tcId"].as_u64().unwrap();
            let is_accepted = accepts(&group, &case);
            if let Some(pin) = pins.get(&id) {
                assert_eq!(pin["listed"], case["result"], "{file} {id}: the listing changed");
                assert_eq!(is_accepted, pin["we"] == "accept", "{file} {id}: {}", pin["why"]);
                assert_ne!(is_accepted, case["result"] == "valid", "{file} {id} needs no pin");
                pinned += 1;
            } else {
                assert_eq!(is_accepted, case["result"] == "valid", "{file} {id}: {case}");
                agree += 1;
            }
        }
    }
    assert_eq!((agree, pinned), (468, 8));
}

#[test]
fn all_173_jwe_are_refused() {
    let files = ["json_web_encryption_test", "json_web_crypto_test"];
    let jwe: Vec<_> = files.into_iter().flat_map(cases).filter(|(_, case)| case.get("jwe").is_some()).collect();
    assert_eq!(jwe.len(), 173);
    for (group, case) in jwe {
        assert!(!accepts(&group, &case), "{case}");
    }
}

/// The keys of the JWE cases are refused already. The tokens have to be refused beside good keys as well.
#[test]
fn all_173_jwe_are_refused_by_good_keys_too() {
    let key = vectors("rfc7515/appendix_a.json")["vectors"][0]["jwk"].to_string();
    let keys = KeySet::from_json(&key).unwrap();
    for (_, case) in cases("json_web_encryption_test").into_iter().chain(cases("json_web_crypto_test")) {
        if let Some(token) = case.get("jwe") {
            let text = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
            assert!(verify_compact(&text, &keys).is_err(), "{case}");
        }
    }
}
