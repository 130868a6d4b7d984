use serde_json::json;

use super::{
    http::send_bytes,
    person::{PASSWORD, Person},
    server::Server,
};

#[tokio::test]
async fn broken_bodies_are_refused_in_words() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    let broken =
        ["", "{", "{]", "nul", "{\"text\":\"canary\"", "{\"text\":\"a\"} trailing", "{'text':'a'}", "\u{feff}{}"];
    for body in broken {
        let answer = server.post("/notes").bearer(&alice.token).body("application/json", body).send().await;
        // The limit of this handler counts bad bodies too.
        if answer.status != 429 {
            answer.assert_problem(400, "bad-request");
            assert!(!answer.body.contains("canary"), "{answer:?}");
        }
        for path in ["/auth/refresh", "/auth/login"] {
            server.post(path).body("application/json", body).send().await.assert_problem(400, "bad-request");
        }
    }
    for body in [json!({}), json!({ "text": 7 }), json!([1]), json!(null)] {
        server.post("/auth/refresh").json(&body).send().await.assert_problem(422, "invalid-body");
    }
}

#[tokio::test]
async fn deep_nesting_does_not_exhaust_the_stack() {
    let server = Server::start();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = server.post("/auth/login").body("application/json", deep.clone()).send().await;
    assert!(matches!(answer.status, 400 | 422), "{answer:?}");
    let ignored = format!("{{\"more\":{deep},\"username\":\"alice\",\"password\":\"x\"}}");
    let answer = server.post("/auth/login").body("application/json", ignored).send().await;
    answer.assert_problem(422, "invalid-body");
    assert_eq!(server.get("/health").send().await.status, 200);
}

#[tokio::test]
async fn the_content_type_is_looked_at() {
    let server = Server::start();
    let body = json!({ "username": "alice", "password": PASSWORD }).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "", "json", "multipart/form-data; boundary=x"]
    {
        let answer = server.post("/auth/login").body(media_type, body.clone()).send().await;
        answer.assert_problem(415, "unsupported-media-type");
    }
    let answer = server.post("/auth/login").body("application/json; charset=utf-8", body).send().await;
    answer.assert_problem(401, "invalid-credentials");

    let json = server.post("/auth/token").json(&json!({ "grant_type": "password" })).send().await;
    assert_eq!((json.status, &json.json()["error"]), (400, &json!("invalid_request")), "{json:?}");
    assert_eq!(json.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_unknown_path_parameter_is_a_bad_request_after_the_credential() {
    let server = Server::start();
    let alice = Person::join(&server, "alice").await;
    for id in ["x", "1.5", "-", "99999999999999999999", "%00", "%ff", "..%2f..%2fetc%2fpasswd", "1%3BDROP"] {
        let path = format!("/notes/{id}");
        server.get(&path).send().await.assert_problem(401, "unauthenticated");
        server.get(&path).bearer(&alice.token).send().await.assert_problem(400, "bad-request");
    }
    let negative = server.get("/notes/-1").bearer(&alice.token).send().await;
    negative.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn unknown_routes_and_methods_say_so() {
    let server = Server::start();
    server.get("/nowhere").send().await.assert_problem(404, "not-found");
    let answer = server.call("PUT", "/notes").send().await;
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    answer.assert_problem(405, "method-not-allowed");
}

#[tokio::test]
async fn an_oversized_body_is_refused_whether_or_not_it_says_so() {
    let server = Server::start();
    let head = "POST /auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    // One byte more than axum accepts.
    let body = " ".repeat(2 * 1024 * 1024 + 1);
    let announced = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n", body.len());
    for request in [announced, chunked] {
        let answer = send_bytes(server.address(), request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("application/problem+json"), "{answer}");
    }
    assert_eq!(server.get("/health").send().await.status, 200);
}

#[tokio::test]
async fn anonymous_callers_are_refused_before_their_body_is_read() {
    let server = Server::start();
    let never_sent =
        "POST /notes HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n";
    let answer = send_bytes(server.address(), never_sent.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test]
async fn oversized_heads_and_garbage_do_not_end_the_server() {
    let server = Server::start();
    let long = format!("GET /health HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n", "a".repeat(1024 * 1024));
    let answer = send_bytes(server.address(), long.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let answer = send_bytes(server.address(), b"\x16\x03\x01\x00\x00 not http\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(server.get("/health").send().await.status, 200);
    let log = server.into_log();
    assert!(!log.contains("panicked"), "{log}");
}
