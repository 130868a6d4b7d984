//! Faults at the start, and services that only verify.

use core::time::Duration;
use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    signer::{self, NOW, Signer},
    world::{World, verify},
};
use crate::{
    auth::{Auth, AuthBuilder},
    clock::manual::ManualClock,
    policy::IssuerName,
    remote::{Issuer, TokenType},
    token::{Algorithm, KeyRing, NewAccessToken, SigningKey},
};

const OWN: &str = "https://api.example";

fn faults(builder: AuthBuilder) -> Vec<String> {
    match builder.build() {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| format!("{}: {}", fault.setting(), fault.message())).collect(),
    }
}

fn good() -> Issuer {
    Issuer::oidc("https://id.example").audience("api")
}

fn with_own_keys(builder: AuthBuilder) -> AuthBuilder {
    let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    builder.keys(keys).issuer(OWN).audience(OWN)
}

#[test]
fn a_service_that_only_verifies_needs_no_keys() {
    let auth = Auth::builder().trust(good()).build().unwrap();
    assert_eq!(auth.issuer(), "");
    let token = auth.tokens().issue(&NewAccessToken::new("a", "b"), auth.clock().unix(), auth.entropy());
    assert!(token.is_err(), "there is nothing to sign with");
    // Without an issuer to trust, or with a part of the own settings, all of them are needed.
    assert!(!faults(Auth::builder()).is_empty());
    assert!(!faults(Auth::builder().trust(good()).issuer(OWN)).is_empty());
}

#[tokio::test]
async fn without_own_keys_no_own_token_is_accepted() {
    let world = World::new().await;
    let other = with_own_keys(Auth::builder()).clock(ManualClock::at(NOW)).build().unwrap();
    let token = other.tokens().issue(&NewAccessToken::new("a", "b"), other.clock().unix(), other.entropy()).unwrap();
    assert!(verify(&other, token.expose()).await.is_ok());
    assert!(world.verify(token.expose()).await.is_err());
    for claims in [r#"{"sub":"a"}"#, r#"{"iss":"","sub":"a"}"#, r#"{"iss":null}"#, "{}", "", "[]"] {
        assert!(
            world.verify(&world.signer.sign(&world.signer.header().to_string(), claims)).await.is_err(),
            "{claims}"
        );
    }
}

#[tokio::test]
async fn own_tokens_and_those_of_several_issuers_are_told_apart() {
    let (one, two) = (World::new().await, World::new().await);
    let issuer = |world: &World| Issuer::oidc(world.server.url()).audience("api");
    let builder = Auth::builder().trust(issuer(&two)).trust(issuer(&one)).clock(one.clock.clone());
    let auth = with_own_keys(builder).build().unwrap();
    let own = auth.tokens().issue(&NewAccessToken::new("alice", "web"), auth.clock().unix(), auth.entropy()).unwrap();
    let issuers =
        [(own.expose(), OWN.to_owned()), (&*one.token(), one.server.url()), (&*two.token(), two.server.url())];
    let mut identities = Vec::new();
    for (token, iss) in issuers {
        let identity = verify(&auth, token).await.unwrap();
        assert_eq!((identity.subject(), identity.issuer()), ("alice", &*iss));
        identities.push(identity);
    }
    assert!(identities[0] != identities[1] && identities[1] != identities[2]);
    // The key of one issuer does not sign for the other, nor for this service.
    for iss in [two.server.url(), OWN.to_owned()] {
        assert!(verify(&auth, &one.signer.token(&signer::claims(&iss))).await.is_err());
    }
    // Both have a key with this id.
    let forged = Signer::new("k1").token(&signer::claims(&one.server.url()));
    assert_eq!(verify(&auth, &forged).await.err().as_deref(), Some("signature_bad"));
}

