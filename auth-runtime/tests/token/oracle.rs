//! jsonwebtoken as the oracle: it accepts every token that this verifier accepts, with the same claims.

use auth_runtime::token::{AccessClaims, Algorithm, KeyRing, NewAccessToken, TokenIssuer};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Validation, jwk::Jwk};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{AUDIENCE, FixedEntropy, ISSUER, NOW, SECRET, ring, sign, verifier};

fn theirs(algorithm: Algorithm, keys: &KeyRing, token: &str) -> Option<Value> {
    let key = match algorithm {
        Algorithm::HS256 => DecodingKey::from_secret(SECRET.as_bytes()),
        _ => {
            let jwk: Jwk = serde_json::from_value(keys.jwks()["keys"][0].clone()).unwrap();
            DecodingKey::from_jwk(&jwk).unwrap()
        }
    };
    let mut validation = Validation::new(algorithm.name().parse().unwrap());
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    // jsonwebtoken uses the machine's clock, which a test cannot set.
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(token, &key, &validation).ok().map(|data| data.claims)
}

fn ours(keys: KeyRing, token: &str) -> Option<Value> {
    verifier(keys).verify(token, NOW, as_json).ok()
}

fn as_json(claims: &AccessClaims<'_>) -> Value {
    json!({
        "iss": claims.issuer(),
        "sub": claims.subject(),
        "jti": claims.token_id(),
        "client_id": claims.client(),
        "scope": claims.scope(),
        "roles": claims.roles().collect::<Vec<_>>(),
        "sid": claims.session(),
        "acr": claims.acr(),
        "amr": claims.amr().collect::<Vec<_>>(),
        "exp": claims.expires_at().as_seconds(),
        "iat": claims.issued_at().as_seconds(),
    })
}

/// Returns the same members as jsonwebtoken read them, with the defaults of absent ones.
fn comparable(claims: &Value) -> Value {
    let or = |name: &str, absent: Value| claims.get(name).cloned().unwrap_or(absent);
    let seconds = |name: &str, round: fn(f64) -> f64| {
        claims[name].as_i64().unwrap_or_else(|| round(claims[name].as_f64().unwrap()) as i64)
    };
    json!({
        "iss": claims["iss"],
        "sub": claims["sub"],
        "jti": claims["jti"],
        "client_id": claims["client_id"],
        "scope": or("scope", "".into()),
        "roles": or("roles", json!([])),
        "sid": or("sid", Value::Null),
        "acr": or("acr", Value::Null),
        "amr": or("amr", json!([])),
        "exp": seconds("exp", f64::floor),
        "iat": seconds("iat", f64::ceil),
    })
}

fn assert_agrees(algorithm: Algorithm, token: &str) -> Result<bool, TestCaseError> {
    let keys = ring(algorithm);
    let Some(ours) = ours(keys.clone(), token) else {
        return Ok(false);
    };
    let theirs = theirs(algorithm, &keys, token);
    prop_assert!(theirs.is_some(), "accepted here only: {token}");
    prop_assert_eq!(ours, comparable(&theirs.unwrap()));
    Ok(true)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9:/._-]{1,20}",
        any::<String>().prop_filter("not empty", |text| !text.is_empty()),
        "[\\x00-\\x1f\"\\\\/\u{e9}\u{20ac}\u{1f600}]{1,8}",
    ]
}

