//! Attacks that were tried on other verifiers, through the path of other issuers.

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use super::{
    server::Server,
    signer::{self, NOW, Signer},
    world::{JWKS, World, keys, verify},
};
use crate::{
    auth::Auth,
    clock::manual::ManualClock,
    remote::{Issuer, TokenType},
};

fn refused(reason: &str) -> Result<String, String> {
    Err(reason.to_owned())
}

fn alice() -> Result<String, String> {
    Ok("alice".to_owned())
}

fn signed(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// Returns the key as a JWK, and in the forms in which a verifier may have it as a text.
fn rsa(kid: &str) -> (KeyPair, Value, Vec<Vec<u8>>) {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = pair.public_key().as_ref().to_vec();
    let modulus = URL_SAFE_NO_PAD.encode(&public[9..265]);
    let jwk = json!({ "kty": "RSA", "n": modulus, "e": "AQAB", "kid": kid, "alg": "RS256", "use": "sig" });
    let x509 = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).unwrap().as_ref().to_vec();
    let pem = |name: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| core::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", lines.join("\n")).into_bytes()
    };
    let pems = [pem("PUBLIC KEY", &x509), pem("RSA PUBLIC KEY", &public)];
    let trimmed = pems.clone().map(|pem| pem.trim_ascii_end().to_vec());
    let texts = [jwk.to_string().into_bytes(), modulus.into_bytes(), public, x509];
    (pair, jwk, [texts.to_vec(), pems.to_vec(), trimmed.to_vec()].concat())
}

#[tokio::test]
async fn a_published_rsa_key_is_no_secret_and_has_one_algorithm() {
    let world = World::new().await;
    let (pair, jwk, texts) = rsa("r1");
    world.server.set(JWKS, keys(&[jwk]));
    let token = |alg: &str, padding| {
        let signed = signed(&json!({ "typ": "at+jwt", "alg": alg, "kid": "r1" }), &world.claims());
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    assert_eq!(world.subject(&token("RS256", &RSA_PKCS1_SHA256)).await, alice());
    assert_eq!(world.subject(&token("PS256", &RSA_PSS_SHA256)).await, refused("alg_not_of_key"));
    assert_eq!(world.subject(&token("RS256", &RSA_PSS_SHA256)).await, refused("signature_bad"));
    for secret in texts {
        for alg in ["HS256", "RS256"] {
            let signed = signed(&json!({ "typ": "at+jwt", "alg": alg, "kid": "r1" }), &world.claims());
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), signed.as_bytes());
            let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
            assert!(world.verify(&forged).await.is_err(), "{alg}");
        }
    }
}

/// Under the neutral point, one signature is right for every message.
#[tokio::test]
async fn a_published_key_of_small_order_verifies_nothing() {
    let world = World::new().await;
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut negative = neutral;
    negative[31] = 0x80;
    for point in [neutral, negative] {
        let x = URL_SAFE_NO_PAD.encode(point);
        let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "e1", "alg": "EdDSA" });
        world.server.set(JWKS, keys(&[key]));
        for (kid, reason) in [(json!("e1"), "kid_unknown"), (Value::Null, "kid_unknown")] {
            let header = signer::with(json!({ "typ": "at+jwt", "alg": "EdDSA" }), json!({ "kid": kid }));
            let signature = URL_SAFE_NO_PAD.encode([neutral, [0; 32]].concat());
            let forged = format!("{}.{signature}", signed(&header, &world.claims()));
            assert_eq!(world.subject(&forged).await, refused(reason));
        }
        world.pass(30);
    }
}