/// Ids of keys are unique only within their issuer.
#[tokio::test]
async fn a_key_of_another_issuer_may_have_the_id_of_an_own_one() {
    let world = World::new().await;
    let pem = fs::read_to_string(format!("{}/tests/vectors/pem/ec_pkcs8.pem", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let key = SigningKey::from_pem(Algorithm::ES256, &pem.into()).unwrap().with_id(world.signer.kid).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    let issuer = Issuer::oidc(world.server.url()).audience("api");
    let builder = Auth::builder().keys(keys).issuer(OWN).audience(OWN).trust(issuer);
    let auth = builder.clock(world.clock.clone()).build().unwrap();
    let own = auth.tokens().issue(&NewAccessToken::new("alice", "web"), auth.clock().unix(), auth.entropy()).unwrap();
    let header = URL_SAFE_NO_PAD.decode(own.expose().split('.').next().unwrap()).unwrap();
    let theirs = |claims: &Value| world.signer.sign(&header, &claims.to_string());
    for _ in 0..2 {
        assert_eq!(verify(&auth, own.expose()).await.unwrap().issuer(), OWN);
        assert_eq!(verify(&auth, &theirs(&world.claims())).await.unwrap().issuer(), world.server.url());
    }
    // Neither signs for the other, nor for a third one.
    let signature = own.expose().rsplit('.').next().unwrap();
    let swapped = theirs(&world.claims()).rsplit_once('.').map(|(signed, _)| format!("{signed}.{signature}")).unwrap();
    for forged in [theirs(&signer::claims(OWN)), theirs(&signer::claims("https://other.example")), swapped] {
        assert_eq!(verify(&auth, &forged).await.err().as_deref(), Some("signature_bad"));
    }
}

/// The usual mistake in an `iss` is a slash. An event that spoke of the key would lead astray.
#[tokio::test]
async fn a_token_of_a_stranger_is_refused_for_its_issuer() {
    let world = World::new().await;
    let url = world.server.url();
    let issuer = Issuer::oidc(url.clone()).audience("api");
    let with_own = with_own_keys(Auth::builder().trust(issuer).clock(world.clock.clone())).build().unwrap();
    for auth in [&world.auth, &with_own] {
        for stranger in [format!("{url}/"), url.replace("127.0.0.1", "localhost"), "https://other.example".to_owned()] {
            let token = world.signer.token(&signer::claims(&stranger));
            assert_eq!(verify(auth, &token).await.err().as_deref(), Some("iss_wrong"), "{stranger}");
        }
    }
    let own = world.signer.token(&signer::claims(OWN));
    assert_eq!(verify(&with_own, &own).await.err().as_deref(), Some("kid_unknown"));
}

#[test]
fn an_own_or_doubled_issuer_is_a_fault() {
    let own = Issuer::oidc(OWN).audience("api");
    assert!(faults(with_own_keys(Auth::builder().trust(own.clone())))[0].contains("is this service's own"));
    assert!(faults(Auth::builder().trust(good()).trust(good()))[0].contains("issuer 2 was given before"));
    let named = |url: &str| Issuer::oidc(url).audience("api").name(IssuerName::new("corporate"));
    let twice = Auth::builder().trust(named("https://a.example")).trust(named("https://b.example"));
    assert_eq!(faults(twice), ["trust: two issuers have the name `corporate`"]);
    // The second one is not taken for a known issuer with another name.
    let doubled = Auth::builder().trust(good()).trust(good().name(IssuerName::new("corporate")));
    assert_eq!(faults(doubled), ["trust: issuer 2 was given before: call `.trust(…)` once for each `iss`"]);
    // Another text is another issuer.
    assert_eq!(
        faults(Auth::builder().trust(good()).trust(Issuer::oidc("https://id.example/").audience("api"))),
        [""; 0]
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let issuer = Issuer::oidc("http://id.example")
        .algorithms([Algorithm::HS256])
        .clock_skew(Duration::from_secs(61))
        .expiry_leeway(Duration::from_millis(1))
        .max_token_age(Duration::ZERO)
        .roles_at("a..b")
        .roles_at("c")
        .scopes_at("sub")
        .allow_host("https://keys.example")
        .internal("keys.internal");
    let found = faults(Auth::builder().trust(good()).trust(issuer).trust(Issuer::new("")));
    for part in [
        "issuer 2: `iss` does not begin with `https://`",
        "HS256",
        "`clock_skew`",
        "`expiry_leeway`",
        "`max_token_age`",
        "called twice",
        "`scopes_at`",
        "`allow_host`",
        "`internal`",
        "issuer 2: has no audience",
        "issuer 3: has no `iss`",
        "issuer 3: has no keys",
    ] {
        assert!(found.iter().any(|fault| fault.contains(part)), "{part}: {found:#?}");
    }
    assert!(found.iter().all(|fault| fault.starts_with("trust: issuer ")), "{found:#?}");
}

#[test]
fn each_setting_is_checked() {
    let one = |issuer: Issuer| faults(Auth::builder().trust(issuer)).len();
    assert_eq!(one(good()), 0);
    assert_eq!(one(good().clock_skew(Duration::ZERO).expiry_leeway(Duration::from_secs(60))), 0);
    assert_eq!(one(good().max_token_age(Duration::from_secs(30 * 86_400))), 0);
    assert_eq!(
        one(good().internal("https://id.example").allow_host("keys.example").allow_host("keys.example:8443")),
        0
    );
    for bad in [
        Issuer::oidc("https://id.example"),
        good().audience(""),
        Issuer::oidc("id.example").audience("api"),
        Issuer::oidc("https://id.example?a=b").audience("api"),
        Issuer::oidc("https://id.example#a").audience("api"),
        Issuer::oidc("http://10.0.0.1").audience("api"),
        Issuer::new("id").audience("api"),
        good().jwks("http://keys.example/jwks"),
        good().jwks("ftp://keys.example/jwks"),
        good().max_token_age(Duration::from_secs(30 * 86_400 + 1)),
        good().max_token_age(Duration::MAX),
        good().roles_at("scope").roles_at("roles"),
        good().roles_at(""),
        good().roles_at("iss"),
        good().roles_at("typ"),
        good().scopes_at("auth_time"),
        good().algorithms([]),
        good().token_type(TokenType::BetterAuth),
        Issuer::oidc("").audience("api"),
        Issuer::oidc("https://id.example/.well-known/openid-configuration").audience("api"),
        Issuer::keycloak("https://id.example").audience("api"),
        Issuer::keycloak("https://id.example/realms/").audience("api"),
        Issuer::keycloak("https://id.example/realms/example/account").audience("api"),
        Issuer::google().audience("1234-abcd.apps.googleusercontent.com"),
        good().allow_host("*.example"),
        good().allow_host(""),
        good().allow_host("keys.example/path"),
        good().internal("http://id.internal"),
    ] {
        assert_eq!(one(bad.clone()), 1, "{bad:?}");
    }
}