/// Returns a string as JSON text, with some characters escaped that need no escape.
fn escaped(text: &str, mask: u64) -> String {
    let plain = Value::from(text).to_string();
    if mask == 0 || plain.contains('\\') {
        return plain;
    }
    let inner = text.chars().enumerate().map(|(index, character)| {
        if mask >> (index % 64) & 1 == 0 {
            return character.to_string();
        }
        character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    });
    format!("\"{}\"", inner.collect::<String>())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e20..1e20).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!(ISSUER)),
        Just(json!(AUDIENCE)),
        (1_799_999_990_i64..1_800_000_700).prop_map(Value::from),
        (1_799_999_990.0..1_800_000_700.0).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,3}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn issued_tokens_are_accepted_and_read_alike(
        index in 0..Algorithm::ALL.len(),
        subject in text(),
        client in text(),
        scope in any::<String>(),
        roles in prop::collection::vec(any::<String>(), 0..6),
        amr in prop::collection::vec("[a-z]{1,5}", 0..4),
        session in prop::option::of(any::<String>()),
        entropy in any::<u8>(),
    ) {
        let algorithm = Algorithm::ALL[index];
        let roles: Vec<_> = roles.iter().map(|role| &**role).collect();
        let amr: Vec<_> = amr.iter().map(|method| &**method).collect();
        let mut new = NewAccessToken::new(&subject, &client).scope(&scope).roles(&roles).amr(&amr);
        if let Some(session) = &session {
            new = new.session(session);
        }
        let issuer = TokenIssuer::builder(ring(algorithm), ISSUER, AUDIENCE).build().unwrap();
        let token = issuer.issue(&new, NOW, &FixedEntropy(entropy)).unwrap();
        prop_assert!(assert_agrees(algorithm, token.expose())?);
    }

    /// With a byte of the token replaced, inserted or removed, no algorithm accepts it.
    #[test]
    fn a_changed_token_is_refused(
        index in 0..Algorithm::ALL.len(),
        place in any::<prop::sample::Index>(),
        kind in 0..3,
        byte in "[ -~]",
    ) {
        let algorithm = Algorithm::ALL[index];
        let issuer = TokenIssuer::builder(ring(algorithm), ISSUER, AUDIENCE).build().unwrap();
        let good = issuer.issue(&NewAccessToken::new("alice", "web"), NOW, &FixedEntropy(0)).unwrap();
        let good = good.expose();
        let at = place.index(good.len());
        let mut changed = good.to_owned();
        match kind {
            0 => changed.replace_range(at..=at, &byte),
            1 => changed.insert_str(at, &byte),
            _ => drop(changed.remove(at)),
        }
        let is_same = changed == good;
        prop_assert_eq!(assert_agrees(algorithm, &changed)?, is_same);
    }

    /// Claims of every shape with a valid signature: members of any type, missing, in any order, escaped in any way.
    #[test]
    fn signed_claims_of_every_shape_are_read_alike(
        replaced in prop::option::of((0..8_usize, value())),
        extra in prop::collection::btree_map("[a-z]{1,6}", value(), 0..4),
        subject in text(),
        mask in any::<u64>(),
        turn in 0..8_usize,
        spaces in "[ \t\r\n]{0,2}",
    ) {
        let mut members = vec![
            ("iss".to_owned(), escaped(ISSUER, mask)),
            ("sub".to_owned(), escaped(&subject, mask.rotate_left(7))),
            ("aud".to_owned(), escaped(AUDIENCE, mask.rotate_left(13))),
            ("exp".to_owned(), "1800000600".to_owned()),
            ("iat".to_owned(), "1799999999.25".to_owned()),
            ("jti".to_owned(), "\"1\"".to_owned()),
            ("client_id".to_owned(), "\"web\"".to_owned()),
            ("roles".to_owned(), format!("[{},\"b\"]", escaped("editor", mask))),
        ];
        if let Some((at, value)) = replaced {
            members[at].1 = value.to_string();
        }
        members.extend(extra.into_iter().map(|(name, value)| (name, value.to_string())));
        members.rotate_left(turn);
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("{spaces}{}{spaces}:{spaces}{value}{spaces}", escaped(name, mask.rotate_left(3))))
            .collect();
        let token = sign(br#"{"alg":"HS256","typ":"at+jwt"}"#, format!("{{{}}}", members.join(",")).as_bytes());
        assert_agrees(Algorithm::HS256, &token)?;
    }

    /// No input makes the verifier panic.
    #[test]
    fn no_text_and_no_signed_bytes_panic(
        text in any::<String>(),
        segments in prop::collection::vec(any::<Vec<u8>>(), 3),
        header in any::<Vec<u8>>(),
        payload in any::<Vec<u8>>(),
    ) {
        let verifier = verifier(ring(Algorithm::HS256));
        let joined = segments.iter().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).collect::<Vec<_>>().join(".");
        for token in [text, joined, sign(&header, &payload), sign(br#"{"alg":"HS256","typ":"at+jwt"}"#, &payload)] {
            prop_assert!(verifier.verify(&token, NOW, |_| ()).is_err());
        }
    }
}
