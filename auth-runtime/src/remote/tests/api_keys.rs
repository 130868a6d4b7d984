//! API keys of better-auth, with an operator's route that answers as the test says.

use core::time::Duration;

use axum::http::Request;
use serde_json::{Value, json};

use super::{
    server::{Answer, Server},
    sessions::at,
    signer::NOW,
};
use crate::{
    auth::Auth, authn::AuthnError, clock::manual::ManualClock, identity::Identity, policy::Via, remote::Issuer,
};

const KEY: &str = "OpZyeCQlPTnrVdJkXwLsHgFmBtUaIhRzEqYcDoNvKjMxWbSuAfGiQlTeRyPoZnCk";

async fn ask(server: &Server, auth: &Auth, document: &Value) -> Result<Identity, String> {
    server.set("/verify", Answer::Json(document.to_string()));
    find(auth, KEY).await
}

async fn find(auth: &Auth, key: &str) -> Result<Identity, String> {
    let request = Request::get("/").header("x-api-key", key).body(()).unwrap();
    match auth.authenticate(&request.into_parts().0).await {
        Ok(identity) => Ok(identity.unwrap()),
        Err(AuthnError::Invalid(reason)) => Err(reason.to_owned()),
        Err(AuthnError::Unavailable(error)) => Err(format!("503 after {:?}", error.retry_after())),
        Err(other) => panic!("{other}"),
    }
}

fn document() -> Value {
    json!({
        "valid": true, "error": null,
        "key": { "id": "k1", "referenceId": "u1", "permissions": { "files": ["read", "write"], "a b": ["c"] }, "expiresAt": null },
        "user": { "id": "u1", "name": "Ada", "email": "ada@example.com", "emailVerified": true, "role": "admin", "banned": false },
    })
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = document();
    change(&mut document);
    document
}

fn service(server: &Server) -> (Auth, ManualClock) {
    let clock = ManualClock::at(NOW);
    let issuer =
        Issuer::better_auth(server.url()).api_keys_at(format!("{}/verify", server.url()), "service-token".into());
    (Auth::builder().trust(issuer).clock(clock.clone()).build().unwrap(), clock)
}

#[tokio::test]
async fn a_key_has_its_permissions_and_no_roles() {
    let server = Server::start().await;
    let (auth, _) = service(&server);
    let identity = ask(&server, &auth, &document()).await.unwrap();
    assert_eq!((identity.subject(), identity.via(), identity.token_id()), ("u1", Via::API_KEY, Some("k1")));
    assert_eq!(identity.scopes().collect::<Vec<_>>(), ["files:read", "files:write"]);
    assert!(identity.roles().next().is_none() && identity.expires_at().is_none());
    let text = server.last_text();
    assert!(text.contains("\r\nauthorization: Bearer service-token\r\n"), "{text}");
    assert!(text.ends_with(&format!("\r\n\r\n{}", json!({ "key": KEY }))), "{text}");
}

#[tokio::test]
async fn a_key_is_remembered_for_seconds() {
    let server = Server::start().await;
    let (auth, clock) = service(&server);
    assert!(ask(&server, &auth, &document()).await.is_ok());
    clock.advance(Duration::from_secs(4));
    assert!(find(&auth, KEY).await.is_ok());
    assert_eq!(server.requests().len(), 1);
    clock.advance(Duration::from_secs(1));
    assert!(find(&auth, KEY).await.is_ok());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn bad_keys_and_owners_are_refused() {
    let server = Server::start().await;
    let banned = |expires: Value| {
        changed(|document| (document["user"]["banned"], document["user"]["banExpires"]) = (json!(true), expires))
    };
    for (document, expected) in [
        (json!({ "valid": false, "error": { "code": "INVALID_API_KEY" }, "key": null }), Err("api_key_unknown")),
        (banned(Value::Null), Err("user_banned")),
        (banned(json!(at(NOW))), Ok(())),
        (changed(|document| document["key"]["expiresAt"] = json!(at(NOW))), Err("api_key_expired")),
        (changed(|document| document["user"] = Value::Null), Err("api_key_owner_gone")),
        (changed(|document| drop(document.as_object_mut().unwrap().remove("user"))), Err("503 after None")),
        (changed(|document| document["user"]["id"] = json!("u2")), Err("503 after None")),
        (changed(|document| document["key"] = Value::Null), Err("503 after None")),
        (changed(|document| document["valid"] = json!("true")), Err("503 after None")),
        (changed(|document| document["key"]["permissions"] = json!("files:read")), Err("503 after None")),
        (json!([true, document()["key"], document()["user"]]), Err("503 after None")),
        (Value::Null, Err("503 after None")),
    ] {
        let (auth, _) = service(&server);
        let found = ask(&server, &auth, &document).await.map(drop);
        assert_eq!(found.as_ref().map_err(String::as_str), expected.as_ref().map_err(|reason| *reason), "{document}");
    }
}

#[tokio::test]
async fn a_key_that_is_used_too_often_concerns_no_other() {
    let server = Server::start().await;
    let (auth, _) = service(&server);
    let limited =
        json!({ "valid": false, "error": { "code": "RATE_LIMITED", "details": { "tryAgainIn": 2500 } }, "key": null });
    assert_eq!(ask(&server, &auth, &limited).await.err().as_deref(), Some("503 after Some(3)"));
    assert!(ask(&server, &auth, &document()).await.is_ok());
}

#[tokio::test]
async fn the_route_refuses_this_service_or_is_missing() {
    let server = Server::start().await;
    let (auth, _) = service(&server);
    for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Internal Server Error"] {
        server.set("/verify", Answer::Raw(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")));
        assert_eq!(find(&auth, KEY).await.err().as_deref(), Some("503 after None"), "{status}");
    }
    let asked = server.requests().len();
    for key in ["short", &"a".repeat(513)] {
        assert_eq!(find(&auth, key).await.err().as_deref(), Some("api_key_form"));
    }
    // A key is no bearer token of a session.
    assert_eq!(server.requests().len(), asked);
}

#[tokio::test]
async fn a_client_that_goes_on_with_a_limited_key_waits() {
    let server = Server::start().await;
    let (auth, _) = service(&server);
    let limited = json!({ "valid": false, "error": { "code": "RATE_LIMITED" }, "key": null });
    server.set("/verify", Answer::Json(limited.to_string()));
    let peer = axum::extract::ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 1], 1)));
    for number in 0..110 {
        let request = Request::get("/").header("x-api-key", KEY).extension(peer).body(()).unwrap();
        let refused = auth.authenticate(&request.into_parts().0).await.unwrap_err();
        assert_eq!(matches!(refused, AuthnError::Limited(_)), number >= 100, "{number}: {refused:?}");
    }
    assert_eq!(server.requests().len(), 100);
}

#[tokio::test]
async fn an_answer_about_another_key_is_an_outage() {
    let server = Server::start().await;
    let (auth, _) = service(&server);
    for (start, is_of_it) in [(json!("OpZyeC"), true), (Value::Null, true), (json!("OpZyeD"), false)] {
        let document = changed(|document| document["key"]["start"] = start.clone());
        let (auth, _) = if is_of_it { service(&server) } else { (auth.clone(), ManualClock::at(NOW)) };
        let found = ask(&server, &auth, &document).await.map(|identity| identity.subject().to_owned());
        let expected = if is_of_it { Ok("u1".to_owned()) } else { Err("503 after None".to_owned()) };
        assert_eq!(found, expected, "{start}");
    }
}
