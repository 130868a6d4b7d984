//! Keys, key rings, and the public keys that they publish.

use core::time::Duration;

use auth_runtime::token::{
    AccessVerifier, Algorithm, JoseError, KeyError, KeyFault, KeyRing, KeySet, NewAccessToken, RefreshToken,
    SettingFault, SigningKey, TokenError, TokenIssuer, VerifyingKey,
};
use aws_lc_rs::{
    encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, PublicKeyX509Der},
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{FixedEntropy, NOW, issuer, pem, private_pem, ring, signing_key, vectors, verifier};

fn faults<T>(result: Result<T, KeyError>) -> Vec<KeyFault> {
    result.err().map(|error| error.iter().cloned().collect()).unwrap_or_default()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An HMAC secret has at least 256 bits (RFC 7518, section 3.2) and is neither a placeholder nor monotonous.
#[test]
fn guessable_secrets_are_refused() {
    let of = |secret: &str| faults(SigningKey::from_secret(&secret.into()));
    let short = |bytes| KeyFault::SecretTooShort { bytes, min: 32 };
    assert_eq!(of(""), [short(0), KeyFault::SecretIsMonotonous]);
    assert_eq!(of("3xQm-8fKz_pW0vNc7RtLhYb2UeAj5Gs"), [short(31)]);
    assert_eq!(of("3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"), []);
    for known in [
        "change-me-change-me-change-me-change-me",
        "CHANGE_ME_in_production_0123456789abcdef",
        "your-256-bit-secret-your-256-bit-secret",
        "a-string-secret-at-least-256-bits-long",
        "your-secret-key-here-please-keep-it-safe",
        "secret-key-for-development-only-0123456",
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    ] {
        assert_eq!(of(known), [KeyFault::SecretIsPlaceholder], "{known}");
    }
    assert_eq!(of("abcabcabcabcabcabcabcabcabcabcabcabc"), [KeyFault::SecretIsMonotonous]);
}

#[test]
fn a_key_error_names_every_fault_and_never_the_secret() {
    let error = SigningKey::from_secret(&"change-me".into()).err().unwrap();
    let text = format!("{error} {error:?}");
    assert!(text.contains("9 bytes") && text.contains("placeholder") && !text.contains("change"), "{text}");
}

#[test]
fn pem_of_another_kind_is_refused() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256] {
        let private = private_pem(algorithm);
        for other in
            [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256].into_iter().filter(|other| *other != algorithm)
        {
            let loaded = SigningKey::from_pem(other, &private.into());
            assert_eq!(faults(loaded), [KeyFault::PemKey(other)], "{algorithm} as {other}");
        }
        let as_public = faults(VerifyingKey::from_pem(algorithm, private));
        assert!(matches!(as_public[..], [KeyFault::PemLabel(_)]), "{algorithm}");
        for broken in
            ["", "x", &private.replace("PRIVATE", "PUBLIC"), &private.replace("PRIVATE KEY", "CERTIFICATE REQUEST")]
        {
            assert!(
                matches!(faults(SigningKey::from_pem(algorithm, &broken.into()))[..], [KeyFault::PemLabel(_)]),
                "{broken}"
            );
        }
        let garbled = pem("PRIVATE KEY", b"not DER at all");
        assert_eq!(faults(SigningKey::from_pem(algorithm, &garbled.into())), [KeyFault::PemKey(algorithm)]);
    }
    assert_eq!(
        faults(SigningKey::from_pem(Algorithm::HS256, &private_pem(Algorithm::ES256).into())),
        [KeyFault::PemForSecret]
    );
    let p384 = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap().to_pkcs8v1().unwrap();
    let p384 = pem("PRIVATE KEY", p384.as_ref());
    assert_eq!(faults(SigningKey::from_pem(Algorithm::ES256, &p384.into())), [KeyFault::PemKey(Algorithm::ES256)]);
}

