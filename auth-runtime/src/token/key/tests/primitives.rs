use serde_json::Value;

use super::{hex, vectors};
use crate::token::{
    Algorithm, KeyFault, KeySet, VerifyingKey,
    key::{Jwa, material::Material, public::prepare_secret},
};

/// The results of the cases in one file.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    agree: usize,
    /// Cases listed as `acceptable` that were refused.
    refused_acceptable: usize,
    differ: Vec<u64>,
}

impl Tally {
    fn count(&mut self, group: &Value, mut verifies: impl FnMut(&[u8], &[u8]) -> bool) {
        for case in group["tests"].as_array().unwrap() {
            let signature = hex(case.get("sig").unwrap_or(&case["tag"]));
            let accepted = verifies(&hex(&case["msg"]), &signature);
            match (case["result"].as_str().unwrap(), accepted) {
                ("valid", true) | ("invalid", false) => self.agree += 1,
                ("acceptable", false) => self.refused_acceptable += 1,
                _ => self.differ.push(case["tcId"].as_u64().unwrap()),
            }
        }
    }
}

fn run(file: &str, mut group: impl FnMut(&Value, &mut Tally)) -> Tally {
    let document = vectors(&format!("wycheproof/{file}_test.json"));
    let mut tally = Tally::default();
    for entry in document["testGroups"].as_array().unwrap() {
        group(entry, &mut tally);
    }
    assert_eq!(tally.differ, [0; 0], "{file}");
    tally
}

#[test]
fn es256_agrees_on_262_of_262() {
    let tally = run("ecdsa_secp256r1_sha256_p1363", |group, tally| {
        let key = VerifyingKey::from_pem(Algorithm::ES256, group["publicKeyPem"].as_str().unwrap()).unwrap();
        tally.count(group, |message, signature| key.material.check(message, signature).is_ok());
    });
    assert_eq!(tally.agree, 262);
}

#[test]
fn ed25519_agrees_on_151_of_151() {
    let tally = run("ed25519", |group, tally| {
        let from_jwk = VerifyingKey::from_jwk(&group["publicKeyJwk"].to_string()).unwrap();
        let pem = group["publicKeyPem"].as_str().unwrap();
        let from_pem = VerifyingKey::from_pem(Algorithm::EdDSA, pem).unwrap();
        assert_eq!(from_jwk.public, from_pem.public);
        tally.count(group, |message, signature| from_pem.material.check(message, signature).is_ok());
    });
    assert_eq!(tally.agree, 151);
}

#[test]
fn rsa_agrees_on_3106_of_3106_and_refuses_the_9_acceptable() {
    let pkcs1 = ["2048", "3072", "4096"].into_iter().flat_map(|size| {
        ["256", "384", "512"].map(|hash| (format!("rsa_signature_{size}_sha{hash}"), format!("RS{hash}")))
    });
    let pss = [(2048, 256, 32), (2048, 384, 48), (3072, 256, 32), (4096, 256, 32), (4096, 384, 48), (4096, 512, 64)]
        .map(|(size, hash, salt)| (format!("rsa_pss_{size}_sha{hash}_mgf1_{salt}"), format!("PS{hash}")));
    let (mut agree, mut refused_acceptable) = (0, 0);
    for (file, alg) in pkcs1.chain(pss) {
        let tally = run(&file, |group, tally| {
            let jwk = group.get("keyJwk").unwrap_or(&group["publicKeyJwk"]);
            let keys = KeySet::from_json_for(&jwk.to_string(), &alg).unwrap();
            let [key] = &*keys.keys else { panic!("one key") };
            tally.count(group, |message, signature| key.material.check(message, signature).is_ok());
        });
        agree += tally.agree;
        refused_acceptable += tally.refused_acceptable;
    }
    assert_eq!((agree, refused_acceptable), (3106, 9));
}

#[test]
fn hmac_agrees_on_252_of_252_whole_tags() {
    let agree: usize = hmac_runs(|group, bits, material| {
        let mut tally = Tally::default();
        if group["tagSize"] == bits {
            tally.count(group, |message, tag| material.check(message, tag).is_ok());
        }
        tally
    });
    assert_eq!(agree, 252);
}

#[test]
fn a_truncated_hmac_tag_is_refused() {
    let refused: usize = hmac_runs(|group, bits, material| {
        let mut tally = Tally::default();
        if group["tagSize"] != bits {
            for case in group["tests"].as_array().unwrap() {
                assert!(material.check(&hex(&case["msg"]), &hex(&case["tag"])).is_err(), "{case}");
                tally.agree += 1;
            }
        }
        tally
    });
    assert_eq!(refused, 252);
}

/// Runs the groups with a key that is long enough. The 18 cases with a shorter key are refused when the key is loaded.
fn hmac_runs(mut group_run: impl FnMut(&Value, u64, &Material) -> Tally) -> usize {
    let mut agree = 0;
    for (bits, jwa) in [(256_u64, Jwa::HS256), (384, Jwa::HS384), (512, Jwa::HS512)] {
        let total = run(&format!("hmac_sha{bits}"), |group, total| {
            let secret = hex(&group["tests"][0]["key"]);
            match prepare_secret(&secret, jwa) {
                Ok(_) => {}
                Err(KeyFault::SecretTooShort { bytes, .. }) => return assert!(bytes as u64 * 8 < bits),
                Err(fault) => panic!("{fault}"),
            }
            for case in group["tests"].as_array().unwrap() {
                let single = serde_json::json!({ "tagSize": group["tagSize"], "tests": [case] });
                let material = prepare_secret(&hex(&case["key"]), jwa).unwrap();
                let tally = group_run(&single, bits, &material);
                total.agree += tally.agree;
                total.differ.extend(tally.differ);
            }
        });
        agree += total.agree;
    }
    agree
}
