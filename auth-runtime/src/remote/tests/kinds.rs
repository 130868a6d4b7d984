//! Other kinds of tokens are no access tokens.

use serde_json::{Value, json};

use super::{signer::with, world::World};
use crate::remote::TokenType;

async fn result(world: &World, typ: Option<&str>, changes: Value) -> Result<String, String> {
    let mut header = world.signer.header();
    match typ {
        Some(typ) => header["typ"] = json!(typ),
        None => drop(header.as_object_mut().unwrap().remove("typ")),
    }
    world.subject(&world.signer.sign(&header.to_string(), &with(world.claims(), changes).to_string())).await
}

#[tokio::test]
async fn by_default_the_header_says_that_it_is_an_access_token() {
    let world = World::new().await;
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/at+jwt"] {
        assert_eq!(result(&world, Some(typ), json!({})).await, Ok("alice".to_owned()), "{typ}");
    }
    for typ in
        [None, Some("JWT"), Some(""), Some("application/"), Some("dpop+jwt"), Some("logout+jwt"), Some("at+jwt ")]
    {
        assert_eq!(result(&world, typ, json!({})).await, Err("typ_not_access_token".to_owned()), "{typ:?}");
    }
}

#[tokio::test]
async fn with_plain_types_the_claims_say_so() {
    let world = World::with(|issuer| issuer.token_type(TokenType::Jwt)).await;
    let accepted = [
        json!({}),
        json!({ "scope": null, "client_id": null, "scp": "a" }),
        json!({ "scope": null, "client_id": null, "appid": "web" }),
        json!({ "scope": null, "client_id": null, "typ": "Bearer", "azp": "web" }),
        json!({ "scope": null, "client_id": null, "token_use": "access" }),
        // Keycloak has put the nonce into both tokens.
        json!({ "typ": "Bearer", "nonce": "n" }),
    ];
    for claims in accepted {
        for typ in [None, Some("JWT"), Some("jwt"), Some("at+jwt")] {
            assert_eq!(result(&world, typ, claims.clone()).await, Ok("alice".to_owned()), "{typ:?} {claims}");
        }
    }
    let refused = [
        json!({ "scope": null, "client_id": null }),
        json!({ "scope": null, "client_id": null, "azp": "web" }),
        json!({ "typ": "ID" }),
        json!({ "typ": "Refresh" }),
        json!({ "typ": "Logout" }),
        json!({ "typ": "Bearer", "token_use": "id" }),
        json!({ "token_use": "id" }),
        json!({ "typ": "" }),
        json!({ "typ": 7 }),
        json!({ "nonce": "n" }),
        json!({ "at_hash": "h" }),
        json!({ "c_hash": "h" }),
        json!({ "events": {} }),
    ];
    for claims in refused {
        assert_eq!(
            result(&world, Some("JWT"), claims.clone()).await,
            Err("typ_not_access_token".to_owned()),
            "{claims}"
        );
    }
    assert!(result(&world, Some("logout+jwt"), json!({})).await.is_err());
}

#[tokio::test]
async fn an_id_token_for_this_service_is_refused() {
    let world = World::with(|issuer| issuer.token_type(TokenType::Jwt)).await;
    let id_token = json!({
        "scope": null, "client_id": null, "azp": "api", "auth_time": super::signer::NOW, "at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng",
        "email": "alice@example.com", "sid": "s",
    });
    assert_eq!(result(&world, Some("JWT"), id_token.clone()).await, Err("typ_not_access_token".to_owned()));
    assert_eq!(result(&world, None, id_token).await, Err("typ_not_access_token".to_owned()));
}

/// Some programs write members without a value into every token.
#[tokio::test]
async fn a_claim_that_is_null_makes_no_access_token() {
    let world = World::with(|issuer| issuer.token_type(TokenType::Jwt)).await;
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "k1" }).to_string();
    let id_token = with(world.claims(), json!({ "scope": null, "client_id": null, "azp": "api" })).to_string();
    let adding = |member: &str| world.signer.sign(&header, &id_token.replacen('{', &format!("{{{member},"), 1));
    assert!(world.verify(&adding(r#""scope":"a""#)).await.is_ok());
    for name in ["scope", "scp", "azpacr", "gty", "client_id", "appid", "typ", "token_use"] {
        assert!(world.verify(&adding(&format!("\"{name}\":null"))).await.is_err(), "{name}");
    }
    for name in ["nonce", "at_hash", "c_hash", "events"] {
        let token = adding(&format!(r#""scope":"a","{name}":null"#));
        assert_eq!(world.subject(&token).await, Err("typ_not_access_token".to_owned()), "{name}");
    }
}
