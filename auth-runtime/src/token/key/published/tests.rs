//! Sets of keys, good and bad, key by key.

use aws_lc_rs::{
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::*;

const ALL: [Algorithm; 4] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256];

fn ec(kid: &str) -> Value {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
    json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid })
}

fn ed(kid: &str) -> Value {
    let pair = Ed25519KeyPair::generate().unwrap();
    json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(pair.public_key()), "kid": kid })
}

fn rsa(kid: &str) -> Value {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e), "kid": kid })
}

fn with(mut key: Value, name: &str, value: Value) -> Value {
    key[name] = value;
    key
}

/// Returns the number of usable keys, and the reasons why the others are passed over.
fn read(keys: &[Value], allowed: &[Algorithm]) -> (usize, Vec<&'static str>) {
    let (keys, passed_over) =
        PublishedKeys::read(json!({ "keys": keys }).to_string().as_bytes(), allowed, &[]).unwrap();
    (keys.len(), passed_over.into_iter().map(|key| key.reason).collect())
}

#[test]
fn usable_keys_are_used() {
    let keys = [ec("1"), ed("2"), with(rsa("3"), "alg", json!("RS256")), with(rsa("4"), "alg", json!("PS256"))];
    assert_eq!(read(&keys, &ALL), (4, vec![]));
    let marked = with(with(ec("1"), "use", json!("sig")), "key_ops", json!(["verify"]));
    assert_eq!(read(&[with(marked, "x5t", json!("unknown members do not matter"))], &ALL), (1, vec![]));
    let mut without_id = ec("1");
    without_id.as_object_mut().unwrap().remove("kid");
    assert_eq!(read(&[without_id], &ALL), (1, vec![]));
    assert_eq!(read(&[], &ALL), (0, vec![]));
}

#[test]
fn each_unusable_key_is_passed_over_with_its_reason() {
    let pair = |name: &str, value: Value| with(ec("1"), name, value);
    let cases = [
        (json!(null), "key_malformed"),
        (json!([]), "key_malformed"),
        (json!({}), "key_malformed"),
        (json!({ "kty": 7 }), "key_malformed"),
        (json!({ "kty": "oct", "k": "AA", "alg": "HS256" }), "key_symmetric"),
        (pair("k", json!("AA")), "key_private"),
        (pair("d", json!("AA")), "key_private"),
        (pair("p", json!(null)), "key_private"),
        (pair("use", json!("enc")), "key_for_other_use"),
        (pair("use", json!(7)), "key_for_other_use"),
        (pair("key_ops", json!(["encrypt"])), "key_for_other_use"),
        (pair("key_ops", json!([])), "key_for_other_use"),
        (pair("alg", json!("ES384")), "key_algorithm"),
        (pair("alg", json!("HS256")), "key_algorithm"),
        (pair("alg", json!("none")), "key_algorithm"),
        (pair("alg", json!("es256")), "key_algorithm"),
        (pair("alg", json!("RS256")), "key_type"),
        (pair("alg", json!(7)), "key_malformed"),
        (pair("crv", json!("P-384")), "key_type"),
        (pair("crv", json!("secp256k1")), "key_type"),
        (pair("kty", json!("new")), "key_algorithm"),
        (pair("x", json!("AA")), "key_weak"),
        (pair("x", json!("A A")), "key_malformed"),
        (pair("kid", json!("")), "key_id"),
        (pair("kid", json!("k".repeat(257))), "key_id"),
        (pair("kid", json!(7)), "key_malformed"),
        (with(ed("1"), "x", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), "key_weak"),
        (rsa("1"), "key_algorithm_missing"),
        (with(with(rsa("1"), "alg", json!("RS256")), "n", json!(URL_SAFE_NO_PAD.encode([0xff; 64]))), "key_weak"),
        (with(with(rsa("1"), "alg", json!("RS256")), "e", json!("Ag")), "key_weak"),
    ];
    for (key, reason) in cases {
        assert_eq!(read(&[key.clone(), ed("good")], &ALL), (1, vec![reason]), "{key}");
    }
}

