//! Tokens forged to look valid. Each is refused, with the reason for the refusal.

use auth_runtime::token::{AccessVerifier, Algorithm, Claim, JoseError, KeyRing, TokenError};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::support::{AUDIENCE, ISSUER, NOW, SECRET, private_pem, resign, ring, sign, signing_key, verifier};

const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256"}"#;
const CLAIMS: &str = r#"{"iss":"https://id.example","sub":"alice","aud":"notes","exp":1800000600,"iat":1800000000,"jti":"1","client_id":"web"}"#;

fn verify(token: &str) -> Result<(), TokenError> {
    verifier(ring(Algorithm::HS256)).verify(token, NOW, |_| ())
}

fn with_header(header: &str) -> Result<(), TokenError> {
    verify(&sign(header.as_bytes(), CLAIMS.as_bytes()))
}

fn with_claims(claims: &str) -> Result<(), TokenError> {
    verify(&sign(HEADER.as_bytes(), claims.as_bytes()))
}

/// Verifies valid claims with one claim replaced, or removed if `value` is empty.
fn with_claim(name: &str, value: &str) -> Result<(), TokenError> {
    with_claims(&claims_with(name, value))
}

fn claims_with(name: &str, value: &str) -> String {
    let member = |entry: &str| entry.starts_with(&format!("\"{name}\":"));
    let inner = CLAIMS.trim_matches(['{', '}']);
    let mut members: Vec<String> =
        inner.split(",\"").map(|entry| format!("\"{}", entry.trim_start_matches('"'))).collect();
    members.retain(|entry| !member(entry));
    if !value.is_empty() {
        members.push(format!("\"{name}\":{value}"));
    }
    format!("{{{}}}", members.join(","))
}

fn jose(error: JoseError) -> Result<(), TokenError> {
    Err(TokenError::Jose(error))
}

#[test]
fn the_token_that_all_others_are_made_from_is_good() {
    assert_eq!(verify(&sign(HEADER.as_bytes(), CLAIMS.as_bytes())), Ok(()));
    assert_eq!(with_claim("x", "1"), Ok(()));
    assert_eq!(with_header(r#"{ "alg" : "HS256", "typ" : "application/at+jwt" }"#), Ok(()));
}

/// The algorithm `none` is refused in every spelling, with and without a signature.
#[test]
fn the_algorithm_none_is_refused_in_every_spelling() {
    let spellings = ["none", "None", "NONE", "nOnE", "none ", " none", "n\\u006fne", "", "null", "HS256\\u0000"];
    for alg in spellings {
        let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}"}}"#);
        let unsigned = format!("{}.{}.", URL_SAFE_NO_PAD.encode(&header), URL_SAFE_NO_PAD.encode(CLAIMS));
        assert_eq!(verify(&unsigned), jose(JoseError::WrongAlgorithm), "{alg:?} unsigned");
        assert_eq!(with_header(&header), jose(JoseError::WrongAlgorithm), "{alg:?} signed");
    }
    for header in [r#"{"typ":"at+jwt","alg":null}"#, r#"{"typ":"at+jwt"}"#, r#"{"typ":"at+jwt","alg":["HS256"]}"#] {
        assert_eq!(with_header(header), jose(JoseError::HeaderMember), "{header}");
    }
    let stripped = format!("{}.{}.", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(CLAIMS));
    assert_eq!(verify(&stripped), jose(JoseError::BadSignature));
}

/// Each key has one algorithm, and the token's header cannot choose another (RFC 8725, section 3.1).
#[test]
fn the_algorithm_is_that_of_the_key() {
    for alg in ["hs256", "HS384", "HS512", "RS256", "ES256", "EdDSA", "Ed25519", "HS256 ", "HS\\u0032\\u0035\\u0036x"] {
        let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}"}}"#);
        assert_eq!(with_header(&header), jose(JoseError::WrongAlgorithm), "{alg}");
    }
}

/// The public key of another algorithm is never accepted as an HMAC secret, in any form that an attacker has (RFC 8725,
/// section 2.1).
#[test]
fn a_public_key_is_never_an_hmac_secret() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256, Algorithm::PS256] {
        let keys = ring(algorithm);
        let jwk = keys.jwks()["keys"][0].clone();
        let kid = jwk["kid"].as_str().unwrap();
        let verifier = verifier(keys);
        for material in [jwk.to_string(), jwk["x"].to_string(), jwk["n"].to_string(), private_pem(algorithm).to_owned()]
        {
            for alg in ["HS256", algorithm.name()] {
                let header = format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"{kid}"}}"#);
                let token = sign_with(material.as_bytes(), &header);
                let refused = verifier.verify(&token, NOW, |_| ()).unwrap_err();
                let expected = if alg == "HS256" { JoseError::WrongAlgorithm } else { JoseError::BadSignature };
                assert_eq!(refused, TokenError::Jose(expected), "{algorithm} {alg}");
            }
        }
    }
}

