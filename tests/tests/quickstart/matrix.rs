use serde_json::json;

use super::{person::Person, server::Server};

/// For each printed row, the statuses of a well-formed request by four callers: an anonymous one, a stranger, an
/// administrator and the note's owner. The owner comes last, because the owner's `DELETE` removes the note.
const EXPECTED: [(&str, &str, [u16; 4]); 32] = [
    ("GET", "/health", [200, 200, 200, 200]),
    ("GET", "/notes", [401, 200, 200, 200]),
    ("POST", "/notes", [401, 201, 201, 201]),
    ("GET", "/notes/{id}", [401, 403, 200, 200]),
    ("DELETE", "/notes/{id}", [401, 403, 403, 204]),
    ("GET", "/admin/notes", [401, 403, 200, 403]),
    ("GET", "/healthz", [200, 200, 200, 200]),
    ("GET", "/readyz", [200, 200, 200, 200]),
    ("POST", "/auth/register", [422, 422, 422, 422]),
    ("POST", "/auth/login", [422, 422, 422, 422]),
    ("POST", "/auth/session", [403, 403, 403, 403]),
    ("POST", "/auth/token", [400, 400, 400, 400]),
    ("POST", "/auth/refresh", [422, 422, 422, 422]),
    ("POST", "/auth/revoke", [400, 400, 400, 400]),
    ("POST", "/auth/introspect", [401, 403, 403, 403]),
    ("POST", "/auth/reauthenticate", [401, 422, 422, 422]),
    ("POST", "/auth/logout", [401, 204, 204, 204]),
    ("POST", "/auth/logout/all", [401, 204, 204, 204]),
    ("GET", "/auth/sessions", [401, 200, 200, 200]),
    ("DELETE", "/auth/sessions", [401, 204, 204, 204]),
    ("DELETE", "/auth/sessions/{id}", [401, 404, 404, 404]),
    ("POST", "/auth/password", [401, 422, 422, 422]),
    ("POST", "/auth/password/forgot", [422, 422, 422, 422]),
    ("POST", "/auth/password/reset", [422, 422, 422, 422]),
    ("POST", "/auth/email/verify", [422, 422, 422, 422]),
    ("POST", "/auth/email/send-verification", [401, 501, 501, 501]),
    ("GET", "/auth/me", [401, 200, 200, 200]),
    ("GET", "/auth/api-keys", [401, 200, 200, 200]),
    ("POST", "/auth/api-keys", [401, 422, 422, 422]),
    ("POST", "/auth/api-keys/{id}/rotate", [401, 404, 404, 404]),
    ("DELETE", "/auth/api-keys/{id}", [401, 404, 404, 404]),
    ("GET", "/.well-known/jwks.json", [200, 200, 200, 200]),
];

#[tokio::test]
async fn every_row_of_the_printed_matrix_is_enforced() {
    let server = Server::behind_proxy();
    let stranger = Person::join(&server, "bob").await;
    let admin = Person::join_as_admin(&server, "root").await;
    let owner = Person::join(&server, "alice").await;
    let names = ["bob", "root", "alice"];
    let note = server.post("/notes").bearer(&owner.token).json(&json!({ "text": "mine" })).send().await.json();

    let mut rows = printed_rows(server.greeting());
    // Comes last, because it ends all sessions of the three users.
    rows.sort_by_key(|(_, path)| *path == "/auth/logout/all");
    for (number, (method, path)) in rows.into_iter().enumerate() {
        let expected = EXPECTED.iter().find(|row| (row.0, row.1) == (method, path));
        let (_, _, statuses) = expected.unwrap_or_else(|| panic!("{method} {path} is not expected"));
        // Each user signs in once more to sign out. The first session goes on.
        let mut leaving = Vec::new();
        if path.starts_with("/auth/logout") {
            for name in names {
                leaving.push(Person::sign_in(&server, name).await);
            }
        }
        let callers = match leaving.as_slice() {
            [bob, root, alice] => [None, Some(bob), Some(root), Some(alice)],
            _ => [None, Some(&stranger), Some(&admin), Some(&owner)],
        };
        for (caller, expected) in callers.into_iter().zip(statuses) {
            let mut call = server.call(method, &path.replace("{id}", &note["id"].to_string()));
            // Each row uses another address, so that limits by address do not interfere. Other tests cover those.
            call = call.from(&format!("192.0.2.{number}"));
            if let Some(person) = caller {
                call = call.bearer(&person.token);
            }
            if method == "POST" {
                let body = if path == "/notes" { json!({ "text": "text" }) } else { json!({}) };
                call = call.json(&body);
            }
            let answer = call.send().await;
            assert_eq!(answer.status, *expected, "{method} {path}: {answer:?}");
            if *expected == 401 {
                let scope = match path {
                    "/auth/introspect" => {
                        assert_eq!(answer.json()["error"], "invalid_client");
                        ", scope=\"auth:introspect\""
                    }
                    _ => {
                        answer.assert_problem(401, "unauthenticated");
                        ""
                    }
                };
                let challenge = format!("Bearer realm=\"api\"{scope}");
                assert_eq!(answer.header("www-authenticate"), challenge, "{method} {path}");
            }
        }
    }
}

#[test]
fn the_matrix_shows_every_route_once() {
    let server = Server::start();
    let mut rows = printed_rows(server.greeting());
    let mut expected: Vec<_> = EXPECTED.iter().map(|(method, path, _)| (*method, *path)).collect();
    rows.sort_unstable();
    expected.sort_unstable();
    assert_eq!(rows, expected);
}

/// Returns the method and the path of each row.
fn printed_rows(greeting: &str) -> Vec<(&str, &str)> {
    let table = greeting.lines().skip_while(|line| !line.starts_with("METHOD")).skip(1);
    let rows = table.take_while(|line| !line.trim().is_empty());
    rows.map(|row| row.split_whitespace().collect::<Vec<_>>()).map(|words| (words[0], words[1])).collect()
}
