use std::{collections::HashSet, sync::Arc};

use serde_json::json;
use tokio::task::JoinSet;

use super::{
    http::Answer,
    person::{PASSWORD, Person, login},
    server::Server,
};

/// Runs the calls at once, each from its own address.
async fn at_once<F: Future<Output = Answer> + Send + 'static>(calls: impl Iterator<Item = F>) -> Vec<Answer> {
    let mut running = JoinSet::new();
    calls.for_each(|call| drop(running.spawn(call)));
    running.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_registrations_of_one_name_wins() {
    let server = Arc::new(Server::behind_proxy());
    let passwords: Vec<_> = (0..24).map(|number| format!("password of number {number}")).collect();
    let answers = at_once(passwords.clone().into_iter().enumerate().map(|(number, password)| {
        let body = json!({ "username": "alice", "email": format!("a{number}@example.org"), "password": password });
        server.post("/auth/register").json(&body).from(&format!("192.0.2.{number}")).send()
    }))
    .await;
    assert_eq!(count(&answers, 201), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert!(matches!(answer.status, 409 | 503), "{answer:?}");
    }

    // The profile names the winner, and only the winner's password is the account's.
    let profile = answers.iter().find(|answer| answer.status == 201).unwrap().json();
    let winner = (0..24).find(|number| profile["email"] == format!("a{number}@example.org")).unwrap();
    assert_eq!(login(&server, "alice", &passwords[winner]).await.status, 200);
    assert_eq!(login(&server, "alice", &passwords[(winner + 1) % 24]).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_logins_is_answered_and_the_server_stays_correct() {
    let server = Arc::new(Server::behind_proxy());
    let alice = Person::join(&server, "alice").await;
    let answers = at_once((0..80).map(|number| {
        // Few attempts for each name, so that the limit of one account does not interfere.
        let (name, password) =
            if number % 8 == 0 { ("alice".to_owned(), PASSWORD) } else { (format!("nobody{number}"), "wrong") };
        let body = json!({ "username": name, "password": password });
        server.post("/auth/login").json(&body).from(&format!("192.0.2.{number}")).send()
    }))
    .await;
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 401 | 429 | 503), "{answer:?}");
        if answer.status == 503 {
            answer.assert_problem(503, "unavailable");
        }
    }
    assert!(count(&answers, 200) >= 1 && count(&answers, 200) <= 10, "{answers:?}");

    assert_eq!(server.get("/health").send().await.status, 200);
    assert_eq!(server.get("/notes").bearer(&alice.token).send().await.status, 200);
    let log = Arc::into_inner(server).expect("every request has ended").into_log();
    assert!(!log.contains("panicked") && !log.contains(PASSWORD), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_uses_of_one_refresh_token_at_once_give_one_successor() {
    let server = Arc::new(Server::behind_proxy());
    let alice = Person::join(&server, "alice").await;
    let answers = at_once((0..32).map(|number| {
        let body = json!({ "refresh_token": alice.refresh_token });
        server.post("/auth/refresh").json(&body).from(&format!("192.0.2.{number}")).send()
    }))
    .await;
    assert_eq!(count(&answers, 200), 32, "{answers:?}");
    let successors: HashSet<_> = answers.iter().map(|answer| answer.json()["refresh_token"].to_string()).collect();
    assert_eq!(successors.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_any_load_five_notes_a_minute_are_admitted() {
    let server = Arc::new(Server::start());
    let alice = Person::join(&server, "alice").await;
    let started = std::time::Instant::now();
    let answers =
        at_once((0..40).map(|_| server.post("/notes").bearer(&alice.token).json(&json!({ "text": "x" })).send())).await;
    let most = 5 + usize::try_from(started.elapsed().as_secs() / 12).unwrap();
    assert!((5..=most).contains(&count(&answers, 201)), "{answers:?}");
    assert_eq!(count(&answers, 201) + count(&answers, 429), 40, "{answers:?}");
    let notes = server.get("/notes").bearer(&alice.token).send().await.json();
    assert_eq!(notes.as_array().unwrap().len(), count(&answers, 201), "every admitted note was written");
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}
