use std::time::Instant;

use serde_json::json;

use super::{
    http::Answer,
    person::{PASSWORD, Person, login, register, registration},
    server::Server,
};

#[tokio::test]
async fn five_notes_a_minute_and_no_more() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let write =
        async |who: &Person| server.post("/notes").bearer(&who.token).json(&json!({ "text": "x" })).send().await;

    let started = Instant::now();
    let mut admitted = 0;
    let refused = loop {
        let answer = write(&alice).await;
        if answer.status != 201 {
            break answer;
        }
        admitted += 1;
        assert!(answer.header("ratelimit-policy").contains(";q=5;w=60"), "{answer:?}");
        assert!(answer.header("ratelimit").contains(";r="), "{answer:?}");
    };
    // On a slow machine the bucket refills in the meantime, by one in twelve seconds.
    assert!((5..=5 + started.elapsed().as_secs() / 12).contains(&admitted), "{admitted} were admitted");
    refused.assert_problem(429, "quota-exceeded");
    assert!((1..=12).contains(&retry_after(&refused)), "{refused:?}");
    assert!(refused.header("ratelimit").contains(";r=0"), "{refused:?}");
    assert!(refused.header("ratelimit-policy").contains(";q=5;w=60"), "{refused:?}");

    let bob = Person::join(&server, "bob").await;
    assert_eq!(write(&bob).await.status, 201, "one user's limit is not another's");
    assert_eq!(server.get("/notes").bearer(&alice.token).send().await.status, 200, "reading has no limit");
}

#[tokio::test]
async fn an_address_registers_twenty_times_a_minute_despite_forwarded_headers() {
    let server = Server::start();
    let mut statuses = Vec::new();
    for number in 0..22 {
        // The body is bad, so that no password is hashed. The server does not trust the header.
        let call = server.post("/auth/register").json(&json!({})).from(&format!("192.0.2.{number}"));
        statuses.push(call.send().await.status);
    }
    assert_eq!(statuses[..20], [422; 20]);
    assert!(statuses[20..].contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn guessing_one_password_from_many_addresses_is_limited() {
    let server = Server::behind_proxy();
    assert_eq!(register(&server, "alice").await.status, 201);
    for name in ["alice", "nobody"] {
        let mut statuses = Vec::new();
        for number in 0..11 {
            let body = json!({ "username": name, "password": "wrong password" });
            let from = format!("192.0.2.{number}");
            statuses.push(server.post("/auth/login").json(&body).from(&from).send().await.status);
        }
        assert_eq!(statuses[..10], [401; 10], "{name}");
        assert_eq!(statuses[10], 429, "{name}");
    }

    login(&server, "alice", PASSWORD).await.assert_problem(429, "quota-exceeded");
    let form = [("grant_type", "password"), ("username", "ALICE"), ("password", PASSWORD)];
    let token = server.post("/auth/token").form(&form).send().await;
    assert_eq!((token.status, token.header("cache-control")), (429, "no-store"), "{token:?}");
    assert!(retry_after(&token) >= 1 && token.json()["error"].is_string(), "{token:?}");
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let server = Server::behind_proxy();
    for number in 0..25 {
        let call = server.post("/auth/register").json(&json!({})).from(&format!("192.0.2.{number}"));
        assert_eq!(call.send().await.status, 422, "{number}");
    }
    let body = registration("alice");
    // The address that the client claims is further left.
    let mut statuses = Vec::new();
    for number in 0..22 {
        let from = format!("203.0.113.{number}, 198.51.100.7");
        statuses.push(server.post("/auth/register").json(&body).from(&from).send().await.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

fn retry_after(answer: &Answer) -> u64 {
    answer.header("retry-after").parse().unwrap_or_else(|_| panic!("{answer:?}"))
}