#[test]
fn a_key_without_algorithm_needs_that_only_one_is_allowed_for_its_type() {
    assert_eq!(read(&[rsa("1")], &[Algorithm::RS256, Algorithm::ES256]), (1, vec![]));
    assert_eq!(read(&[rsa("1")], &[Algorithm::RS256, Algorithm::PS256]), (0, vec!["key_algorithm_missing"]));
    assert_eq!(read(&[rsa("1")], &[Algorithm::ES256]), (0, vec!["key_algorithm"]));
    assert_eq!(read(&[with(rsa("1"), "alg", json!("RS256"))], &[Algorithm::PS256]), (0, vec!["key_algorithm"]));
    assert_eq!(read(&[ec("1"), ed("2")], &[Algorithm::ES256]), (1, vec!["key_algorithm"]));
}

#[test]
fn of_two_keys_with_one_id_neither_is_used() {
    assert_eq!(read(&[ec("1"), ec("1"), ec("2")], &ALL), (1, vec!["key_id_twice"; 2]));
    assert_eq!(read(&[ec("1"), ed("1"), ec("1")], &ALL), (0, vec!["key_id_twice"; 3]));
    // The other one may be unusable.
    let weak = with(ec("1"), "x", json!("AA"));
    assert_eq!(read(&[ec("1"), weak], &ALL), (0, vec!["key_id_twice"; 2]));
    // A key for encryption cannot be meant by a signature.
    let other = with(ec("1"), "use", json!("enc"));
    assert_eq!(read(&[ec("1"), other], &ALL), (1, vec!["key_for_other_use"]));
}

#[test]
fn a_key_with_a_repeated_member_is_passed_over() {
    let text = ec("1").to_string().replacen('{', r#"{"kid":"1","#, 1);
    let (keys, passed_over) =
        PublishedKeys::read(format!(r#"{{"keys":[{text},{}]}}"#, ed("2")).as_bytes(), &ALL, &[]).unwrap();
    assert_eq!((keys.len(), passed_over), (1, vec![PassedOver { place: 1, reason: "key_malformed" }]));
}

#[test]
fn a_document_is_one_object_with_at_most_64_keys() {
    for bad in [
        "",
        "[]",
        "{}",
        "null",
        r#"{"keys":null}"#,
        r#"{"keys":{}}"#,
        r#"{"keys":[]}x"#,
        "[[]]",
        r#"{"keys":[],"keys":[]}"#,
        "{\"keys\":[\"\u{0}\"]}",
    ] {
        assert_eq!(PublishedKeys::read(bad.as_bytes(), &ALL, &[]).err(), Some(NotAKeySet::Malformed), "{bad}");
    }
    assert_eq!(PublishedKeys::read(b"{\"keys\":[\"\xff\"]}", &ALL, &[]).err(), Some(NotAKeySet::Malformed));
    let many = |count: usize| json!({ "keys": vec![json!({}); count] }).to_string();
    assert!(PublishedKeys::read(many(64).as_bytes(), &ALL, &[]).is_ok());
    assert_eq!(PublishedKeys::read(many(65).as_bytes(), &ALL, &[]).err(), Some(NotAKeySet::TooManyKeys));
}

#[test]
fn a_header_names_one_key() {
    let find = |keys: &[Value], kid: Option<&str>, alg| {
        let (keys, _) = PublishedKeys::read(json!({ "keys": keys }).to_string().as_bytes(), &ALL, &[]).unwrap();
        keys.find(&Header { alg, kid, typ: None }).map(|key| key.algorithm)
    };
    let (one, two) = (ec("1"), ed("2"));
    let both = [one.clone(), two];
    assert_eq!(find(&both, Some("1"), "ES256"), Ok(Algorithm::ES256));
    assert_eq!(find(&both, Some("2"), "Ed25519"), Ok(Algorithm::EdDSA));
    assert_eq!(find(&both, Some("1"), "EdDSA"), Err(JoseError::WrongAlgorithm));
    assert_eq!(find(&both, Some("3"), "ES256"), Err(JoseError::UnknownKey));
    assert_eq!(find(&both, None, "ES256"), Err(JoseError::AmbiguousKey));
    assert_eq!(find(&[one], None, "ES256"), Ok(Algorithm::ES256));
    assert_eq!(find(&[], None, "ES256"), Err(JoseError::UnknownKey));
}