/// A public key verifies tokens of its private key in each of its forms.
#[test]
fn public_pem_and_jwk_check_what_the_private_key_signed() {
    let rsa = rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
    let spki: PublicKeyX509Der<'_> = rsa.public_key().as_der().unwrap();
    let pkcs1 = pem("RSA PUBLIC KEY", rsa.public_key().as_ref());
    let pkcs8: aws_lc_rs::encoding::Pkcs8V1Der<'_> = rsa.as_der().unwrap();
    let private = pem("PRIVATE KEY", pkcs8.as_ref());
    for algorithm in [Algorithm::RS256, Algorithm::PS256] {
        let keys = KeyRing::builder()
            .sign_with(SigningKey::from_pem(algorithm, &private.clone().into()).unwrap())
            .build()
            .unwrap();
        for public in [&pkcs1, &pem("PUBLIC KEY", spki.as_ref())] {
            assert_checks(&keys, VerifyingKey::from_pem(algorithm, public).unwrap());
        }
        assert_checks(&keys, VerifyingKey::from_jwk(&keys.jwks()["keys"][0].to_string()).unwrap());
    }
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let keys = ring(algorithm);
        assert_checks(&keys, VerifyingKey::from_jwk(&keys.jwks()["keys"][0].to_string()).unwrap());
    }
}

fn assert_checks(keys: &KeyRing, public: VerifyingKey) {
    let token = issuer(keys.clone()).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let public = KeyRing::builder().verify_with(public).build().unwrap();
    assert_eq!(verifier(public).verify(token.expose(), NOW, |_| ()), Ok(()));
}

/// Private JWKs sign: the example keys of RFC 7517 and RFC 8037, and generated keys. JWKs with inconsistent members do
/// not load.
#[test]
fn private_jwk_sign() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let d: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let ec =
        json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "d": encode(d.as_ref()), "kid": "ec" });
    let okp = vectors("rfc7520-cookbook/curve25519/jws.json")["input"]["key"].clone();
    let mut rsa = vectors("rfc7520-cookbook/jwk/3_4.rsa_private_key.json");
    rsa["alg"] = "PS256".into();
    let oct = json!({ "kty": "oct", "k": encode(b"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD"), "key_ops": ["sign", "verify"] });
    for jwk in [&ec, &okp, &rsa, &oct] {
        let key = SigningKey::from_jwk(&jwk.to_string().into()).unwrap();
        assert!(jwk.get("kid").is_none_or(|kid| kid == key.id()));
        let keys = KeyRing::builder().sign_with(key).build().unwrap();
        let token = issuer(keys.clone()).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
        assert_eq!(verifier(keys).verify(token.expose(), NOW, |_| ()), Ok(()), "{}", jwk["kty"]);
    }
    for (jwk, member) in [(&ec, "d"), (&okp, "d"), (&rsa, "d"), (&rsa, "p"), (&rsa, "dp"), (&rsa, "qi")] {
        let mut lying = jwk.clone();
        let mut bytes = URL_SAFE_NO_PAD.decode(lying[member].as_str().unwrap()).unwrap();
        bytes[3] ^= 1;
        lying[member] = encode(&bytes).into();
        assert_eq!(faults(SigningKey::from_jwk(&lying.to_string().into())), [KeyFault::PrivateMismatch], "{member}");
    }
    for (member, value, fault) in [
        ("use", json!("enc"), KeyFault::JwkUse),
        ("key_ops", json!(["verify"]), KeyFault::JwkOperations),
        ("alg", json!("ES384"), KeyFault::JwkAlgorithm),
    ] {
        let mut unfit = ec.clone();
        unfit[member] = value;
        assert_eq!(faults(SigningKey::from_jwk(&unfit.to_string().into())), [fault], "{member}");
    }
    let mut public = ec.clone();
    public.as_object_mut().unwrap().remove("d");
    assert_eq!(faults(SigningKey::from_jwk(&public.to_string().into())), [KeyFault::NotPrivate]);
    for private in [&ec, &okp, &rsa, &oct] {
        assert_eq!(faults(VerifyingKey::from_jwk(&private.to_string())), [KeyFault::NotPublic]);
    }
}

