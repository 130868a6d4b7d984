//! Claims in good and bad shapes.

use serde_json::{Value, json};

use super::{
    signer::{self, NOW},
    world::World,
};

async fn results(changes: &[Value]) -> Vec<String> {
    let world = World::new().await;
    let mut results = Vec::new();
    for change in changes {
        let result = world.with_claims(change.clone()).await;
        results.push(result.map_or_else(|reason| reason, |identity| identity.subject().to_owned()));
    }
    results
}

#[tokio::test]
async fn the_audience_is_a_string_or_a_list_with_this_service() {
    let changes = [
        json!({ "aud": "api" }),
        json!({ "aud": ["api"] }),
        json!({ "aud": ["account", "api"] }),
        json!({ "aud": null }),
        json!({ "aud": [] }),
        json!({ "aud": "" }),
        json!({ "aud": "other" }),
        json!({ "aud": ["other", "API"] }),
        json!({ "aud": "api " }),
        json!({ "aud": 7 }),
        json!({ "aud": { "api": true } }),
        json!({ "aud": ["api", 7] }),
        json!({ "aud": [["api"]] }),
    ];
    let expected = [
        "alice",
        "alice",
        "alice",
        "claim_missing",
        "aud_wrong",
        "aud_wrong",
        "aud_wrong",
        "aud_wrong",
        "aud_wrong",
        "claim_type",
        "claim_type",
        "claim_type",
        "claim_type",
    ];
    assert_eq!(results(&changes).await, expected);
}

#[tokio::test]
async fn the_expiry_is_a_number_in_the_near_future() {
    let changes = [
        json!({ "exp": NOW + 1 }),
        json!({ "exp": NOW }),
        json!({ "exp": null }),
        json!({ "exp": (NOW + 300).to_string() }),
        json!({ "exp": -1 }),
        json!({ "exp": 0 }),
        json!({ "exp": i64::MIN }),
        json!({ "exp": i64::MAX }),
        json!({ "exp": u64::MAX }),
        json!({ "exp": 1e300 }),
        json!({ "exp": true }),
        json!({ "exp": [NOW + 300] }),
        // A fraction is allowed (RFC 7519, section 2), and rounded to the strict side.
        json!({ "exp": NOW as f64 + 1.9 }),
        json!({ "exp": NOW as f64 + 0.9 }),
    ];
    let expected = [
        "alice",
        "expired",
        "claim_missing",
        "claim_type",
        "expired",
        "expired",
        "expired",
        "lifetime_too_long",
        "lifetime_too_long",
        "lifetime_too_long",
        "claim_type",
        "claim_type",
        "alice",
        "expired",
    ];
    assert_eq!(results(&changes).await, expected);
}

#[tokio::test]
async fn numbers_outside_of_json_are_malformed() {
    let world = World::new().await;
    for exp in ["1e999", "NaN", "Infinity", "0x7fffffff", "01", "1.", "+1", "--1"] {
        let claims = world.claims().to_string().replace(&format!("\"exp\":{}", NOW + 300), &format!("\"exp\":{exp}"));
        let result = world.verify(&world.signer.sign(&world.signer.header().to_string(), &claims)).await;
        assert!(result.is_err(), "{exp}");
    }
}

#[tokio::test]
async fn times_are_checked() {
    let changes = [
        json!({ "iat": NOW + 60 }),
        json!({ "iat": NOW + 61 }),
        json!({ "nbf": NOW + 60 }),
        json!({ "nbf": NOW + 61 }),
        json!({ "iat": null }),
        json!({ "iat": "now" }),
        json!({ "iat": NOW - 86_100 }),
        json!({ "iat": NOW - 86_101 }),
        json!({ "iat": null, "exp": NOW + 86_400 }),
        json!({ "iat": null, "exp": NOW + 86_401 }),
    ];
    let expected = [
        "alice",
        "issued_in_future",
        "alice",
        "not_yet_valid",
        "alice",
        "claim_type",
        "alice",
        "lifetime_too_long",
        "alice",
        "lifetime_too_long",
    ];
    assert_eq!(results(&changes).await, expected);
}

#[tokio::test]
async fn other_claims_have_their_types() {
    let changes = [
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": 7 }),
        json!({ "jti": null, "client_id": null }),
        json!({ "client_id": 7 }),
        json!({ "cnf": { "jkt": "x" } }),
        json!({ "scope": 7 }),
        json!({ "scope": null }),
    ];
    let expected = [
        "claim_missing",
        "claim_type",
        "claim_type",
        "alice",
        "claim_type",
        "cnf_without_proof",
        "claim_type",
        "alice",
    ];
    assert_eq!(results(&changes).await, expected);
}

#[tokio::test]
async fn the_issuer_is_found_in_any_spelling_and_only_once() {
    let world = World::new().await;
    let header = world.signer.header().to_string();
    let iss = world.server.url();
    let claims = world.claims().to_string();
    let escaped = claims.replace(&iss, &iss.replace('/', "\\/").replace('h', "\\u0068"));
    assert_ne!(claims, escaped);
    // With known keys and while they are fetched, the token takes two ways.
    assert_eq!(world.subject(&world.signer.sign(&header, &escaped)).await, Ok("alice".to_owned()));
    assert_eq!(world.subject(&world.signer.sign(&header, &escaped)).await, Ok("alice".to_owned()));
    // The first one selects the keys; after the signature, the second one is a duplicate.
    let twice = claims.replacen('{', &format!("{{\"iss\":\"{iss}\","), 1);
    assert_eq!(world.subject(&world.signer.sign(&header, &twice)).await, Err("claims_duplicate".to_owned()));
    // An issuer inside of another claim selects nothing.
    let nested = signer::with(world.claims(), json!({ "iss": null, "a": { "iss": iss } }));
    assert!(world.subject(&world.signer.token(&nested)).await.is_err());
}
