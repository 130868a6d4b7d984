use serde_json::json;

use super::{http::Answer, person::Person, server::Server};

async fn refresh(server: &Server, token: &str) -> Answer {
    server.post("/auth/refresh").json(&json!({ "refresh_token": token })).send().await
}

async fn refresh_by_form(server: &Server, token: &str) -> Answer {
    server.post("/auth/token").form(&[("grant_type", "refresh_token"), ("refresh_token", token)]).send().await
}

#[tokio::test]
async fn a_refresh_token_has_one_successor() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;

    let first = refresh(&server, &alice.refresh_token).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-store"), "{first:?}");
    let successor = first.json()["refresh_token"].as_str().unwrap().to_owned();
    let second = refresh_by_form(&server, &successor).await;
    assert_eq!((second.status, second.header("cache-control")), (200, "no-store"), "{second:?}");
    let token = second.json()["access_token"].as_str().unwrap().to_owned();
    let me = server.get("/auth/me").bearer(&token).send().await;
    assert_eq!((me.status, me.json()["id"].as_str()), (200, Some(alice.id.as_str())));

    // The answer might have been lost, so for some seconds the server repeats it.
    let again = refresh(&server, &alice.refresh_token).await;
    assert_eq!((again.status, again.json()["refresh_token"].as_str()), (200, Some(successor.as_str())));
    // Another program should not have the token, so the session ends.
    let thief = server.post("/auth/refresh").header("user-agent", "another");
    thief
        .json(&json!({ "refresh_token": alice.refresh_token }))
        .send()
        .await
        .assert_problem(401, "invalid-credentials");
    refresh(&server, second.json()["refresh_token"].as_str().unwrap()).await.assert_problem(401, "invalid-credentials");
    server.get("/auth/me").bearer(&token).send().await.assert_problem(401, "invalid-token");
}

#[tokio::test]
async fn a_crash_loses_no_refresh_token_and_doubles_none() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let successor = refresh(&server, &alice.refresh_token).await.json()["refresh_token"].as_str().unwrap().to_owned();
    let server = server.crash_and_restart();
    let again = refresh(&server, &alice.refresh_token).await;
    assert_eq!((again.status, again.json()["refresh_token"].as_str()), (200, Some(successor.as_str())));
    assert_eq!(refresh(&server, &successor).await.status, 200);
}

#[tokio::test]
async fn texts_that_are_no_refresh_tokens_get_the_same_answer() {
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