/// The members `kty`, `crv`, `use`, `key_ops` and `alg` of a JWK must agree (RFC 7517, section 4).
#[test]
fn the_members_of_a_jwk_agree() {
    let base = ring(Algorithm::ES256).jwks()["keys"][0].clone();
    assert_eq!(faults(VerifyingKey::from_jwk(&base.to_string())), []);
    for (member, value, expected) in [
        ("kty", json!("RSA"), KeyFault::JwkType),
        ("kty", json!("OKP"), KeyFault::JwkType),
        ("kty", json!("ec"), KeyFault::JwkType),
        ("kty", json!(1), KeyFault::JwkMember("kty")),
        ("crv", json!("P-384"), KeyFault::JwkType),
        ("crv", json!("secp256k1"), KeyFault::JwkType),
        ("alg", json!("ES384"), KeyFault::JwkAlgorithm),
        ("alg", json!("HS256"), KeyFault::JwkType),
        ("alg", json!("HS512"), KeyFault::JwkAlgorithm),
        ("alg", json!("none"), KeyFault::JwkAlgorithm),
        ("use", json!("enc"), KeyFault::JwkUse),
        ("use", json!(null), KeyFault::JwkUse),
        ("key_ops", json!(["encrypt"]), KeyFault::JwkOperations),
        ("key_ops", json!(["verify", "encrypt"]), KeyFault::JwkOperations),
        ("key_ops", json!(["sign"]), KeyFault::JwkOperations),
        ("key_ops", json!([]), KeyFault::JwkOperations),
        ("key_ops", json!("verify"), KeyFault::JwkOperations),
        ("x", json!("AAAA"), KeyFault::NotOnCurve),
        ("x", json!("=="), KeyFault::JwkMember("x")),
        ("y", json!(encode(&[1; 32])), KeyFault::NotOnCurve),
        ("kid", json!(7), KeyFault::JwkMember("kid")),
        ("kid", json!(""), KeyFault::KeyId),
        ("kid", json!("k".repeat(257)), KeyFault::KeyId),
        ("d", json!("AA"), KeyFault::NotPublic),
    ] {
        let mut jwk = base.clone();
        jwk[member] = value;
        assert_eq!(faults(VerifyingKey::from_jwk(&jwk.to_string())), [expected], "{member} {}", jwk[member]);
    }
    let mut several = base.clone();
    several["use"] = "enc".into();
    several["key_ops"] = json!(["encrypt"]);
    several["d"] = "AA".into();
    let all = [KeyFault::JwkUse, KeyFault::JwkOperations, KeyFault::NotPublic];
    assert_eq!(faults(VerifyingKey::from_jwk(&several.to_string())), all);
    let twice = base.to_string().replacen('{', r#"{"kty":"oct","#, 1);
    for malformed in ["", "[]", "null", "{", &twice] {
        assert_eq!(faults(VerifyingKey::from_jwk(malformed)), [KeyFault::JwkMalformed], "{malformed}");
    }
}

/// Weak and malformed public keys are refused (for RSA: RFC 7518, section 3.3).
#[test]
fn unfit_public_keys_are_refused() {
    let good = vectors("rfc7515/appendix_a.json")["vectors"][1]["jwk"].clone();
    let n = URL_SAFE_NO_PAD.decode(good["n"].as_str().unwrap()).unwrap();
    let rsa = |n: &[u8], e: &[u8]| {
        faults(VerifyingKey::from_jwk(
            &json!({ "kty": "RSA", "alg": "RS256", "n": encode(n), "e": encode(e) }).to_string(),
        ))
    };
    assert_eq!(rsa(&n, &[1, 0, 1]), []);
    assert_eq!(rsa(&n, &[3]), []);
    assert_eq!(rsa(&n[..255], &[1, 0, 1]), [KeyFault::RsaSize { bits: 2040 }]);
    assert_eq!(rsa(&[&[0x7f], &n[1..]].concat(), &[1, 0, 1]), [KeyFault::RsaSize { bits: 2047 }]);
    assert_eq!(rsa(&[0xff; 1025], &[1, 0, 1]), [KeyFault::RsaSize { bits: 8200 }]);
    assert_eq!(rsa(&[&[0], &n[..]].concat(), &[1, 0, 1]), [KeyFault::RsaModulus], "leading zero");
    assert_eq!(rsa(&[&n[..255], &[0x10]].concat(), &[1, 0, 1]), [KeyFault::RsaModulus], "even");
    assert_eq!(rsa(&[], &[1, 0, 1]), [KeyFault::RsaModulus]);
    for exponent in [&[][..], &[1], &[2], &[1, 0, 0], &[0, 3], &[2, 0, 0, 0, 1], &[0xff; 8]] {
        assert_eq!(rsa(&n, exponent), [KeyFault::RsaExponent], "{exponent:?}");
    }
    let mut without_alg = good.clone();
    without_alg["use"] = "sig".into();
    assert_eq!(faults(VerifyingKey::from_jwk(&without_alg.to_string())), [KeyFault::JwkAlgorithm]);

    let ed = |x: &[u8]| {
        faults(VerifyingKey::from_jwk(&json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(x) }).to_string()))
    };
    let real = Ed25519KeyPair::generate().unwrap();
    assert_eq!(ed(real.public_key().as_ref()), []);
    assert_eq!(ed(&real.public_key().as_ref()[1..]), [KeyFault::NotCanonical]);
    let mut beyond_prime = [0xff; 32];
    beyond_prime[0] = 0xf0;
    for sign in [0x7f, 0xff] {
        beyond_prime[31] = sign;
        assert_eq!(ed(&beyond_prime), [KeyFault::NotCanonical]);
    }
    assert_eq!(ed(&[0; 32]), [KeyFault::SmallOrder]);
}

