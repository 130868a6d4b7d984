//! Suites of JSON documents, and the examples of the standards, through the path of other issuers.

use std::fs;

use serde_json::{Value, json};

use super::{vectors::signature_is_right, world::World};

fn path(name: &str) -> String {
    format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Returns the results of JSONTestSuite: whether a token is verified that has the document in its header or its claims.
async fn judged(folder: &str) -> Vec<(String, [Result<String, String>; 2])> {
    let world = World::new().await;
    let (header, claims) = (world.signer.header().to_string(), world.claims().to_string());
    let with = |document: &[u8], rest: &str| [br#"{"x":"#, document, b",", &rest.as_bytes()[1..]].concat();
    let mut results = Vec::new();
    for entry in fs::read_dir(path(folder)).unwrap() {
        let (name, document) = entry.map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap())).unwrap();
        let in_claims = world.subject(&world.signer.sign(&header, &with(&document, &claims))).await;
        let in_header = world.subject(&world.signer.sign(&with(&document, &header), &claims)).await;
        results.push((name.into_string().unwrap(), [in_claims, in_header]));
    }
    results
}

#[tokio::test]
async fn json_documents_in_tokens_are_judged_as_listed() {
    let results = judged("json-test-suite/test_parsing").await;
    assert_eq!(results.len(), 318);
    for (name, results) in results {
        for result in results {
            let is_right = match name.as_bytes()[0] {
                // Two members of one name are refused here.
                b'y' if name.starts_with("y_object_duplicated_key") => result.is_err(),
                b'y' => result == Ok("alice".to_owned()),
                b'n' => result.is_err(),
                _ => result.is_err() || result == Ok("alice".to_owned()),
            };
            assert!(is_right, "{name}: {result:?}");
        }
    }
}

/// Removes what only the signer knows, and names the algorithm.
fn public(key: &Value, alg: &str) -> Value {
    let mut key = key.clone();
    key.as_object_mut().unwrap().retain(|name, _| !["d", "p", "q", "dp", "dq", "qi"].contains(&&**name));
    key["alg"] = json!(alg);
    key
}

#[test]
fn the_examples_of_the_standards_are_right_where_their_algorithm_is_supported() {
    let read = |name: &str| -> Value { serde_json::from_str(&fs::read_to_string(path(name)).unwrap()).unwrap() };
    let rfc7515 = read("rfc7515/appendix_a.json");
    let of_rfc7515 = rfc7515["vectors"].as_array().unwrap().iter();
    let mut cases: Vec<_> = of_rfc7515
        .filter(|example| example["jwk"].is_object())
        .map(|example| (example["jwk"].clone(), example["alg"].clone(), example["jws"].clone()))
        .collect();
    for (file, alg) in [
        ("jws/4_1.rsa_v15_signature", "RS256"),
        ("jws/4_2.rsa-pss_signature", "PS384"),
        ("jws/4_3.ecdsa_signature", "ES512"),
        ("jws/4_4.hmac-sha2_integrity_protection", "HS256"),
        ("curve25519/jws", "EdDSA"),
    ] {
        let example = read(&format!("rfc7520-cookbook/{file}.json"));
        cases.push((example["input"]["key"].clone(), json!(alg), example["output"]["compact"].clone()));
    }
    let mut right = Vec::new();
    for (key, alg, token) in &cases {
        let (alg, token) = (alg.as_str().unwrap(), token.as_str().unwrap());
        if signature_is_right(token, &public(key, alg)) {
            right.push(alg);
        }
    }
    assert_eq!(right, ["RS256", "ES256", "RS256", "EdDSA"]);
}
