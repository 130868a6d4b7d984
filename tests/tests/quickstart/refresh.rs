use serde_json::json;

use super::{http::Answer, person::Person, server::Server};

async fn refresh(server: &Server, token: &str) -> Answer {
    server.post("/auth/refresh").json(&json!({ "refresh_token": token })).send().await
}

async fn refresh_by_form(server: &Server, token: &str) -> Answer {
    server.post("/auth/token").form(&[("grant_type", "refresh_token"), ("refresh_token", token)]).send().await
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;

    let first = refresh(&server, &alice.refresh_token).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-store"), "{first:?}");
    let second = refresh_by_form(&server, first.json()["refresh_token"].as_str().unwrap()).await;
    assert_eq!((second.status, second.header("cache-control")), (200, "no-store"), "{second:?}");
    let token = second.json()["access_token"].as_str().unwrap().to_owned();
    let me = server.get("/auth/me").bearer(&token).send().await;
    assert_eq!((me.status, me.json()["id"].as_str()), (200, Some(alice.id.as_str())));

    refresh(&server, &alice.refresh_token).await.assert_problem(401, "invalid-credentials");
    let replayed = refresh_by_form(&server, &alice.refresh_token).await;
    assert_eq!((replayed.status, &replayed.json()["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_used_refresh_token_stays_used_after_a_crash() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let successor = refresh(&server, &alice.refresh_token).await.json()["refresh_token"].as_str().unwrap().to_owned();
    let server = server.crash_and_restart();
    refresh(&server, &alice.refresh_token).await.assert_problem(401, "invalid-credentials");
    assert_eq!(refresh(&server, &successor).await.status, 200);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_all_the_same() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let unknown = "A".repeat(43);
    let expected = refresh(&server, &unknown).await;
    expected.assert_problem(401, "invalid-credentials");
    for token in ["", "x", &alice.token, &format!("{}=", alice.refresh_token), &"A".repeat(10_000)] {
        assert_eq!(refresh(&server, token).await.fingerprint(), expected.fingerprint(), "{token}");
    }
    assert_eq!(refresh(&server, &alice.refresh_token).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    server.get("/auth/me").bearer(&alice.refresh_token).send().await.assert_problem(401, "invalid-token");
}
