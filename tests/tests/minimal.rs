//! The `minimal` program as users run it: built, started in an empty folder, and called over HTTP.

use auth_tests::{http::assert_hardened, program::Running, read, root};
use serde_json::json;

/// Registers an account and returns an access token for it.
async fn token(server: &Running) -> String {
    let account = json!({ "username": "alice", "email": "alice@example.org", "password": "correct horse battery" });
    let opened = server.post("/auth/register").json(&account).send().await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let credentials = json!({ "username": "alice", "password": "correct horse battery" });
    let signed_in = server.post("/auth/login").json(&credentials).send().await;
    assert_eq!(signed_in.status, 200, "{signed_in:?}");
    signed_in.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_handler_is_guarded_as_it_declares() {
    let server = Running::start("minimal", &[]);
    let token = token(&server).await;

    let health = server.get("/health").send().await;
    assert_eq!((health.status, &*health.body), (200, ""), "{health:?}");
    for path in ["/me", "/report"] {
        server.get(path).send().await.assert_problem(401, "unauthenticated");
    }
    server.get("/report").bearer(&token).send().await.assert_problem(403, "forbidden");
    server.get("/no-such-page").bearer(&token).send().await.assert_problem(404, "not-found");

    for _ in 0..5 {
        let me = server.get("/me").bearer(&token).send().await;
        assert_eq!(me.status, 200, "{me:?}");
        assert!(me.body.starts_with("You are user "), "{me:?}");
    }
    server.get("/me").bearer(&token).send().await.assert_problem(429, "quota-exceeded");
}

#[tokio::test]
async fn every_answer_has_the_headers_for_browsers() {
    let server = Running::start("minimal", &[("MAX_BODY_BYTES", "1024")]);
    let token = token(&server).await;
    let get = |path: &str| server.get(path).bearer(&token);
    let mut answers = vec![
        (200, server.get("/health").send().await),
        (401, server.get("/me").send().await),
        (403, get("/report").send().await),
        (404, get("/no-such-page").send().await),
        (405, server.post("/me").send().await),
        (413, server.post("/auth/login").json(&json!({ "username": "x".repeat(2_000) })).send().await),
        (422, server.post("/auth/register").json(&json!({})).send().await),
    ];
    for status in [200, 200, 200, 200, 200, 429] {
        answers.push((status, get("/me").send().await));
    }
    for (status, answer) in answers {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_hardened(&answer, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }
}

#[test]
fn the_access_matrix_is_printed_before_the_first_request() {
    let server = Running::start("minimal", &[]);
    let rows: Vec<Vec<_>> = server.greeting().lines().map(|line| line.split_whitespace().collect()).collect();
    for (path, who) in [("/health", "everyone"), ("/me", "any"), ("/report", "role")] {
        assert!(rows.iter().any(|row| row.starts_with(&["GET", path, who])), "{path} in\n{}", server.greeting());
    }
    let signs_in = |row: &Vec<&str>| row.starts_with(&["POST", "/auth/login", "everyone"]);
    assert!(rows.iter().any(signs_in), "the account endpoints in\n{}", server.greeting());
}

#[test]
fn the_program_is_short_and_its_manifest_needs_no_workspace() {
    let folder = root().join("examples/minimal");
    let lines = read(&folder.join("src/main.rs")).lines().count();
    assert!(lines < 40, "{lines} lines do not fit into a README");
    assert!(!read(&folder.join("Cargo.toml")).contains("workspace"), "a new user has no workspace to inherit from");
}