#[tokio::test]
async fn a_key_id_is_compared_byte_by_byte() {
    let world = World::new().await;
    let claims = world.claims();
    for kid in [
        "K1",
        "\u{212a}1",
        "\u{ff4b}1",
        "k\u{ff11}",
        "k1\u{200b}",
        "k1\u{0}",
        "k1 ",
        " k1",
        "k1\n",
        "./k1",
        "../jwks",
        "/dev/null",
        "k1/../k1",
        "k1' OR '1'='1",
        "k1|id",
        "",
    ] {
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid });
        let token = world.signer.sign(&header.to_string(), &claims.to_string());
        assert_eq!(world.subject(&token).await, refused("kid_unknown"), "{kid:?}");
    }
    for (length, reason) in [(256, "kid_unknown"), (257, "kid_too_long"), (4096, "header_too_large")] {
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": "k".repeat(length) });
        let token = world.signer.sign(&header.to_string(), &claims.to_string());
        assert_eq!(world.subject(&token).await, refused(reason), "{length}");
    }
    let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": "k".repeat(1 << 20) });
    assert!(world.verify(&world.signer.sign(&header.to_string(), &claims.to_string())).await.is_err());
    for kid in [json!(["k1"]), json!({ "k1": 1 }), json!(1), json!(null), json!(true)] {
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid });
        let token = world.signer.sign(&header.to_string(), &claims.to_string());
        assert_eq!(world.subject(&token).await, refused("header_member"), "{kid}");
    }
    // The same id in another spelling of JSON is the same id.
    let header = r#"{"typ":"at+jwt","alg":"ES256","kid":"\u006b\u0031"}"#;
    assert_eq!(world.subject(&world.signer.sign(header, &claims.to_string())).await, alice());
}

#[tokio::test]
async fn of_two_keys_with_one_id_the_remaining_one_counts_after_the_next_fetch() {
    let world = World::new().await;
    let second = Signer::new("k1");
    world.server.set(JWKS, keys(&[world.signer.jwk(), second.jwk()]));
    assert_eq!(world.subject(&world.token()).await, refused("kid_unknown"));
    assert_eq!(world.subject(&second.token(&world.claims())).await, refused("kid_unknown"));
    world.server.set(JWKS, keys(&[second.jwk()]));
    world.pass(30);
    assert_eq!(world.subject(&second.token(&world.claims())).await, alice());
    assert_eq!(world.subject(&world.token()).await, refused("signature_bad"));
}

#[tokio::test]
async fn a_key_that_changes_its_type_under_one_id_takes_no_old_token() {
    let world = World::new().await;
    assert_eq!(world.subject(&world.token()).await, alice());
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key());
    world.server.set(JWKS, keys(&[json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "k1" })]));
    world.pass(300);
    let old = world.token();
    assert_eq!(world.subject(&old).await, refused("alg_not_of_key"));
    let relabelled = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": "k1" }).to_string();
    assert_eq!(
        world.subject(&world.signer.sign(&relabelled, &world.claims().to_string())).await,
        refused("signature_bad")
    );
    let signed = signed(&json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": "k1" }), &world.claims());
    let signature = pair.sign(signed.as_bytes());
    assert_eq!(world.subject(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))).await, alice());
}

#[tokio::test]
async fn an_issuer_is_compared_byte_by_byte() {
    let world = World::new().await;
    assert_eq!(world.subject(&world.token()).await, alice());
    let (url, port) = (world.server.url(), world.server.port);
    for iss in [
        format!("{url}/"),
        format!("{url}/."),
        format!("{url}?"),
        format!("{url}#"),
        format!("{url} "),
        format!("{url}\u{0}"),
        format!("{url}\n"),
        format!(" {url}"),
        url.to_uppercase(),
        url.replace("http:", "https:"),
        url.replace("http:", "HTTP:"),
        url.replace("//", "//user@"),
        url.replace("//", "//@"),
        url.replace("127.0.0.1", "localhost"),
        url.replace("127.0.0.1", "127.0.0.1."),
        url.replace("127.0.0.1", "127.1"),
        url.replace("127.0.0.1", "2130706433"),
        url.replace("127.0.0.1", "0177.0.0.1"),
        url.replace("127.0.0.1", "%31%32%37.0.0.1"),
        url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        url.replace("127.0.0.1", "127\u{3002}0.0.1"),
        url.replace(&port.to_string(), &format!("0{port}")),
        url.replace(&format!(":{port}"), ""),
        String::new(),
    ] {
        assert!(world.with_claims(json!({ "iss": iss })).await.is_err(), "{iss:?}");
    }
    for iss in [json!([url]), json!({ "url": url }), json!(7), json!(true)] {
        assert!(world.with_claims(json!({ "iss": iss })).await.is_err(), "{iss}");
    }
}