#[test]
fn a_ring_names_every_fault() {
    assert_eq!(faults(KeyRing::builder().build().map(drop)), [KeyFault::NoKeys]);
    let key = |id: &str| signing_key(Algorithm::HS256).with_id(id).unwrap();
    let same = KeyRing::builder().sign_with(key("a")).verify_with(key("b").retire()).verify_with(key("a").retire());
    assert_eq!(faults(same.build().map(drop)), [KeyFault::DuplicateKeyId("a".into())]);
    let many = (0..65).fold(KeyRing::builder(), |ring, index| ring.verify_with(key(&index.to_string()).retire()));
    assert_eq!(faults(many.build().map(drop)), [KeyFault::TooManyKeys]);
}

#[test]
fn a_second_signing_key_retires_the_first() {
    let first = signing_key(Algorithm::HS256);
    let old =
        issuer(ring(Algorithm::HS256)).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let keys = KeyRing::builder().sign_with(first).sign_with(signing_key(Algorithm::EdDSA)).build().unwrap();
    assert_eq!(verifier(keys.clone()).verify(old.expose(), NOW, |_| ()), Ok(()));
    let new = issuer(keys).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    assert_eq!(verifier(ring(Algorithm::EdDSA)).verify(new.expose(), NOW, |_| ()), Ok(()));
}

#[test]
fn jwks_publishes_public_members_only() {
    let keys = Algorithm::ALL.into_iter().fold(KeyRing::builder(), |keys, algorithm| {
        keys.verify_with(signing_key(algorithm).with_id(algorithm.name()).unwrap().retire())
    });
    let jwks = keys.build().unwrap().jwks();
    let published = jwks["keys"].as_array().unwrap();
    assert_eq!(published.len(), 4, "HS256 is no public key");
    for key in published {
        let mut names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        let expected: &[_] = match key["kty"].as_str().unwrap() {
            "EC" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            "OKP" => &["alg", "crv", "kid", "kty", "use", "x"],
            _ => &["alg", "e", "kid", "kty", "n", "use"],
        };
        assert_eq!(names, expected);
        assert_eq!((&key["use"], &key["kid"]), (&Value::from("sig"), &key["alg"]));
    }
    assert!(KeySet::from_json(&jwks.to_string()).is_ok());
}

