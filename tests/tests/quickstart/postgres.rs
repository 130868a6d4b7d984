//! `DATABASE_URL` moves everything to PostgreSQL, without another change.

use std::time::Instant;

use auth_tests::postgres::database;
use serde_json::{Value, json};

use super::{
    http::Answer,
    person::{PASSWORD, Person, login, register},
    server::Server,
};

#[tokio::test]
async fn both_databases_give_the_same_answers() {
    let Some(url) = database("quickstart_same").await else { return };
    let on_sqlite = session_of_requests(Server::start()).await;
    let on_postgres = session_of_requests(Server::start_with(&[("DATABASE_URL", &url)])).await;
    assert_eq!(on_postgres, on_sqlite);
}

#[tokio::test]
async fn two_processes_share_accounts_sessions_and_notes() {
    let Some(url) = database("quickstart_shared").await else { return };
    let settings = [
        ("DATABASE_URL", &*url),
        ("SECRET_KEY", "a secret of thirty-two characters"),
        ("ISSUER", "http://test"),
        ("AUDIENCE", "test"),
        ("ENVIRONMENT", "development"),
    ];
    let (one, other) = (Server::start_with(&settings), Server::start_with(&settings));
    let alice = Person::join(&one, "alice").await;
    assert_eq!(register(&other, "alice").await.status, 409);
    assert_eq!(notes_of(&other, &alice).await.status, 200, "a token of the other process");

    let refresh = json!({ "refresh_token": alice.refresh_token });
    let (first, second) = tokio::join!(
        one.post("/auth/refresh").json(&refresh).send(),
        other.post("/auth/refresh").json(&refresh).send()
    );
    assert_eq!([first.status, second.status], [200, 200], "a retry gets the same successor");
    assert_eq!(first.json()["refresh_token"], second.json()["refresh_token"]);

    let out = one.post("/auth/logout/all").bearer(&alice.token).send().await;
    assert_eq!(out.status, 204, "{out:?}");
    notes_of(&one, &alice).await.assert_problem(401, "invalid-token");
    // The other process learns of it within `revocation_delay`.
    for _ in 0..60 {
        if notes_of(&other, &alice).await.status == 401 {
            return;
        }
        tokio::time::sleep(core::time::Duration::from_millis(100)).await;
    }
    panic!("the other process accepts the token after six seconds");
}

#[tokio::test]
async fn two_processes_share_the_counters_of_limits() {
    let Some(url) = database("limits").await else { return };
    let settings = [
        ("DATABASE_URL", &*url),
        ("SECRET_KEY", "a secret of thirty-two characters"),
        ("ISSUER", "http://test"),
        ("AUDIENCE", "test"),
        ("ENVIRONMENT", "development"),
    ];
    let (one, other) = (Server::start_with(&settings), Server::start_with(&settings));
    let mut admitted = Vec::new();
    // On a machine under load, the database can take longer than requests wait. The process then counts alone for a
    // second, so that one try proves nothing.
    for name in ["alice", "bob", "carol"] {
        let person = Person::join(&one, name).await;
        let started = Instant::now();
        assert!(written(&one, &person).await >= 5);
        admitted.push(written(&other, &person).await);
        // The bucket refills in the meantime, by one in twelve seconds.
        if admitted.last() <= Some(&(started.elapsed().as_secs() / 12)) {
            return;
        }
    }
    panic!("{admitted:?} were admitted by the second process");
}

/// Writes notes until the limit refuses, and returns how many were written.
async fn written(server: &Server, who: &Person) -> u64 {
    let mut written = 0;
    while server.post("/notes").bearer(&who.token).json(&json!({ "text": "x" })).send().await.status == 201 {
        written += 1;
    }
    written
}

/// Registers, signs in, writes, reads, restarts and ends. Returns each answer's status and the names in its body.
async fn session_of_requests(server: Server) -> Vec<String> {
    let mut answers = vec![
        told(&register(&server, "alice").await),
        told(&register(&server, "ALICE").await),
        told(&register(&server, "bob").await),
        told(&login(&server, "alice", "wrong horse battery").await),
        told(&login(&server, "alice@example.org", PASSWORD).await),
    ];
    let (alice, bob) = (Person::sign_in(&server, "alice").await, Person::sign_in(&server, "bob").await);
    for text in ["first", "it's \"mine\"; DROP TABLE notes --", "a \u{1F98A} and ü"] {
        answers.push(told(&server.post("/notes").bearer(&alice.token).json(&json!({ "text": text })).send().await));
    }
    let notes = notes_of(&server, &alice).await;
    answers.push(format!("{:?}", texts(&notes.json())));
    answers.push(told(&notes_of(&server, &bob).await));
    let path = format!("/notes/{}", notes.json()[0]["id"]);
    for (method, who) in [("GET", &alice), ("GET", &bob), ("DELETE", &bob), ("DELETE", &alice), ("GET", &alice)] {
        answers.push(told(&server.call(method, &path).bearer(&who.token).send().await));
    }

    let server = server.crash_and_restart();
    answers.push(format!("{:?}", texts(&notes_of(&server, &alice).await.json())));
    let refresh = json!({ "refresh_token": alice.refresh_token });
    answers.push(told(&server.post("/auth/refresh").json(&refresh).send().await));
    let granted = server.run(&["grant", "bob", "admin"]);
    answers.push(String::from_utf8(granted.stdout).unwrap());
    let admin = Person::sign_in(&server, "bob").await;
    answers.push(told(&server.get("/admin/notes").bearer(&admin.token).send().await));
    answers.push(told(&server.post("/auth/logout/all").bearer(&admin.token).send().await));
    answers.push(told(&server.get("/admin/notes").bearer(&admin.token).send().await));
    answers
}

async fn notes_of(server: &Server, who: &Person) -> Answer {
    server.get("/notes").bearer(&who.token).send().await
}

fn texts(notes: &Value) -> Vec<&str> {
    notes.as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap()).collect()
}

fn told(answer: &Answer) -> String {
    let body = if answer.body.is_empty() { Value::Null } else { answer.json() };
    let names: Vec<_> = body.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
    format!("{} {names:?} {}", answer.status, body["code"])
}