#[tokio::test]
async fn tokens_for_another_purpose_are_no_access_tokens() {
    let strict = World::new().await;
    let plain = World::with(|issuer| issuer.token_type(TokenType::Jwt)).await;
    for typ in [
        "dpop+jwt",
        "logout+jwt",
        "secevent+jwt",
        "token-introspection+jwt",
        "oauth-authz-req+jwt",
        "client-authentication+jwt",
        "entity-statement+jwt",
        "kb+jwt",
        "vc+sd-jwt",
        "JOSE",
        "jose+json",
        "application/jwt+at",
        "at+jwt;x",
        "application/application/at+jwt",
        "\u{ff41}t+jwt",
    ] {
        for world in [&strict, &plain] {
            let header = json!({ "typ": typ, "alg": "ES256", "kid": "k1" }).to_string();
            let token = world.signer.sign(&header, &world.claims().to_string());
            assert_eq!(world.subject(&token).await, refused("typ_not_access_token"), "{typ}");
        }
    }
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "k1" }).to_string();
    let (iss, exp) = (plain.server.url(), NOW + 300);
    for (kind, claims) in [
        ("answer of authorization", json!({ "iss": iss, "aud": "api", "exp": exp, "code": "c", "state": "s" })),
        (
            "answer with a token",
            json!({ "iss": iss, "aud": "api", "exp": exp, "access_token": "a", "token_type": "bearer", "scope": "a" }),
        ),
        (
            "logout",
            json!({ "iss": iss, "aud": "api", "exp": exp, "iat": NOW, "sub": "alice", "jti": "1", "scope": "a",
                "events": { "http://schemas.openid.net/event/backchannel-logout": {} } }),
        ),
        ("user information", json!({ "iss": iss, "aud": "api", "sub": "alice", "scope": "a" })),
        (
            "introspection",
            json!({ "iss": iss, "aud": "api", "iat": NOW, "token_introspection": { "active": true, "sub": "alice" } }),
        ),
        ("proof of possession", json!({ "jti": "1", "htm": "GET", "htu": "/", "iat": NOW })),
    ] {
        assert!(plain.verify(&plain.signer.sign(&header, &claims.to_string())).await.is_err(), "{kind}");
    }
}

/// A flood of tokens that name many issuers asks each issuer once.
#[tokio::test]
async fn a_flood_over_many_issuers_asks_each_of_them_once() {
    let (server, signer, stranger) = (Server::start().await, Signer::new("k1"), Signer::new("other"));
    let clock = ManualClock::at(NOW);
    let path = |number: usize| format!("{JWKS}/{number}");
    let builder = (0..40).fold(Auth::builder().clock(clock), |builder, number| {
        server.set(&path(number), keys(&[signer.jwk()]));
        let keys_at = format!("{}{}", server.url(), path(number));
        builder.trust(Issuer::new(format!("issuer-{number}")).jwks(keys_at).audience("api"))
    });
    let auth = builder.build().unwrap();
    for _ in 0..5 {
        for number in 0..40 {
            let claims = signer::claims(&format!("issuer-{number}"));
            assert!(verify(&auth, &stranger.token(&claims)).await.is_err());
            assert!(verify(&auth, &signer.token(&claims)).await.is_ok());
        }
    }
    assert!((0..40).all(|number| server.count(&path(number)) == 1), "{:?}", server.requests().len());
}