/// The thumbprints of RFC 7638, section 3.1, and RFC 8037, appendix A.3.
#[test]
fn ids_are_thumbprints() {
    let rsa = json!({
        "kty": "RSA", "alg": "RS256", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    assert_eq!(VerifyingKey::from_jwk(&rsa.to_string()).unwrap().id(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    let ed = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    assert_eq!(VerifyingKey::from_jwk(&ed.to_string()).unwrap().id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

/// RFC 9864 calls EdDSA with this curve Ed25519.
#[test]
fn both_names_of_ed25519_are_understood() {
    let mut jwk = ring(Algorithm::EdDSA).jwks()["keys"][0].clone();
    jwk["alg"] = "Ed25519".into();
    assert_eq!(VerifyingKey::from_jwk(&jwk.to_string()).unwrap().algorithm(), Algorithm::EdDSA);
    assert_eq!("Ed25519".parse(), Ok(Algorithm::EdDSA));
    assert!("ed25519".parse::<Algorithm>().is_err() && "eddsa".parse::<Algorithm>().is_err());
}

#[test]
fn settings_are_refused_with_every_fault() {
    let faulty = AccessVerifier::builder(ring(Algorithm::HS256), "", "")
        .clock_skew(Duration::from_secs(61))
        .expiry_leeway(Duration::from_secs(61));
    let all = [
        SettingFault::EmptyIssuer,
        SettingFault::EmptyAudience,
        SettingFault::ClockSkew,
        SettingFault::ExpiryLeeway,
        SettingFault::Lifetime,
    ];
    assert!(faulty.max_lifetime(Duration::from_secs(86_401)).build().err().unwrap().iter().eq(&all));
    let (zero, second, half, most) =
        (Duration::ZERO, Duration::from_secs(1), Duration::from_millis(1_500), Duration::MAX);
    for (skew, leeway, lifetime) in [
        (half, zero, second),
        (most, zero, second),
        (zero, half, second),
        (zero, most, second),
        (zero, zero, zero),
        (zero, zero, half),
        (zero, zero, most),
    ] {
        let builder = AccessVerifier::builder(ring(Algorithm::HS256), "i", "a");
        assert!(builder.clock_skew(skew).expiry_leeway(leeway).max_lifetime(lifetime).build().is_err());
    }
    let public = KeyRing::builder().verify_with(signing_key(Algorithm::ES256).retire()).build().unwrap();
    let faulty = TokenIssuer::builder(public, "", "").lifetime(Duration::from_secs(0)).build();
    let all =
        [SettingFault::EmptyIssuer, SettingFault::EmptyAudience, SettingFault::Lifetime, SettingFault::NoSigningKey];
    assert!(faulty.err().unwrap().iter().eq(&all));
}

#[test]
fn secrets_do_not_print() {
    let token =
        issuer(ring(Algorithm::HS256)).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    assert_eq!(format!("{token:?}"), "AccessToken { expires_in: 900s, .. }");
    let refresh = RefreshToken::mint(&FixedEntropy(7)).unwrap();
    assert_eq!(format!("{refresh:?} {:?}", refresh.hash()), "RefreshToken(..) TokenHash(..)");
}

#[test]
fn keys_do_not_print() {
    const SECRET: &str = "3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD";
    let encoded = URL_SAFE_NO_PAD.encode(SECRET);
    let bytes = format!("{:?}", SECRET.as_bytes());
    let key = || SigningKey::from_secret(&SECRET.into()).unwrap();
    let ring = || KeyRing::builder().sign_with(key()).build().unwrap();
    let set = json!({ "kty": "oct", "k": encoded }).to_string();
    for printed in [
        format!("{:?}", key()),
        format!("{:?}", key().retire()),
        format!("{:?}", KeyRing::builder().sign_with(key()).verify_with(key().retire())),
        format!("{:?}", ring()),
        format!("{:?}", KeySet::from_json_for(&set, "HS256").unwrap()),
        format!("{:?}", TokenIssuer::builder(ring(), "i", "a")),
        format!("{:?}", TokenIssuer::builder(ring(), "i", "a").build().unwrap()),
        format!("{:?}", AccessVerifier::builder(ring(), "i", "a")),
        format!("{:?}", AccessVerifier::builder(ring(), "i", "a").build().unwrap()),
    ] {
        assert!([SECRET, &encoded, &bytes].iter().all(|secret| !printed.contains(*secret)), "{printed}");
    }
}

#[test]
fn a_refresh_token_has_one_form() {
    let token = RefreshToken::mint(&FixedEntropy(0)).unwrap();
    let text = token.expose().to_owned();
    assert_eq!(text, "A".repeat(43));
    assert_eq!(RefreshToken::parse(&text).unwrap().hash(), token.hash());
    assert_ne!(RefreshToken::mint(&FixedEntropy(1)).unwrap().hash(), token.hash());
    let long = "A".repeat(44);
    for bad in
        ["", &text[1..], &long, &format!("{}B", &text[1..]), &format!("{text}="), &format!(" {}", &text[1..]), "é"]
    {
        assert!(RefreshToken::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_token_that_no_verifier_would_take_is_not_issued() {
    let issuer = issuer(ring(Algorithm::HS256));
    let issue = |new: NewAccessToken<'_>| {
        issuer.issue(&new, NOW, &FixedEntropy(0)).map(drop).map_err(|error| error.to_string())
    };
    assert!(issue(NewAccessToken::new("", "web")).is_err());
    assert!(issue(NewAccessToken::new("alice", "")).is_err());
    let scope = "s".repeat(13_000);
    assert_eq!(
        issue(NewAccessToken::new("alice", "web").scope(&scope)),
        Err("the token would be longer than 16 KiB".into())
    );
    let roles = ["r"; 97];
    assert!(issue(NewAccessToken::new("alice", "web").roles(&roles)).is_err());
    assert!(issue(NewAccessToken::new("alice", "web").roles(&roles[1..]).amr(&["pwd"])).is_err());
    assert_eq!(issue(NewAccessToken::new("alice", "web").roles(&roles[2..]).amr(&["pwd"])), Ok(()));
}

#[test]
fn reasons_are_stable_codes() {
    assert_eq!(TokenError::Expired.reason(), "expired");
    assert_eq!(TokenError::Jose(JoseError::BadSignature).reason(), "signature_bad");
}
