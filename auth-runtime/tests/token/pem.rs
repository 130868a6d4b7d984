//! Keys as OpenSSL writes them, and texts that people set by mistake. OpenSSL 3.0 made the files in `vectors/pem` for
//! these tests. `README.md` in that folder lists the commands.

use std::fs;

use auth_runtime::token::{Algorithm, KeyError, KeyFault, KeyRing, NewAccessToken, SigningKey, VerifyingKey};
use aws_lc_rs::{
    encoding::{AsBigEndian, EcPublicKeyCompressedBin, EcPublicKeyUncompressedBin},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::{FixedEntropy, NOW, issuer, pem, vector_path, verifier};

fn file(name: &str) -> String {
    fs::read_to_string(vector_path(&format!("pem/{name}.pem"))).unwrap()
}

fn signing(algorithm: Algorithm, text: &str) -> Result<SigningKey, KeyError> {
    SigningKey::from_pem(algorithm, &text.into())
}

fn fault<T>(result: Result<T, KeyError>) -> KeyFault {
    let error = result.err().expect("the key is refused");
    let [fault] = error.iter().collect::<Vec<_>>()[..] else { panic!("{error}") };
    fault.clone()
}

/// Asserts that the public key verifies signatures of the private key, and that both have the same id and JWK.
fn assert_pair(private: SigningKey, public: VerifyingKey) {
    assert_eq!(private.id(), public.id());
    let keys = KeyRing::builder().sign_with(private).build().unwrap();
    let token = issuer(keys.clone()).issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
    let public = KeyRing::builder().verify_with(public).build().unwrap();
    assert_eq!(keys.jwks(), public.jwks());
    assert_eq!(verifier(public).verify(token.expose(), NOW, |_| ()), Ok(()));
}

#[test]
fn a_compressed_point_is_the_key_that_it_stands_for() {
    for name in ["ec_public", "ec_public_compressed"] {
        let public = VerifyingKey::from_pem(Algorithm::ES256, &file(name)).unwrap();
        assert_pair(signing(Algorithm::ES256, &file("ec_pkcs8")).unwrap(), public);
    }
    assert_ne!(file("ec_public"), file("ec_public_compressed"));
    for _ in 0..64 {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let whole: EcPublicKeyUncompressedBin<'_> = pair.public_key().as_be_bytes().unwrap();
        let compressed: EcPublicKeyCompressedBin<'_> = pair.public_key().as_be_bytes().unwrap();
        let [whole, compressed] = [whole.as_ref(), compressed.as_ref()]
            .map(|point| KeyRing::builder().verify_with(of_point(point).unwrap()).build().unwrap().jwks());
        assert_eq!(whole, compressed);
        assert_eq!(compressed["keys"][0]["y"].as_str().unwrap().len(), 43);
    }
}

/// Reads a SubjectPublicKeyInfo on P-256 with any point.
fn of_point(point: &[u8]) -> Result<VerifyingKey, KeyError> {
    let algorithm = b"\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    let length = u8::try_from(point.len() + 1).unwrap();
    let info = [&[0x30, length + 23][..], algorithm, &[3, length, 0], point].concat();
    VerifyingKey::from_pem(Algorithm::ES256, &pem("PUBLIC KEY", &info))
}

#[test]
fn a_point_that_is_none_is_refused() {
    for point in [[&[2][..], &[0xff; 32]].concat(), vec![4; 65], vec![4; 33], vec![2; 32], vec![0], vec![6; 65]] {
        assert_eq!(fault(of_point(&point)), KeyFault::NotOnCurve, "{point:?}");
    }
    let hybrid = VerifyingKey::from_pem(Algorithm::ES256, &file("ec_public_hybrid"));
    assert_eq!(fault(hybrid), KeyFault::NotOnCurve);
}

#[test]
fn one_private_key_is_read_in_each_of_its_forms() {
    let public = || VerifyingKey::from_pem(Algorithm::ES256, &file("ec_public")).unwrap();
    let sec1 = file("ec_sec1");
    let without_curve = &sec1[sec1.find("-----BEGIN EC PRIVATE KEY").unwrap()..];
    assert!(without_curve.len() < sec1.len());
    for text in [&*sec1, without_curve, &file("ec_pkcs8"), &file("ec_pkcs8_compressed")] {
        assert_pair(signing(Algorithm::ES256, text).unwrap(), public());
    }
    for algorithm in [Algorithm::RS256, Algorithm::PS256] {
        let [one, other] = ["rsa_pkcs1", "rsa_pkcs8"].map(|name| signing(algorithm, &file(name)).unwrap());
        assert_pair(one, other.retire());
    }
}

#[test]
fn the_lines_of_a_block_may_be_joined() {
    let text = file("ec_pkcs8");
    for joined in [text.replace('\n', " "), text.replace('\n', ""), text.replace('\n', "\r\n"), format!("\n\n{text}\n")]
    {
        assert_eq!(signing(Algorithm::ES256, &joined).unwrap().id(), signing(Algorithm::ES256, &text).unwrap().id());
    }
}

/// Keys marked for RSASSA-PSS (RFC 4055) are read for PS256 only, and only if their parameters permit PS256.
#[test]
fn keys_for_pss_are_read_for_ps256() {
    for name in ["pss", "pss_sha256"] {
        let public = file(&format!("{name}_public"));
        assert_pair(
            signing(Algorithm::PS256, &file(name)).unwrap(),
            VerifyingKey::from_pem(Algorithm::PS256, &public).unwrap(),
        );
        assert_eq!(fault(signing(Algorithm::RS256, &file(name))), KeyFault::PemForPss);
        assert_eq!(fault(VerifyingKey::from_pem(Algorithm::RS256, &public)), KeyFault::PemForPss);
        assert_eq!(fault(signing(Algorithm::ES256, &file(name))), KeyFault::PemKey(Algorithm::ES256));
    }
    for name in ["pss_sha512", "pss_salt33"] {
        assert_eq!(fault(signing(Algorithm::PS256, &file(name))), KeyFault::PssParameters, "{name}");
    }
}

#[test]
fn another_curve_is_refused() {
    let bad = KeyFault::PemKey(Algorithm::ES256);
    assert_eq!(fault(signing(Algorithm::ES256, &file("ec_p384_sec1"))), bad);
    assert_eq!(fault(VerifyingKey::from_pem(Algorithm::ES256, &file("ec_p384_public"))), bad);
    for algorithm in [Algorithm::EdDSA, Algorithm::RS256] {
        let label = fault(signing(algorithm, &file("ec_sec1")));
        assert!(matches!(label, KeyFault::PemLabel(_)), "{algorithm}: {label}");
    }
}

/// Each mistake has its own message, with the command that mends it.
#[test]
fn texts_that_are_no_keys_are_told_apart() {
    let (private, public) = (file("ec_pkcs8"), file("ec_public"));
    let escaped = |text: &str| text.replace('\n', "\\n");
    let encoded = |text: &str| STANDARD.encode(text);
    for (text, expected, words) in [
        (file("ec_encrypted"), KeyFault::PemEncrypted, "openssl pkey -in encrypted.pem -out key.pem"),
        (file("ec_sec1_encrypted"), KeyFault::PemEncrypted, "openssl pkey -in encrypted.pem -out key.pem"),
        (file("certificate"), KeyFault::PemCertificate, "openssl x509 -in certificate.pem -noout -pubkey"),
        (escaped(&private), KeyFault::PemEscaped, "printf '%b' \"$KEY\""),
        (escaped(&public), KeyFault::PemEscaped, "printf '%b' \"$KEY\""),
        (encoded(&private), KeyFault::PemEncoded, "base64 -d key.txt"),
        (format!("\n{}\n", encoded(&public)), KeyFault::PemEncoded, "base64 -d key.txt"),
        (format!("{private}{private}"), KeyFault::PemSeveral, "openssl pkey -in keys.pem"),
        (format!("{public}{public}"), KeyFault::PemSeveral, "openssl pkey -pubin -in keys.pem"),
        (format!("{}{private}", file("certificate")), KeyFault::PemSeveral, "openssl pkey -in keys.pem"),
    ] {
        for refused in [fault(signing(Algorithm::ES256, &text)), fault(VerifyingKey::from_pem(Algorithm::ES256, &text))]
        {
            assert_eq!(refused, expected, "{text}");
            let told = refused.to_string();
            assert!(told.contains(words), "{told}");
            assert!(!text.lines().any(|line| line.len() > 40 && told.contains(line)), "{told}");
        }
    }
    let garbled = private.replace('M', "?");
    assert_eq!(fault(signing(Algorithm::ES256, &garbled)), KeyFault::PemBody);
    let open = private.split("-----END").next().unwrap();
    let renamed = private.replace("END PRIVATE", "END PUBLIC");
    for text in [open, &renamed, "-----BEGIN ", "-----BEGIN A-----", "x"] {
        assert!(matches!(fault(signing(Algorithm::ES256, text)), KeyFault::PemLabel(_)), "{text}");
    }
}
