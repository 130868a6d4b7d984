//! The rules for claims, one by one. All tokens here have a valid signature.

use core::time::Duration;

use auth_runtime::{
    clock::UnixTime,
    token::{AccessVerifier, Algorithm, Claim, TokenError},
};

use crate::support::{AUDIENCE, ISSUER, NOW, ring, sign, verifier};

const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256"}"#;

/// Valid claims as members.
const GOOD: [(&str, &str); 7] = [
    ("iss", r#""https://id.example""#),
    ("sub", r#""alice""#),
    ("aud", r#""notes""#),
    ("exp", "1800000600"),
    ("iat", "1800000000"),
    ("jti", r#""1""#),
    ("client_id", r#""web""#),
];

/// Returns a token of valid claims, except for one claim that has another value or is missing.
fn token_with(name: &str, value: Option<&str>) -> String {
    let others = GOOD.into_iter().filter(|(other, _)| *other != name);
    let members: Vec<_> =
        others.chain(value.map(|value| (name, value))).map(|(name, value)| format!("\"{name}\":{value}")).collect();
    sign(HEADER.as_bytes(), format!("{{{}}}", members.join(",")).as_bytes())
}

fn with(name: &str, value: &str) -> Result<(), TokenError> {
    verifier(ring(Algorithm::HS256)).verify(&token_with(name, Some(value)), NOW, |_| ())
}

/// The required claims of access tokens (RFC 9068, section 2.2).
#[test]
fn required_claims_are_required() {
    for (name, claim) in [
        ("iss", Claim::Issuer),
        ("sub", Claim::Subject),
        ("aud", Claim::Audience),
        ("exp", Claim::ExpiresAt),
        ("iat", Claim::IssuedAt),
        ("jti", Claim::TokenId),
        ("client_id", Claim::Client),
    ] {
        let verified = verifier(ring(Algorithm::HS256)).verify(&token_with(name, None), NOW, |_| ());
        assert_eq!(verified, Err(TokenError::ClaimMissing(claim)));
        assert_eq!(claim.name(), name);
    }
}

#[test]
fn a_claim_of_the_wrong_type_is_refused() {
    let strings = [
        ("iss", Claim::Issuer),
        ("sub", Claim::Subject),
        ("jti", Claim::TokenId),
        ("client_id", Claim::Client),
        ("scope", Claim::Scope),
        ("sid", Claim::Session),
        ("acr", Claim::Acr),
    ];
    for (name, claim) in strings {
        for value in ["1", "null", "true", "{}", "[]", r#"["https://id.example"]"#] {
            assert_eq!(with(name, value), Err(TokenError::ClaimType(claim)), "{name} {value}");
        }
    }
    for (name, claim) in [("roles", Claim::Roles), ("amr", Claim::Amr)] {
        for value in ["1", "null", r#""admin""#, "{}", "[1]", r#"["a",null]"#, r#"[["admin"]]"#] {
            assert_eq!(with(name, value), Err(TokenError::ClaimType(claim)), "{name} {value}");
        }
    }
    let dates = [
        ("exp", Claim::ExpiresAt),
        ("iat", Claim::IssuedAt),
        ("nbf", Claim::NotBefore),
        ("auth_time", Claim::AuthTime),
    ];
    for (name, claim) in dates {
        for value in [r#""1800000100""#, "null", "true", "[1800000100]", "{}"] {
            assert_eq!(with(name, value), Err(TokenError::ClaimType(claim)), "{name} {value}");
        }
        for value in ["01800000100", "+1800000100", "1800000100.", ".5", "1e", "0x10", "NaN", "1e999", "--1"] {
            assert!(with(name, value).is_err(), "{name} {value}");
        }
    }
    for value in [r#""1""#, "null", "true", "[1]", "-1", "1.0", "1.5", "4294967296", "1e3"] {
        let (name, claim) = ("session_generation", Claim::Generation);
        assert_eq!(with(name, value), Err(TokenError::ClaimType(claim)), "{name} {value}");
    }
    assert_eq!(with("session_generation", "4294967295"), Ok(()));
    for value in ["1", "null", "{}", "[1]", r#"["notes",1]"#, r#"["notes",["x"]]"#] {
        assert_eq!(with("aud", value), Err(TokenError::ClaimType(Claim::Audience)), "aud {value}");
    }
    for (name, claim) in &strings[..4] {
        let refused =
            if *claim == Claim::Issuer { TokenError::ClaimType(Claim::Issuer) } else { TokenError::ClaimType(*claim) };
        assert_eq!(with(name, r#""""#), Err(refused), "{name} empty");
    }
}

/// `iss` and `aud` are compared exactly (RFC 9068, section 4).
#[test]
fn issuer_and_audience_are_compared_as_a_whole() {
    for issuer in [
        "https://id.example/",
        "https://id.exampl",
        "HTTPS://id.example",
        "https://id.example\\u0000",
        " https://id.example",
    ] {
        assert_eq!(with("iss", &format!("\"{issuer}\"")), Err(TokenError::WrongIssuer), "{issuer}");
    }
    assert_eq!(with("iss", r#""https:\/\/id\u002eexample""#), Ok(()), "escapes are not part of the value");
    for audience in
        [r#""Notes""#, r#""notes ""#, r#""note""#, r#""notes,x""#, "[]", r#"["x"]"#, r#"["note","s"]"#, r#""""#]
    {
        assert_eq!(with("aud", audience), Err(TokenError::WrongAudience), "{audience}");
    }
    for audience in [r#"["notes"]"#, r#"["x","notes","y"]"#, r#"["x","n\u006ftes"]"#, r#"[ "notes" , "x" ]"#] {
        assert_eq!(with("aud", audience), Ok(()), "{audience}");
    }
    let two = AccessVerifier::builder(ring(Algorithm::HS256), ISSUER, "x").audience(AUDIENCE).build().unwrap();
    assert_eq!(two.verify(&token_with("aud", Some(r#""notes""#)), NOW, |_| ()), Ok(()));
}

/// `exp`, `nbf` and `iat` are checked, and their arithmetic saturates (RFC 7519, section 4.1).
#[test]
fn times_are_honoured_and_never_overflow() {
    let now = NOW.as_seconds();
    for (name, value, expected) in [
        ("exp", now.to_string(), Err(TokenError::Expired)),
        ("exp", (now + 1).to_string(), Ok(())),
        ("exp", format!("{now}.999"), Err(TokenError::Expired)),
        ("exp", "1.8000001e9".to_owned(), Ok(())),
        ("exp", "-1".to_owned(), Err(TokenError::Expired)),
        ("exp", "-1e300".to_owned(), Err(TokenError::Expired)),
        ("exp", i64::MAX.to_string(), Err(TokenError::LifetimeTooLong)),
        ("exp", "99999999999999999999".to_owned(), Err(TokenError::LifetimeTooLong)),
        ("exp", "1e300".to_owned(), Err(TokenError::LifetimeTooLong)),
        ("exp", (now + 86_400).to_string(), Ok(())),
        ("exp", (now + 86_401).to_string(), Err(TokenError::LifetimeTooLong)),
        ("nbf", (now + 60).to_string(), Ok(())),
        ("nbf", format!("{}.001", now + 60), Err(TokenError::NotYetValid)),
        ("nbf", (now + 61).to_string(), Err(TokenError::NotYetValid)),
        ("nbf", "1e300".to_owned(), Err(TokenError::NotYetValid)),
        ("nbf", "-1e300".to_owned(), Ok(())),
        ("iat", (now + 60).to_string(), Ok(())),
        ("iat", (now + 61).to_string(), Err(TokenError::IssuedInFuture)),
        ("iat", format!("{}.5", now + 60), Err(TokenError::IssuedInFuture)),
        ("iat", "1e300".to_owned(), Err(TokenError::IssuedInFuture)),
        ("iat", "-1e300".to_owned(), Err(TokenError::LifetimeTooLong)),
        ("iat", i64::MIN.to_string(), Err(TokenError::LifetimeTooLong)),
    ] {
        assert_eq!(with(name, &value), expected, "{name} {value}");
    }
}

#[test]
fn a_clock_at_its_ends_neither_overflows_nor_accepts() {
    let verifier = AccessVerifier::builder(ring(Algorithm::HS256), ISSUER, AUDIENCE)
        .expiry_leeway(Duration::from_secs(60))
        .build()
        .unwrap();
    let token = token_with("exp", Some("1800000600"));
    let at = |now| verifier.verify(&token, UnixTime::from_seconds(now), |_| ());
    assert_eq!(at(i64::MAX), Err(TokenError::Expired));
    assert_eq!(at(i64::MIN), Err(TokenError::IssuedInFuture));
}

/// By default a clock may be a minute ahead, and a token is refused from the second in which it expires.
#[test]
fn each_tolerance_moves_its_own_end() {
    let builder = || AccessVerifier::builder(ring(Algorithm::HS256), ISSUER, AUDIENCE);
    for (builder, skew, leeway) in [
        (builder(), 60, 0),
        (builder().clock_skew(Duration::from_secs(0)), 0, 0),
        (builder().clock_skew(Duration::from_secs(7)), 7, 0),
        (builder().expiry_leeway(Duration::from_secs(60)), 60, 60),
        (builder().clock_skew(Duration::from_secs(0)).expiry_leeway(Duration::from_secs(9)), 0, 9),
    ] {
        let verifier = builder.build().unwrap();
        let verify = |name, seconds: i64| {
            let value = (NOW.as_seconds() + seconds).to_string();
            verifier.verify(&token_with(name, Some(&value)), NOW, |_| ())
        };
        assert_eq!(verify("exp", 1 - leeway), Ok(()), "{skew} {leeway}");
        assert_eq!(verify("exp", -leeway), Err(TokenError::Expired), "{skew} {leeway}");
        assert_eq!(verify("nbf", skew), Ok(()), "{skew} {leeway}");
        assert_eq!(verify("nbf", skew + 1), Err(TokenError::NotYetValid), "{skew} {leeway}");
        assert_eq!(verify("iat", skew), Ok(()), "{skew} {leeway}");
        assert_eq!(verify("iat", skew + 1), Err(TokenError::IssuedInFuture), "{skew} {leeway}");
    }
}

#[test]
fn a_shorter_lifetime_can_be_demanded() {
    let verifier = AccessVerifier::builder(ring(Algorithm::HS256), ISSUER, AUDIENCE)
        .max_lifetime(Duration::from_secs(600))
        .build()
        .unwrap();
    let verify = |exp| verifier.verify(&token_with("exp", Some(exp)), NOW, |_| ());
    assert_eq!(verify("1800000600"), Ok(()));
    assert_eq!(verify("1800000601"), Err(TokenError::LifetimeTooLong));
}

/// Claims are one JSON object in UTF-8 without duplicate members at any depth (RFC 7519, section 4).
#[test]
fn claims_are_one_strict_object() {
    let good: Vec<_> = GOOD.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    let good = good.join(",");
    let verify = |claims: &[u8]| verifier(ring(Algorithm::HS256)).verify(&sign(HEADER.as_bytes(), claims), NOW, |_| ());
    for (claims, error) in [
        (format!(r#"{{{good},"sub":"root"}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{"s\u0075b":"root",{good}}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"exp":1800000601}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"aud":"notes"}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"x":1,"x":1}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"x":{{"y":1,"y":2}}}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"x":[[{{"y":1,"\u0079":2}}]]}}"#), TokenError::ClaimsDuplicate),
        (format!(r#"{{{good},"cnf":{{"jkt":"a","jkt":"b"}}}}"#), TokenError::ClaimsDuplicate),
        (format!("[{{{good}}}]"), TokenError::ClaimsMalformed),
        (format!("{{{good}}}{{}}"), TokenError::ClaimsMalformed),
        (format!("{{{good},}}"), TokenError::ClaimsMalformed),
        (format!("\u{feff}{{{good}}}"), TokenError::ClaimsMalformed),
        (format!("{{{good}}}\0"), TokenError::ClaimsMalformed),
        (format!(r#"{{{good},"x":"\ud800"}}"#), TokenError::ClaimsMalformed),
        (format!("{{{good},\"x\":\"\n\"}}"), TokenError::ClaimsMalformed),
        (format!("{{{good},\"x\":{}{}}}", "[".repeat(40), "]".repeat(40)), TokenError::ClaimsTooLarge),
        (format!("{{{good},\"roles\":[{}\"\"]}}", "\"r\",".repeat(96)), TokenError::ClaimsTooLarge),
        (format!("{{{good},{}\"y\":1}}", many_members(64)), TokenError::ClaimsTooLarge),
    ] {
        assert_eq!(verify(claims.as_bytes()), Err(error), "{claims}");
    }
    for claims in [
        format!(" {{\t{good}\r\n}} "),
        format!(r#"{{{good},"x":{{"sub":"root","x":{{"x":1}}}}}}"#),
        format!("{{{good},\"roles\":[{}\"\"]}}", "\"r\",".repeat(95)),
        format!("{{{good},{}\"y\":1}}", many_members(50)),
    ] {
        assert_eq!(verify(claims.as_bytes()), Ok(()), "{claims}");
    }
    for bytes in [&[0xff][..], &[0xc0, 0xaf], &[0xed, 0xa0, 0x80], &[0xf5, 0x80, 0x80, 0x80], &[0xe2, 0x82]] {
        let claims = [format!(r#"{{{good},"x":"\n"#).as_bytes(), bytes, br#"\u00e9"}"#].concat();
        assert_eq!(verify(&claims), Err(TokenError::ClaimsMalformed), "{bytes:x?}");
    }
}

fn many_members(count: usize) -> String {
    (0..count).map(|index| format!("\"m{index}\":0,")).collect()
}

/// `cnf` binds a token to a key. The verifier checks no proofs, so it refuses the token (RFC 9449, section 7.2).
#[test]
fn a_token_bound_to_a_key_is_refused() {
    for value in [r#"{"jkt":"x"}"#, "{}", "null", r#""x""#] {
        assert_eq!(with("cnf", value), Err(TokenError::BoundToKey), "{value}");
    }
}
