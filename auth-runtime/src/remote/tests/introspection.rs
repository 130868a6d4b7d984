//! Opaque tokens, with a provider that answers as the test says.

use core::time::Duration;
use std::time::Instant;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{
    server::{Answer, Server},
    signer::NOW,
    world::{METADATA, verify},
};
use crate::{
    auth::Auth,
    clock::manual::ManualClock,
    identity::Identity,
    policy::Via,
    remote::{Introspection, Issuer},
    token::{Algorithm, KeyRing, KeySet, SigningKey, verify_compact},
};

const PATH: &str = "/introspect";
const TOKEN: &str = "opaque-Token_1~+/=";

struct World {
    server: Server,
    clock: ManualClock,
    auth: Auth,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| Introspection::with_secret("notes api", "s:e c&r".into())).await
    }

    async fn with(introspection: impl FnOnce(&Server) -> Introspection) -> Self {
        let (server, clock) = (Server::start().await, ManualClock::at(NOW));
        let url = server.url();
        let metadata = json!({ "issuer": url, "introspection_endpoint": format!("{url}{PATH}"), "jwks_uri": format!("{url}/jwks") });
        server.set(METADATA, Answer::Json(metadata.to_string()));
        let issuer =
            Issuer::oidc(url).audience("api").roles_at("realm_access.roles").introspection(introspection(&server));
        let auth = Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap();
        let world = Self { server, clock, auth };
        world.answers(&world.document());
        world
    }

    fn document(&self) -> Value {
        json!({
            "active": true, "sub": "alice", "client_id": "web", "scope": "posts:read posts:write", "token_type": "Bearer",
            "iss": self.server.url(), "aud": ["other", "api"], "iat": NOW, "exp": NOW + 600, "jti": "j1",
            "realm_access": { "roles": ["editor"] },
        })
    }

    fn answers(&self, document: &Value) {
        self.server.set(PATH, Answer::Json(document.to_string()));
    }

    async fn verify(&self) -> Result<Identity, String> {
        verify(&self.auth, TOKEN).await
    }

    async fn subject(&self) -> Result<String, String> {
        self.verify().await.map(|identity| identity.subject().to_owned())
    }

    /// Returns what becomes of an answer with some members replaced, and others removed.
    async fn changed(&self, changes: Value, removed: &[&str]) -> Result<String, String> {
        let mut document = self.document();
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        removed.iter().for_each(|name| drop(document.as_object_mut().unwrap().remove(*name)));
        self.answers(&document);
        self.pass(31);
        self.clock.set_unix(NOW);
        self.subject().await
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn refused(reason: &str) -> Result<String, String> {
    Err(reason.to_owned())
}

#[tokio::test]
async fn an_opaque_token_is_what_its_issuer_says() {
    let world = World::new().await;
    let identity = world.verify().await.unwrap();
    assert_eq!((identity.subject(), identity.issuer(), identity.via()), ("alice", &*world.server.url(), Via::BEARER));
    assert_eq!((identity.client(), identity.token_id()), (Some("web"), Some("j1")));
    assert!(identity.has_scope("posts:read") && identity.has_role("editor"));
    assert_eq!(identity.expires_at().unwrap().as_seconds(), NOW + 600);
    assert_eq!(world.server.requests(), [METADATA, PATH]);
    world.pass(30);
    assert!(world.verify().await.is_ok());
    assert_eq!(world.server.requests(), [METADATA, PATH, PATH], "the metadata are fetched once");
}

#[tokio::test]
async fn the_question_has_the_token_and_the_secret() {
    let world = World::new().await;
    assert!(world.verify().await.is_ok());
    let text = world.server.last_text();
    // Both parts of the secret are encoded as in a form before they become base64: `notes+api:s%3Ae+c%26r`.
    assert!(text.contains("\r\nauthorization: Basic bm90ZXMrYXBpOnMlM0FlK2MlMjZy\r\n"), "{text}");
    assert!(text.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\ntoken_type_hint=access_token&token=opaque-Token_1%7E%2B%2F%3D"), "{text}");
}

#[tokio::test]
async fn a_private_key_signs_each_question() {
    let key =
        || SigningKey::from_pem(Algorithm::ES256, &include_str!("../../../tests/vectors/pem/ec_pkcs8.pem").into());
    let world = World::with(|_| Introspection::with_key("notes-api", key().unwrap())).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        assert!(world.verify().await.is_ok());
        let text = world.server.last_text();
        assert!(!text.contains("authorization:"), "{text}");
        let type_ = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        assert!(text.contains(&format!("&{type_}&client_id=notes-api&client_assertion=")), "{text}");
        let assertion = text.split_once("client_assertion=").unwrap().1;
        let public = KeyRing::builder().sign_with(key().unwrap()).build().unwrap().jwks();
        let claims = verify_compact(assertion, &KeySet::from_json(&public.to_string()).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            (&claims["iss"], &claims["sub"], &claims["aud"]),
            (&json!("notes-api"), &json!("notes-api"), &json!(world.server.url()))
        );
        assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() == 60);
        ids.push(claims["jti"].clone());
        world.pass(30);
    }
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn only_a_true_active_admits() {
    let world = World::new().await;
    assert_eq!(world.changed(json!({ "active": false }), &[]).await, refused("token_inactive"));
    for active in [json!("true"), json!(1), json!(null), json!([true]), json!({})] {
        assert_eq!(world.changed(json!({ "active": active }), &[]).await, refused("unavailable"), "{active}");
    }
    assert_eq!(world.changed(json!({}), &["active"]).await, refused("unavailable"));
    let deep = format!(r#"{{"active":true,"x":{}}}"#, "[".repeat(100_000) + &"]".repeat(100_000));
    for text in [&*deep, "", "null", "[]", "true", r#"{"active":true,"active":true}"#, r#"{"active":true"#, "<html>"] {
        world.server.set(PATH, Answer::Json(text.to_owned()));
        world.pass(31);
        assert_eq!(world.subject().await, refused("unavailable"), "{text}");
    }
    assert_eq!(world.changed(json!({}), &[]).await, Ok("alice".to_owned()));
}

#[tokio::test]
async fn answers_about_other_tokens_are_refused() {
    let world = World::new().await;
    for (changes, reason) in [
        (json!({ "iss": "https://other.example" }), "iss_wrong"),
        (json!({ "iss": "" }), "iss_wrong"),
        (json!({ "aud": "other" }), "aud_wrong"),
        (json!({ "aud": [] }), "aud_wrong"),
        (json!({ "exp": NOW }), "expired"),
        (json!({ "exp": NOW - 1 }), "expired"),
        (json!({ "nbf": NOW + 61 }), "not_yet_valid"),
        (json!({ "iat": NOW + 61 }), "issued_in_future"),
        (json!({ "exp": NOW + 86_401 }), "lifetime_too_long"),
        (json!({ "sub": "" }), "claim_missing"),
        (json!({ "cnf": { "jkt": "x" } }), "cnf_without_proof"),
        (json!({ "token_type": "DPoP" }), "typ_not_access_token"),
        (json!({ "token_type": "refresh_token" }), "typ_not_access_token"),
        (json!({ "token_type": 1 }), "typ_not_access_token"),
        (json!({ "token_use": "refresh_token" }), "typ_not_access_token"),
        (json!({ "typ": "Refresh" }), "typ_not_access_token"),
        (json!({ "nonce": "n" }), "typ_not_access_token"),
        (json!({ "sub": 1 }), "unavailable"),
        (json!({ "exp": "soon" }), "unavailable"),
        (json!({ "scope": 1 }), "unavailable"),
        (json!({ "aud": 1 }), "unavailable"),
    ] {
        assert_eq!(world.changed(changes.clone(), &[]).await, refused(reason), "{changes}");
    }
    assert_eq!(world.changed(json!({}), &["aud"]).await, refused("claim_missing"));
    assert_eq!(world.changed(json!({}), &["sub", "client_id"]).await, refused("claim_missing"));
    // These may be absent. A client that acts for itself is the subject.
    assert_eq!(
        world.changed(json!({}), &["iss", "exp", "iat", "scope", "jti", "token_type"]).await,
        Ok("alice".to_owned())
    );
    assert_eq!(world.changed(json!({}), &["sub"]).await, Ok("web".to_owned()));
}

#[tokio::test]
async fn without_an_audience_the_answer_says_that_it_is_an_access_token() {
    let world = World::with(|_| Introspection::with_secret("a", "b".into()).allow_missing_audience()).await;
    assert_eq!(world.changed(json!({}), &["aud"]).await, Ok("alice".to_owned()));
    assert_eq!(world.changed(json!({}), &["aud", "token_type"]).await, refused("typ_not_access_token"));
    assert_eq!(world.changed(json!({ "aud": "other" }), &[]).await, refused("aud_wrong"));
}

#[tokio::test]
async fn no_answer_is_remembered_past_the_tokens_end() {
    let world = World::new().await;
    assert_eq!(world.changed(json!({ "exp": NOW + 5 }), &[]).await, Ok("alice".to_owned()));
    world.pass(4);
    assert!(world.subject().await.is_ok());
    world.answers(&json!({ "active": false }));
    world.pass(1);
    assert_eq!(world.subject().await, refused("token_inactive"));
    // Without `exp` the answer is remembered for 30 seconds.
    assert_eq!(world.changed(json!({}), &["exp"]).await, Ok("alice".to_owned()));
    world.answers(&json!({ "active": false }));
    world.pass(29);
    assert!(world.subject().await.is_ok());
    world.pass(1);
    assert!(world.subject().await.is_err());
}

#[tokio::test]
async fn a_provider_that_refuses_this_service_is_an_outage() {
    let world = World::new().await;
    for status in [
        "401 Unauthorized",
        "403 Forbidden",
        "400 Bad Request",
        "404 Not Found",
        "500 Internal Server Error",
        "307 Temporary Redirect\r\nlocation: /",
    ] {
        world.server.set(PATH, Answer::Raw(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")));
        assert_eq!(world.subject().await, refused("unavailable"), "{status}");
    }
    world.server.set(PATH, Answer::Endless("HTTP/1.1 200 OK\r\n\r\n{".to_owned()));
    assert_eq!(world.subject().await, refused("unavailable"));
    assert!(world.server.sent() < 10 << 20);
    world.answers(&world.document());
    assert!(world.subject().await.is_ok());
}

#[tokio::test]
async fn a_provider_that_stalls_is_given_up_after_five_seconds() {
    let stalled = [Answer::Silent, Answer::Drip].map(|answer| {
        tokio::spawn(async {
            let (world, begin) = (World::new().await, Instant::now());
            world.server.set(PATH, answer);
            assert_eq!(world.subject().await, refused("unavailable"));
            begin.elapsed()
        })
    });
    for task in stalled {
        let time = task.await.unwrap();
        assert!((Duration::from_secs(5)..Duration::from_secs(9)).contains(&time), "{time:?}");
    }
}

#[tokio::test]
async fn jwts_and_strange_texts_are_not_sent() {
    let world = World::new().await;
    let jwt = |claims: Value| format!("eyJhbGciOiJFUzI1NiJ9.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
    for token in [
        "a.b.c".to_owned(),
        jwt(json!({ "iss": "https://other.example" })),
        "short".to_owned(),
        "a b c d e f g".to_owned(),
        "caf\u{e9}caf\u{e9}".to_owned(),
        "a".repeat(4097),
    ] {
        assert!(verify(&world.auth, &token).await.is_err(), "{token}");
    }
    assert_eq!(world.server.requests().len(), 0);
}

#[tokio::test]
async fn the_metadata_name_the_endpoint_on_an_allowed_host() {
    let world = World::new().await;
    let url = world.server.url();
    for (endpoint, expected) in [
        (json!(null), "unavailable"),
        (json!("https://evil.example/introspect"), "unavailable"),
        (json!("http://10.0.0.1/introspect"), "unavailable"),
        (json!(format!("{url}{PATH}")), ""),
    ] {
        let metadata = json!({ "issuer": url, "introspection_endpoint": endpoint, "jwks_uri": format!("{url}/jwks") });
        world.server.set(METADATA, Answer::Json(metadata.to_string()));
        let expected = if expected.is_empty() { Ok("alice".to_owned()) } else { refused(expected) };
        assert_eq!(world.subject().await, expected, "{endpoint}");
    }
}
