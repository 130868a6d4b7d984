//! `DATABASE_URL` moves everything to PostgreSQL, without another change.

use std::time::{Duration, Instant};

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
    let (one, other) = (start(&url), start(&url));
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
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the other process accepts the token after six seconds");
}

/// How long a sign-out may take to reach the other processes.
const AT_ONCE: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_out_at_one_process_is_pushed_to_two_others() {
    let Some(url) = database("quickstart_sign_out").await else { return };
    let servers = [start(&url), start(&url), start(&url)];
    let stays = Person::join(&servers[0], "alice").await;
    let mut times = Vec::new();
    for number in 0..6 {
        let leaves = Person::sign_in(&servers[number % 3], "alice").await;
        for server in &servers {
            assert_eq!(notes_of(server, &leaves).await.status, 200);
        }
        let (one, others) = (&servers[number % 3], [&servers[(number + 1) % 3], &servers[(number + 2) % 3]]);
        let out = one.post("/auth/logout").bearer(&leaves.token).send().await;
        assert_eq!(out.status, 204, "{out:?}");
        let ended = Instant::now();
        notes_of(one, &leaves).await.assert_problem(401, "invalid-token");
        for other in others {
            times.push(refused_after(other, &leaves, ended).await);
            let refresh = json!({ "refresh_token": leaves.refresh_token });
            assert_eq!(other.post("/auth/refresh").json(&refresh).send().await.status, 401);
            assert_eq!(notes_of(other, &stays).await.status, 200, "another session of the user goes on");
        }
    }
    // Without pushes, a process asks every five seconds: one of five sign-outs would be as fast by chance. The first
    // ones may come before the processes listen, and a machine under load may be late once.
    let late = times.iter().skip(2).filter(|time| **time > AT_ONCE).count();
    assert!(late <= 2, "{times:?}");
}

/// Asks until the token is refused, and returns the time since then.
async fn refused_after(server: &Server, who: &Person, ended: Instant) -> Duration {
    while notes_of(server, who).await.status != 401 {
        assert!(ended.elapsed() < Duration::from_secs(7), "the token is accepted for longer than `revocation_delay`");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    ended.elapsed()
}

#[tokio::test]
async fn two_processes_share_the_counters_of_limits() {
    let Some(url) = database("limits").await else { return };
    let (one, other) = (start(&url), start(&url));
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

/// Starts a process of a service that shares this database.
fn start(url: &str) -> Server {
    Server::start_with(&[
        ("DATABASE_URL", url),
        ("SECRET_KEY", "a secret of thirty-two characters"),
        ("ISSUER", "http://test"),
        ("AUDIENCE", "test"),
        ("ENVIRONMENT", "development"),
    ])
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
