use serde_json::{Value, json};

use super::{
    person::{PASSWORD, register, registration},
    server::Server,
};

#[tokio::test]
async fn a_good_registration_answers_with_the_profile_alone() {
    let server = Server::start();
    let opened = register(&server, "alice").await;
    assert_eq!((opened.status, opened.header("content-type")), (201, "application/json"));
    assert_eq!(opened.header("cache-control"), "no-store");
    let profile = opened.json();
    assert_eq!((&profile["username"], &profile["email"]), (&json!("alice"), &json!("alice@example.org")));
    assert_eq!(
        (&profile["roles"], &profile["superuser"], &profile["active"]),
        (&json!([]), &json!(false), &json!(true))
    );
    assert!(!opened.body.contains("argon2") && !opened.body.contains(PASSWORD), "{opened:?}");
    let log = server.into_log();
    assert!(!log.contains(PASSWORD), "{log}");
}

#[tokio::test]
async fn every_fault_is_reported_with_a_pointer_and_without_the_value() {
    let server = Server::start();
    let cases: [(Value, &[&str]); 12] = [
        (json!({ "username": "ab" }), &["/username"]),
        (json!({ "username": "x".repeat(51) }), &["/username"]),
        (json!({ "username": "a b" }), &["/username"]),
        (json!({ "username": "<script>" }), &["/username"]),
        (json!({ "email": "canary" }), &["/email"]),
        (json!({ "email": "a@b@c" }), &["/email"]),
        (json!({ "email": "a@example.org\r\nBcc: x@example.org" }), &["/email"]),
        (json!({ "password": "seven77" }), &["/password"]),
        (json!({ "password": "password" }), &["/password"]),
        (json!({ "password": "alice@example.org" }), &["/password"]),
        (json!({ "password": "canary".repeat(200) }), &["/password"]),
        (json!({ "username": "", "email": "", "password": "" }), &["/username", "/email", "/password"]),
    ];
    for (changes, pointers) in cases {
        let mut body = registration("alice");
        body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = server.post("/auth/register").json(&body).send().await;
        answer.assert_problem(422, "invalid-body");
        let errors = answer.json()["errors"].clone();
        let mut found: Vec<_> =
            errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        found.dedup();
        assert_eq!(found, pointers, "{changes}: {answer:?}");
        assert!(!answer.body.contains("canary") && !answer.body.contains("<script>"), "{answer:?}");
    }
    assert_eq!(register(&server, "alice").await.status, 201, "one of the bad ones opened an account");
}

#[tokio::test]
async fn a_body_of_the_wrong_form_is_refused_with_a_pointer() {
    let server = Server::start();
    let cases = [
        (json!({ "username": "alice", "email": "alice@example.org" }), "/password", "missing"),
        (json!({ "username": 7, "email": "alice@example.org", "password": PASSWORD }), "/username", "type"),
        (json!({ "username": "alice", "email": ["alice@example.org"], "password": PASSWORD }), "/email", "type"),
        (json!({ "username": "alice", "email": "alice@example.org", "password": null }), "/password", "type"),
        (json!([]), "", "type"),
        (json!("alice"), "", "type"),
        (json!(null), "", "type"),
    ];
    for (body, pointer, code) in cases {
        let answer = server.post("/auth/register").json(&body).send().await;
        answer.assert_problem(422, "invalid-body");
        let error = &answer.json()["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!(pointer), &json!(code)), "{body}: {answer:?}");
    }
    let twice = r#"{"username":"alice","username":"root","email":"a@example.org","password":"correct horse battery"}"#;
    server.post("/auth/register").body("application/json", twice).send().await.assert_problem(422, "invalid-body");
}

#[tokio::test]
async fn a_taken_name_or_address_is_refused_in_any_case_and_as_either() {
    let server = Server::start();
    assert_eq!(register(&server, "Alice").await.status, 201);
    let cases = [
        ("alice", "other@example.org", "/username"),
        ("ALICE", "other@example.org", "/username"),
        ("bob", "ALICE@EXAMPLE.ORG", "/email"),
        ("alice", "alice@example.org", "/username"),
    ];
    for (username, email, pointer) in cases {
        let body = json!({ "username": username, "email": email, "password": PASSWORD });
        let answer = server.post("/auth/register").json(&body).send().await;
        answer.assert_problem(409, "taken");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{answer:?}");
    }
}

#[tokio::test]
async fn registrations_cannot_set_a_role() {
    let server = Server::start();
    let mut body = registration("mallory");
    let more = json!({ "roles": ["admin"], "scopes": ["all"], "superuser": true, "id": "1", "active": false, "is_admin": true });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = server.post("/auth/register").json(&body).send().await;
    answer.assert_problem(422, "invalid-body");
    assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(6), "{answer:?}");
    assert_eq!(register(&server, "mallory").await.status, 201, "the refused request opened no account");
    let mallory = super::person::Person::sign_in(&server, "mallory").await;
    server.get("/admin/notes").bearer(&mallory.token).send().await.assert_problem(403, "forbidden");
}
