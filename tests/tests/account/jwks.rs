use auth_runtime::token::{KeyRing, SigningKey};
use axum::{body::to_bytes, http::Request};
use serde_json::Value;

use super::world::{PASSWORD, World, defaults};

/// RFC 8037, appendix A.1.
const NEW: &str = r#"{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" }"#;

/// RFC 7515, appendix A.3.
const OLD: &str = r#"{ "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" }"#;

fn key(jwk: &str) -> SigningKey {
    SigningKey::from_jwk(&jwk.into()).unwrap()
}

#[tokio::test]
async fn verifiers_read_the_public_keys_and_may_cache_them() {
    let old = KeyRing::builder().sign_with(key(OLD)).build().unwrap();
    let both = KeyRing::builder().sign_with(key(NEW)).verify_with(key(OLD).retire()).build().unwrap();
    let before = World::in_memory(|builder| defaults(builder).keys(old));
    before.join("alice", &[]).await;
    let token = before.login("alice", PASSWORD).await.text("access_token");

    let world = before.beside_with(|builder| defaults(builder).keys(both), before.clock.clone());
    assert_eq!(world.me(&token).await.status, 200, "a token of the old key is good");
    let response = world.raw(Request::get("/.well-known/jwks.json"), "").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "public, max-age=300");
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body, world.auth.jwks());
    let keys = body["keys"].as_array().unwrap();
    let listed: Vec<_> = keys.iter().map(|key| key["alg"].as_str().unwrap()).collect();
    assert!(listed.len() == 2 && listed.contains(&"EdDSA") && listed.contains(&"ES256"), "{body}");
    assert!(keys.iter().all(|key| key["use"] == "sig" && key["kid"].is_string() && key.get("d").is_none()), "{body}");
}
