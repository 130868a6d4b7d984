use core::num::NonZeroU32;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use aws_lc_rs::pbkdf2;
use serde_json::Value;

use super::{secret, weak};
use crate::{
    password::{
        Ceilings, PasswordError, Passwords, Verified,
        memory::Buffers,
        stored::{Derivation, Stored},
    },
    secret::SystemEntropy,
};

fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn interop() -> Value {
    document(include_str!("../../../tests/vectors/password-interop/vectors.json"))
}

#[tokio::test]
async fn hashes_of_other_systems_match_their_passwords_and_no_others() {
    let (passwords, document) = (weak(), interop());
    let vectors = document["vectors"].as_array().unwrap();
    for vector in vectors {
        let (password, encoded) = (vector["password"].as_str().unwrap(), vector["encoded"].as_str().unwrap());
        let verified = passwords.verify(&secret(password), encoded).await.unwrap();
        let matched = matches!(verified, Verified::Match { .. });
        // The NFD form of an NFC password. The library that hashed it treats it as another password; this crate treats
        // it as the same (RFC 8265).
        let is_normalised = vector["id"] == "pw-329";
        assert_eq!(matched, vector["match"].as_bool().unwrap() || is_normalised, "{}", vector["id"]);
    }
    assert_eq!(vectors.len(), 330);
}

/// Reading derives nothing, so every refusal here comes before any work.
#[test]
fn malformed_hashes_are_refused_before_any_work() {
    let document = interop();
    let malformed = document["malformed"].as_array().unwrap();
    for vector in malformed {
        let read = Stored::read(vector["encoded"].as_str().unwrap(), &Ceilings::default(), &[]);
        // The marker of an account without a password is not a fault: it is read, and never matches.
        let refused = if vector["id"] == "mal-19" {
            matches!(read, Ok(Stored { derivation: Derivation::Unusable, .. }))
        } else {
            read.is_err()
        };
        assert!(refused, "{}: {}", vector["id"], vector["note"]);
    }
    assert_eq!(malformed.len(), 26);
}

#[tokio::test]
async fn malformed_hashes_never_match() {
    let (passwords, document) = (weak(), interop());
    for vector in document["malformed"].as_array().unwrap() {
        let password = secret(vector["password"].as_str().unwrap());
        match passwords.verify(&password, vector["encoded"].as_str().unwrap()).await {
            Ok(Verified::Mismatch) => assert_eq!(vector["id"], "mal-19"),
            Err(PasswordError::Unreadable(_)) => {}
            other => panic!("{}: {other:?}", vector["id"]),
        }
    }
}

/// Two of the hashes take 1 GiB, so `Ceilings` must first allow it.
#[tokio::test]
async fn argon2s_reference_hashes_match() {
    let ceilings = Ceilings { memory_kib: 1 << 20, work_kib: 1 << 21, ..Ceilings::default() };
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).ceilings(ceilings).build();
    let document = document(include_str!("../../../tests/vectors/argon2-phc/reference_hashes.json"));
    let vectors = document["vectors"].as_array().unwrap();
    for vector in vectors {
        let (password, encoded) = (vector["password"].as_str().unwrap(), vector["encoded"].as_str().unwrap());
        let verified = passwords.verify(&secret(password), encoded).await.unwrap();
        assert!(matches!(verified, Verified::Match { .. }), "{encoded}");
    }
    assert_eq!(vectors.len(), 26);
}

#[test]
fn argon2s_rfc_vectors_are_derived_in_kept_memory() {
    let document = document(include_str!("../../../tests/vectors/argon2-phc/rfc9106.json"));
    let params = &document["params"];
    let bytes = |name: &str| hex(params[name].as_str().unwrap());
    let number = |name: &str| u32::try_from(params[name].as_u64().unwrap()).unwrap();
    let key = bytes("secret_hex");
    let mut builder = ParamsBuilder::new();
    builder.m_cost(number("m_kib")).t_cost(number("t")).p_cost(number("p"));
    builder.data(AssociatedData::new(&bytes("ad_hex")).unwrap());
    let buffers = Buffers::new(builder.build().unwrap().block_count());
    for algorithm in [Algorithm::Argon2d, Algorithm::Argon2i, Algorithm::Argon2id] {
        let argon2 = Argon2::new_with_secret(&key, algorithm, Version::V0x13, builder.build().unwrap()).unwrap();
        let mut tag = [0; 32];
        buffers.derive(&argon2, &bytes("password_hex"), &bytes("salt_hex"), &mut tag).unwrap();
        assert_eq!(tag.to_vec(), hex(document["tags"][algorithm.as_str()].as_str().unwrap()), "{algorithm}");
    }
}

#[test]
fn pbkdf2_derives_wycheproofs_keys() {
    let documents = [
        (pbkdf2::PBKDF2_HMAC_SHA1, include_str!("../../../tests/vectors/wycheproof-pbkdf2/pbkdf2_hmacsha1_test.json")),
        (
            pbkdf2::PBKDF2_HMAC_SHA256,
            include_str!("../../../tests/vectors/wycheproof-pbkdf2/pbkdf2_hmacsha256_test.json"),
        ),
        (
            pbkdf2::PBKDF2_HMAC_SHA512,
            include_str!("../../../tests/vectors/wycheproof-pbkdf2/pbkdf2_hmacsha512_test.json"),
        ),
    ];
    let mut count = 0;
    for (algorithm, text) in documents {
        let document = document(text);
        let groups = document["testGroups"].as_array().unwrap().iter();
        for test in groups.flat_map(|group| group["tests"].as_array().unwrap()) {
            let bytes = |name: &str| hex(test[name].as_str().unwrap());
            let iterations = u32::try_from(test["iterationCount"].as_u64().unwrap()).unwrap();
            let iterations = NonZeroU32::new(iterations).unwrap();
            let verified = pbkdf2::verify(algorithm, iterations, &bytes("salt"), &bytes("password"), &bytes("dk"));
            assert!(verified.is_ok(), "{}", test["tcId"]);
            count += 1;
        }
    }
    assert_eq!(count, 182);
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}
