//! Tokens that a better-auth server made, and what an attacker would make of them.

use std::fs;

use serde_json::{Value, json};

use super::{
    server::{Answer, Server},
    signer::{NOW, Signer, with},
    world::{keys, verify},
};
use crate::{auth::Auth, clock::manual::ManualClock, identity::Identity, remote::Issuer};

const JWKS: &str = "/api/auth/jwks";

fn vectors() -> Value {
    let file = format!("{}/tests/vectors/better-auth.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn claims(token: &str) -> Value {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// Returns the caller of a token, or the reason of the refusal, a minute after its issue.
async fn verified(jwks: &Value, token: &str, change: impl FnOnce(Issuer) -> Issuer) -> Result<Identity, String> {
    let server = Server::start().await;
    server.set(JWKS, Answer::Json(jwks.to_string()));
    let (clock, vectors) = (ManualClock::at(claims(token)["iat"].as_i64().unwrap() + 60), vectors());
    let issuer = Issuer::better_auth(server.url()).jwt_issuer(vectors["issuer"].as_str().unwrap());
    let issuer = change(issuer.audience(vectors["audience"].as_str().unwrap()));
    verify(&Auth::builder().trust(issuer).clock(clock).build().unwrap(), token).await
}

#[tokio::test]
async fn its_jwts_are_verified() {
    for (name, vector) in vectors()["jwt"].as_object().unwrap() {
        let token = vector["token"].as_str().unwrap();
        let identity = verified(&vector["jwks"], token, |issuer| issuer).await;
        // aws-lc's verifier of ES512 is not used by this crate.
        if name == "ES512" {
            assert!(identity.is_err(), "{identity:?}");
            continue;
        }
        let (identity, claims) = (identity.unwrap(), claims(token));
        assert_eq!(
            (identity.subject(), identity.issuer()),
            (claims["sub"].as_str().unwrap(), "https://id.example.com")
        );
        assert!(identity.roles().eq(["user"]) && identity.session().is_none(), "{name}");
        let has_profile = name != "sessionClaims";
        let person = has_profile.then_some(("ada", "ada@example.com"));
        assert_eq!(identity.name().zip(identity.email()), person, "{name}");
        assert!(!identity.is_email_verified());
    }
}

#[tokio::test]
async fn its_other_tokens_are_no_jwts_of_people() {
    let vectors = vectors();
    for mode in ["jwt", "jwe", "jwks"] {
        let cookies = &vectors["cookies"][mode];
        let (_, data) = cookies["cookies"].as_str().unwrap().split_once("session_data=").unwrap();
        let data = data.split(';').next().unwrap();
        assert!(data.contains('.'), "{mode}: {data}");
        let server = Server::start().await;
        server.set(JWKS, Answer::Json(cookies["jwks"].to_string()));
        // Even where the cookie's own audience is trusted.
        let issuer = Issuer::better_auth(server.url()).jwt_issuer("https://id.example.com");
        let issuer = issuer.audience("https://api.example.com").audience("better-auth:session-cache");
        let auth = Auth::builder().trust(issuer).clock(ManualClock::at(1_795_767_900)).build().unwrap();
        assert!(verify(&auth, data).await.is_err(), "{mode}");
        assert!(!server.requests().iter().any(|path| path.contains("get-session")), "{mode}: it was sent as a session");
    }
}

#[tokio::test]
async fn forged_and_foreign_jwts_are_refused() {
    let vectors = vectors();
    let (one, two) = (&vectors["jwt"]["EdDSA"], &vectors["jwt"]["ES256"]);
    let token = one["token"].as_str().unwrap();
    let reason =
        async |jwks: &Value, token: &str, change: fn(Issuer) -> Issuer| verified(jwks, token, change).await.err();
    assert_eq!(reason(&two["jwks"], token, |issuer| issuer).await.as_deref(), Some("kid_unknown"));
    let other_issuer = |issuer: Issuer| issuer.jwt_issuer("https://other.example.com");
    assert!(reason(&one["jwks"], token, other_issuer).await.is_some());
    let slash = |issuer: Issuer| issuer.jwt_issuer("https://id.example.com/");
    assert!(reason(&one["jwks"], token, slash).await.is_some());
    let mut cut = token.to_owned();
    cut.truncate(token.len() - 3);
    assert!(reason(&one["jwks"], &cut, |issuer| issuer).await.is_some());
}

#[tokio::test]
async fn the_claims_of_a_jwt_are_a_persons() {
    let (server, signer) = (Server::start().await, Signer::new("k1"));
    server.set(JWKS, keys(&[signer.jwk()]));
    let auth = Auth::builder().trust(Issuer::better_auth(server.url())).clock(ManualClock::at(NOW)).build().unwrap();
    let good = json!({ "iss": server.url(), "aud": server.url(), "sub": "u1", "id": "u1", "iat": NOW, "exp": NOW + 900,
        "role": "user,admin", "email": "a@example.com", "emailVerified": true, "name": "A", "banned": false });
    let with_typ = |typ: &str, claims: &Value| {
        let mut header = signer.header();
        header["typ"] = json!(typ);
        signer.sign(&header.to_string(), &claims.to_string())
    };
    let identity = verify(&auth, &with_typ("JWT", &good)).await.unwrap();
    assert!(identity.roles().eq(["user", "admin"]) && identity.is_email_verified());
    for typ in ["at+jwt", "better-auth.session-cache+jwt", "logout+jwt", "secevent+jwt"] {
        assert_eq!(verify(&auth, &with_typ(typ, &good)).await.err().as_deref(), Some("typ_not_access_token"), "{typ}");
    }
    for (changes, reason) in [
        (json!({ "banned": true }), "user_banned"),
        (json!({ "banned": "false" }), "user_banned"),
        (json!({ "nonce": "n" }), "typ_not_access_token"),
        (json!({ "at_hash": "h" }), "typ_not_access_token"),
        (json!({ "events": {} }), "typ_not_access_token"),
        (json!({ "aud": "better-auth:session-cache" }), "aud_wrong"),
        (json!({ "aud": null }), "claim_missing"),
        (json!({ "sub": "" }), "claim_type"),
        (json!({ "sub": 1 }), "claim_type"),
        (json!({ "exp": NOW }), "expired"),
        // `expirationTime: 900` of better-auth is a time of 1970, and no duration.
        (json!({ "exp": 900 }), "expired"),
        (json!({ "exp": "never" }), "claim_type"),
        (json!({ "iat": NOW + 61 }), "issued_in_future"),
        (json!({ "role": { "admin": true } }), "claim_type"),
    ] {
        let token = with_typ("JWT", &with(good.clone(), changes.clone()));
        assert_eq!(verify(&auth, &token).await.err().as_deref(), Some(reason), "{changes}");
    }
    for role in [json!(null), json!("administrator"), json!("user admin"), json!("user,adminx"), json!("")] {
        let identity = verify(&auth, &with_typ("JWT", &with(good.clone(), json!({ "role": role })))).await.unwrap();
        assert!(!identity.has_role("admin"), "{role}");
    }
}