/// Of two known keys, each accepts only its own algorithm.
#[test]
fn a_token_of_one_key_does_not_pass_under_the_id_of_another() {
    let (hs, es) = (signing_key(Algorithm::HS256).retire(), signing_key(Algorithm::ES256));
    let (hs_id, es_id) = (hs.id().to_owned(), es.id().to_owned());
    let verifier = verifier(KeyRing::builder().sign_with(es).verify_with(hs).build().unwrap());
    let verify = |alg: &str, kid: &str| {
        verifier.verify(
            &sign(format!(r#"{{"typ":"at+jwt","alg":"{alg}","kid":"{kid}"}}"#).as_bytes(), CLAIMS.as_bytes()),
            NOW,
            |_| (),
        )
    };
    assert_eq!(verify("HS256", &hs_id), Ok(()));
    assert_eq!(verify("HS256", &es_id), jose(JoseError::WrongAlgorithm));
    assert_eq!(verify("ES256", &es_id), jose(JoseError::BadSignature));
    assert_eq!(verify("ES256", &hs_id), jose(JoseError::WrongAlgorithm));
}

fn sign_with(secret: &[u8], header: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(CLAIMS));
    let tag =
        aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// A compact JWS has exactly three canonical segments (RFC 7515, section 7.1). All these tokens have a valid signature
/// but a wrong form.
#[test]
fn anything_but_three_canonical_segments_is_refused() {
    let good = sign(HEADER.as_bytes(), CLAIMS.as_bytes());
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let resigned = |header: &str, payload: &str| resign(&format!("{header}.{payload}"));
    for (token, error) in [
        (String::new(), JoseError::NotThreeSegments),
        (".".into(), JoseError::NotThreeSegments),
        ("..".into(), JoseError::HeaderMalformed),
        (header.into(), JoseError::NotThreeSegments),
        (format!("{header}.{payload}"), JoseError::NotThreeSegments),
        (format!("{good}."), JoseError::NotThreeSegments),
        (format!(".{good}"), JoseError::HeaderMalformed),
        (format!("{good}.{signature}"), JoseError::NotThreeSegments),
        (format!("{good}.x.y"), JoseError::NotThreeSegments),
        (resigned(&format!("{header}=="), payload), JoseError::NotBase64Url),
        (resigned(header, &format!("{payload}=")), JoseError::NotBase64Url),
        (format!("{good}="), JoseError::NotBase64Url),
        (format!(" {good}"), JoseError::NotBase64Url),
        (format!("{good}\n"), JoseError::NotBase64Url),
        (resigned(header, &format!("{payload} ")), JoseError::NotBase64Url),
        (resigned(&format!("\t{header}"), payload), JoseError::NotBase64Url),
        (resigned(header, &payload.replacen('I', "+", 1)), JoseError::NotBase64Url),
        (resigned(header, &payload.replacen('I', "/", 1)), JoseError::NotBase64Url),
        (resigned(header, &payload.replacen('I', "%49", 1)), JoseError::NotBase64Url),
        (resigned(header, &payload.replacen('I', "\u{212a}", 1)), JoseError::NotBase64Url),
        (resigned(header, &payload.replacen('I', "\0", 1)), JoseError::NotBase64Url),
        (HEADER.into(), JoseError::NotThreeSegments),
        (format!("{HEADER}.{{}}.x"), JoseError::NotBase64Url),
        (
            format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}"#),
            JoseError::NotThreeSegments,
        ),
    ] {
        assert_eq!(verify(&token), jose(error), "{token:?}");
    }
    assert_eq!(verify(&with_unused_bit(&good)), jose(JoseError::NotBase64Url));
    let payload_of_two = URL_SAFE_NO_PAD.encode("{}");
    assert_eq!(verify(&resigned(header, &payload_of_two)), Err(TokenError::ClaimMissing(Claim::ExpiresAt)));
    assert_eq!(verify(&resigned(header, &with_unused_bit(&payload_of_two))), jose(JoseError::NotBase64Url));
}

/// Returns the same bytes, encoded with a bit set that no byte uses.
fn with_unused_bit(encoded: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = encoded.split_at(encoded.len() - 1);
    let value = ALPHABET.find(last).unwrap();
    assert_eq!(value & 1, 0, "the last character carries unused bits");
    format!("{rest}{}", &ALPHABET[value + 1..value + 2])
}

/// The size is checked first.
#[test]
fn a_token_over_16_kib_is_refused_and_one_just_under_is_not() {
    let padded = |length: usize| {
        let claims = |pad: usize| claims_with("x", &format!("\"{}\"", "y".repeat(pad)));
        let base = sign(HEADER.as_bytes(), claims(0).as_bytes()).len();
        (0..6)
            .map(|more| sign(HEADER.as_bytes(), claims((length - base) / 4 * 3 - 3 + more).as_bytes()))
            .rfind(|token| token.len() <= length)
            .unwrap()
    };
    let most = padded(16 * 1024);
    assert!(most.len() > 16 * 1024 - 4);
    assert_eq!(verify(&most), Ok(()));
    assert_eq!(verify(&format!("{most}AAAA")), jose(JoseError::TooLong));
    assert_eq!(verify(&".".repeat(16 * 1024 + 1)), jose(JoseError::TooLong));
}

/// A header may not ask for extensions (`crit`, RFC 7515, section 4.1.11), for an unencoded payload (`b64`, RFC 7797,
/// section 7), for encryption or for compression.
#[test]
fn headers_that_ask_for_more_than_a_signature_are_refused() {
    for (member, error) in [
        (r#""crit":["exp"]"#, JoseError::Critical),
        (r#""crit":[]"#, JoseError::Critical),
        (r#""crit":null"#, JoseError::Critical),
        (r#""crit":"b64""#, JoseError::Critical),
        (r#""crit":["alg"]"#, JoseError::Critical),
        (r#""\u0063rit":["x"]"#, JoseError::Critical),
        (r#""b64":true"#, JoseError::UnencodedPayload),
        (r#""b64":false"#, JoseError::UnencodedPayload),
        (r#""enc":"A128GCM""#, JoseError::Encrypted),
        (r#""zip":"DEF""#, JoseError::Encrypted),
    ] {
        assert_eq!(with_header(&format!(r#"{{"typ":"at+jwt","alg":"HS256",{member}}}"#)), jose(error), "{member}");
        assert_eq!(with_header(&format!(r#"{{{member},"typ":"at+jwt","alg":"HS256"}}"#)), jose(error), "{member}");
    }
}

/// A header is one JSON object in UTF-8 without duplicate members (RFC 7515, section 4).
#[test]
fn headers_are_one_strict_object() {
    for (header, error) in [
        (r#"{"typ":"at+jwt","alg":"HS256","alg":"HS256"}"#, JoseError::HeaderDuplicate),
        (r#"{"typ":"at+jwt","alg":"none","\u0061lg":"HS256"}"#, JoseError::HeaderDuplicate),
        (r#"{"typ":"at+jwt","alg":"HS256","x":{"y":1,"y":1}}"#, JoseError::HeaderDuplicate),
        (r#"{"typ":"at+jwt","alg":"HS256","x":[{"y":1,"y":1}]}"#, JoseError::HeaderDuplicate),
        (r#"{"typ":"JWT","typ":"at+jwt","alg":"HS256"}"#, JoseError::HeaderDuplicate),
        (r#"[{"typ":"at+jwt","alg":"HS256"}]"#, JoseError::HeaderMalformed),
        (r#"{"typ":"at+jwt","alg":"HS256"}{}"#, JoseError::HeaderMalformed),
        (r#"{"typ":"at+jwt","alg":"HS256",}"#, JoseError::HeaderMalformed),
        (r#"{"typ":"at+jwt","alg":"HS256"} x"#, JoseError::HeaderMalformed),
        (r#"{'typ':'at+jwt','alg':'HS256'}"#, JoseError::HeaderMalformed),
        ("\u{feff}{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}", JoseError::HeaderMalformed),
        ("", JoseError::HeaderMalformed),
        ("null", JoseError::HeaderMalformed),
    ] {
        assert_eq!(with_header(header), jose(error), "{header}");
    }
    let not_utf8 = [br#"{"typ":"at+jwt","alg":"HS256","x":""#.as_slice(), &[0xff], br#""}"#].concat();
    assert_eq!(verify(&sign(&not_utf8, CLAIMS.as_bytes())), jose(JoseError::HeaderMalformed));
    let long = format!(r#"{{"typ":"at+jwt","alg":"HS256","x":"{}"}}"#, "y".repeat(4_000));
    assert_eq!(with_header(&long), jose(JoseError::HeaderTooLarge));
    let deep = format!(r#"{{"typ":"at+jwt","alg":"HS256","x":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    assert_eq!(with_header(&deep), jose(JoseError::HeaderTooLarge));
}

/// Only `at+jwt` and `application/at+jwt` are accepted as `typ` (RFC 9068, section 4).
#[test]
fn only_the_type_of_an_access_token_is_taken() {
    let other =
        ["JWT", "AT+JWT", "at+jwt ", "dpop+jwt", "logout+jwt", "text/at+jwt", "application/application/at+jwt", ""];
    for typ in other {
        assert_eq!(with_header(&format!(r#"{{"typ":"{typ}","alg":"HS256"}}"#)), Err(TokenError::WrongType), "{typ}");
    }
    assert_eq!(with_header(r#"{"alg":"HS256"}"#), Err(TokenError::WrongType));
    assert_eq!(with_header(r#"{"typ":1,"alg":"HS256"}"#), jose(JoseError::HeaderMember));
}

/// A key in the token is ignored, and so is the address of a key (RFC 8725, section 3.10).
#[test]
fn a_key_never_comes_from_the_token() {
    let attacker = "attacker-0123456789-abcdefghijklm";
    let jwk = format!(r#"{{"kty":"oct","k":"{}"}}"#, URL_SAFE_NO_PAD.encode(attacker));
    for member in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://attacker.example/jwks.json""#.to_owned(),
        r#""x5u":"https://attacker.example/chain.pem""#.to_owned(),
        r#""x5c":["AAAA"]"#.to_owned(),
    ] {
        let header = format!(r#"{{"typ":"at+jwt","alg":"HS256",{member}}}"#);
        assert_eq!(verify(&sign_with(attacker.as_bytes(), &header)), jose(JoseError::BadSignature), "{member}");
        assert_eq!(verify(&sign_with(SECRET.as_bytes(), &header)), Ok(()), "{member}");
    }
}

/// A `kid` is a string of bounded length that only selects a configured key.
#[test]
fn a_key_id_is_only_looked_up() {
    let own = signing_key(Algorithm::HS256);
    let header = |kid: &str| format!(r#"{{"typ":"at+jwt","alg":"HS256","kid":{kid}}}"#);
    assert_eq!(with_header(&header(&format!("{:?}", own.id()))), Ok(()));
    for kid in [
        "\"\"",
        "\"../../../dev/null\"",
        "\"' OR 1=1 --\"",
        "\"x' UNION SELECT 'secret\"",
        "\"|id\"",
        "\"https://attacker.example/key\"",
        "\"\\u0000\"",
        "\"a\\nb\"",
        "\"%00\"",
    ] {
        assert_eq!(with_header(&header(kid)), jose(JoseError::UnknownKey), "{kid}");
    }
    for kid in ["1", "null", "[\"a\"]", "{}", "true"] {
        assert_eq!(with_header(&header(kid)), jose(JoseError::HeaderMember), "{kid}");
    }
    let long = format!("\"{}\"", "k".repeat(257));
    assert_eq!(with_header(&header(&long)), jose(JoseError::KeyIdTooLong));
}

/// A token without a key id is verified only if the ring has a single key.
#[test]
fn a_missing_key_id_among_several_keys_is_refused() {
    let two = KeyRing::builder()
        .sign_with(signing_key(Algorithm::ES256))
        .verify_with(signing_key(Algorithm::HS256).retire())
        .build()
        .unwrap();
    let token = sign(HEADER.as_bytes(), CLAIMS.as_bytes());
    assert_eq!(verifier(two).verify(&token, NOW, |_| ()), jose(JoseError::AmbiguousKey));
}

/// The signature is checked before the claims, however wrong the claims are.
#[test]
fn a_bad_signature_is_found_before_bad_claims() {
    for claims in ["", "[]", "{\"exp\":0}", "\u{feff}{}", &claims_with("exp", "0"), &claims_with("cnf", "{}")] {
        let good = sign(HEADER.as_bytes(), claims.as_bytes());
        let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, "A".repeat(43));
        assert_eq!(verify(&forged), jose(JoseError::BadSignature), "{claims}");
    }
}

/// A change of any character of a token is detected.
#[test]
fn no_character_of_a_token_can_be_changed() {
    let good = sign(HEADER.as_bytes(), CLAIMS.as_bytes());
    let verifier: AccessVerifier = AccessVerifier::builder(ring(Algorithm::HS256), ISSUER, AUDIENCE).build().unwrap();
    for (index, original) in good.char_indices() {
        for other in ['A', 'Q', '-', '.', '=', '~', ' ', '\u{7f}'] {
            if other != original {
                let mut changed = good.clone();
                changed.replace_range(index..=index, other.encode_utf8(&mut [0; 4]));
                assert!(verifier.verify(&changed, NOW, |_| ()).is_err(), "{index} {other:?}");
            }
        }
    }
}
