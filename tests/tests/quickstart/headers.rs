use serde_json::json;
use sqlx::{SqlitePool, sqlite::SqliteConnectOptions};

use super::{http::assert_hardened, person::Person, server::Server};

/// One answer of each status that a client can cause, and the one of a failing database.
#[tokio::test]
async fn every_answer_has_the_headers_for_browsers() {
    let server = Server::start_with(&[("MAX_BODY_BYTES", "1024")]);
    let (alice, mallory) = (Person::join(&server, "alice").await, Person::join(&server, "mallory").await);
    let note = json!({ "text": "buy milk" });
    let with = |method: &str, path: &str| server.call(method, path).bearer(&alice.token);
    let add = || with("POST", "/notes").json(&note).send();
    let mut answers = vec![
        (200, server.get("/health").send().await),
        (201, add().await),
        (200, with("GET", "/notes").send().await),
        (401, server.get("/notes").send().await),
        (403, server.get("/notes/1").bearer(&mallory.token).send().await),
        (404, server.get("/nowhere").send().await),
        (405, server.call("PUT", "/notes").send().await),
        (413, with("POST", "/notes").json(&json!({ "text": "x".repeat(70_000) })).send().await),
        (415, with("POST", "/notes").body("text/plain", "x").send().await),
        (422, server.post("/auth/register").json(&json!({})).send().await),
    ];
    // The handler takes 64 KiB, for every default of the service. The large body and the one of a wrong type have
    // used two of the five.
    for _ in 0..2 {
        answers.push((201, add().await));
    }
    answers.push((429, add().await));
    let database = SqliteConnectOptions::new().filename(server.folder().join("quickstart.db"));
    let database = SqlitePool::connect_with(database).await.unwrap();
    sqlx::raw_sql("DROP TABLE notes").execute(&database).await.unwrap();
    answers.push((503, with("GET", "/notes").send().await));
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_hardened(&answer, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }
}

#[tokio::test]
async fn a_request_for_another_host_is_not_answered() {
    let server = Server::start();
    let request = "GET /health HTTP/1.1\r\nhost: evil.example\r\n\r\n";
    let answer = super::http::send_bytes(server.address(), request.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 421 ") && answer.contains("x-request-id: "), "{answer}");
}
