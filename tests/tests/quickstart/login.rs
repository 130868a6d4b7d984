use serde_json::json;

use super::{
    http::Answer,
    person::{PASSWORD, Person, login, register},
    server::Server,
};

#[tokio::test]
async fn user_name_and_address_sign_in_as_a_form_and_in_json() {
    let server = Server::start();
    let opened = register(&server, "alice").await.json();
    for name in ["alice", "ALICE", "alice@example.org", "Alice@Example.ORG"] {
        let form = [("grant_type", "password"), ("username", name), ("password", PASSWORD)];
        let answers = [server.post("/auth/token").form(&form).send().await, login(&server, name, PASSWORD).await];
        for answer in answers {
            assert_tokens(&answer);
            let token = answer.json()["access_token"].as_str().unwrap().to_owned();
            let me = server.get("/auth/me").bearer(&token).send().await;
            assert_eq!((me.status, me.json()), (200, opened.clone()), "{name}");
            assert_eq!(me.header("cache-control"), "no-store");
        }
    }
    for member in ["email", "login"] {
        let body = json!({ member: "alice@example.org", "password": PASSWORD });
        assert_tokens(&server.post("/auth/login").json(&body).send().await);
    }
}

fn assert_tokens(answer: &Answer) {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!((answer.header("cache-control"), answer.header("content-type")), ("no-store", "application/json"));
    let tokens = answer.json();
    let members: Vec<_> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["access_token", "expires_in", "refresh_token", "scope", "token_type"]);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_get_the_same_answer() {
    let server = Server::start();
    Person::join(&server, "alice").await;
    let mut forms = Vec::new();
    let mut bodies = Vec::new();
    for (name, password) in
        [("alice", "wrong password"), ("nobody", PASSWORD), ("alice", ""), ("alice@example.com", "x")]
    {
        bodies.push(login(&server, name, password).await);
        if !password.is_empty() {
            let form = [("grant_type", "password"), ("username", name), ("password", password)];
            forms.push(server.post("/auth/token").form(&form).send().await);
        }
    }
    for answer in &bodies {
        answer.assert_problem(401, "invalid-credentials");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.fingerprint(), bodies[0].fingerprint());
    }
    for answer in &forms {
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_grant")), "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.fingerprint(), forms[0].fingerprint());
    }
}

#[tokio::test]
async fn passwords_are_taken_byte_for_byte() {
    let server = Server::start();
    let password = " Ünï\u{1f511} two  spaces\u{0} and & = % + signs ";
    let body = json!({ "username": "alice", "email": "alice@example.org", "password": password });
    assert_eq!(server.post("/auth/register").json(&body).send().await.status, 201);
    assert_eq!(login(&server, "alice", password).await.status, 200);
    let form = [("grant_type", "password"), ("username", "alice"), ("password", password)];
    assert_eq!(server.post("/auth/token").form(&form).send().await.status, 200);
    for near in
        [password.trim(), &password.to_lowercase(), &password[..password.len() - 1], &password.replace('\0', "")]
    {
        login(&server, "alice", near).await.assert_problem(401, "invalid-credentials");
    }
}

#[tokio::test]
async fn a_refused_login_leaves_an_event_without_the_password() {
    let server = Server::start();
    Person::join(&server, "alice").await;
    login(&server, "alice", "canary-of-a-password").await.assert_problem(401, "invalid-credentials");
    let log = server.into_log();
    assert!(log.contains("refused") && log.contains("credentials"), "{log}");
    assert!(!log.contains("canary-of-a-password") && !log.contains(PASSWORD), "{log}");
}
