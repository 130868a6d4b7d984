use auth_runtime::{
    Auth,
    testing::TestIdentity,
    token::{KeyRing, SigningKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{http::Answer, person::Person, server::Server};

/// Creates an issuer with the server's own key.
fn twin(server: &Server) -> Auth {
    let key = SigningKey::from_secret(&server.secret().into()).unwrap();
    let keys = KeyRing::builder().sign_with(key).build().unwrap();
    Auth::builder().keys(keys).issuer("auth-runtime").audience("auth-runtime").build().unwrap()
}

async fn me(server: &Server, token: &str) -> Answer {
    server.get("/auth/me").bearer(token).send().await
}

#[tokio::test]
async fn all_invalid_tokens_get_one_answer() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let auth = twin(&server);
    let identity = || TestIdentity::user(&alice.id);
    assert_eq!(me(&server, &identity().token(&auth)).await.status, 200, "the twin is the server's equal");

    let forged = [
        ("expired", identity().expired().token(&auth)),
        ("for another audience", identity().wrong_audience().token(&auth)),
        ("from another issuer", identity().wrong_issuer().token(&auth)),
        ("signed by another key", identity().forged().token(&auth)),
        ("of nobody", TestIdentity::user("nobody").token(&auth)),
        ("unsigned", unsigned(&alice.token, "none")),
        ("unsigned in capitals", unsigned(&alice.token, "NONE")),
        ("unsigned in any case", unsigned(&alice.token, "nOnE")),
        ("with other claims", with_claims(&alice.token, |claims| claims.replace(&alice.id, "someone-else"))),
        ("with its signature cut off", alice.token.rsplit_once('.').unwrap().0.to_owned() + "."),
        ("with a segment less", alice.token.rsplit_once('.').unwrap().0.to_owned()),
        ("with a segment more", alice.token.clone() + ".x"),
        ("oversized", "a".repeat(12 * 1024)),
        ("oversized in three segments", format!("{}.{}.{}", "a".repeat(6_000), "a".repeat(6_000), "a".repeat(43))),
        ("no token at all", "x".to_owned()),
    ];
    let expected = me(&server, "x").await;
    let challenge = expected.header("www-authenticate");
    assert!(challenge.contains("error=\"invalid_token\"") && challenge.contains("error_description="), "{challenge}");
    for (what, token) in &forged {
        let answer = me(&server, token).await;
        answer.assert_problem(401, "invalid-token");
        assert_eq!(answer.fingerprint(), expected.fingerprint(), "{what}");
    }
    assert_eq!(me(&server, &alice.token).await.status, 200);
    let log = server.into_log();
    for (what, token) in &forged {
        assert!(token.len() < 20 || !log.contains(token), "{what}: the token is in the log");
    }
}

/// Returns the same claims under a header that asks for no signature.
fn unsigned(token: &str, algorithm: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}","typ":"at+jwt"}}"#));
    format!("{header}.{}.", token.split('.').nth(1).unwrap())
}

fn with_claims(token: &str, change: impl FnOnce(String) -> String) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let changed = change(claims.clone());
    assert_ne!(changed, claims);
    format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(changed), parts[2])
}

#[tokio::test]
async fn one_credential_in_one_place() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;

    let doubled = server.get("/auth/me").bearer(&alice.token).bearer(&alice.token).send().await;
    let both = server.get(&format!("/auth/me?access_token={}", alice.token)).bearer(&alice.token).send().await;
    let mixed = server.get("/auth/me").bearer(&alice.token).header("authorization", "Basic YTpi").send().await;
    for answer in [doubled, both, mixed] {
        answer.assert_problem(400, "invalid-request");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\", error=\"invalid_request\"");
    }
    let in_query = server.get(&format!("/auth/me?access_token={}", alice.token)).send().await;
    in_query.assert_problem(401, "unauthenticated");
    assert_eq!(in_query.header("www-authenticate"), "Bearer realm=\"api\"");
    let log = server.into_log();
    assert!(!log.contains(&alice.token), "{log}");
}

#[tokio::test]
async fn malformed_credentials_are_refused_and_other_schemes_are_none() {
    let server = Server::start();
    for field in ["Bearer", "Bearer ", "Bearer a b", "Bearer \"a\"", "Bearer a,b", "Bearer caf\u{e9}"] {
        let answer = server.get("/notes").header("authorization", field).send().await;
        answer.assert_problem(400, "invalid-request");
    }
    for field in ["Basic YTpi", "Digest x", "", "bearerx a"] {
        server.get("/notes").header("authorization", field).send().await.assert_problem(401, "unauthenticated");
    }
    let alice = Person::join(&server, "alice").await;
    for scheme in ["bearer", "BEARER", "Bearer "] {
        let answer = server.get("/notes").header("authorization", &format!("{scheme} {}", alice.token)).send().await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
}
