use axum::http::Request;
use serde_json::json;

use super::world::{PASSWORD, World, defaults, every_store, post};

const MISSING_LOGIN: &str = "The username or the password is missing.";
const UNSUPPORTED: &str = "The grant type is neither password nor refresh_token.";

#[tokio::test]
async fn errors_are_those_of_rfc_6749_word_for_word() {
    let cases = [
        ("", "invalid_request", "The grant_type is missing."),
        ("grant_type=", "invalid_request", "The grant_type is missing."),
        ("username=alice&password=x", "invalid_request", "The grant_type is missing."),
        ("grant_type=client_credentials", "unsupported_grant_type", UNSUPPORTED),
        ("grant_type=PASSWORD&username=alice&password=x", "unsupported_grant_type", UNSUPPORTED),
        ("grant_type=password", "invalid_request", MISSING_LOGIN),
        ("grant_type=password&username=alice", "invalid_request", MISSING_LOGIN),
        ("grant_type=password&username=alice&password=", "invalid_request", MISSING_LOGIN),
        ("grant_type=password&username=&password=x", "invalid_request", MISSING_LOGIN),
        ("grant_type=password&username=alice&password=wrong", "invalid_grant", "The credentials are not valid."),
        ("grant_type=password&username=nobody&password=x", "invalid_grant", "The credentials are not valid."),
        ("grant_type=refresh_token", "invalid_request", "The refresh_token is missing."),
        ("grant_type=refresh_token&refresh_token=", "invalid_request", "The refresh_token is missing."),
        ("grant_type=refresh_token&refresh_token=x", "invalid_grant", "The credentials are not valid."),
        ("grant_type=%ff", "unsupported_grant_type", UNSUPPORTED),
    ];
    every_store(async |world| {
        world.join("alice", &[]).await;
        for (form, error, description) in cases {
            world.token(form).await.assert_oauth_error(400, error, description);
        }
    })
    .await;
}

#[tokio::test]
async fn a_parameter_given_twice_is_refused_also_if_empty_or_unknown() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let good = "grant_type=password&username=alice&password=correct+horse+battery";
    assert_eq!(world.token(good).await.status, 200);
    assert_eq!(world.token(&format!("{good}&more=1")).await.status, 200, "unknown parameters are ignored");
    for twice in
        ["&grant_type=password", "&password=x", "&username=bob", "&scope=&scope=", "&more=1&more=2", "&%75sername=bob"]
    {
        let answer = world.token(&format!("{good}{twice}")).await;
        answer.assert_oauth_error(400, "invalid_request", "A parameter is given twice.");
    }
}

#[tokio::test]
async fn an_empty_parameter_is_an_omitted_one() {
    let world = World::in_memory(defaults);
    world.join("alice", &["notes:read"]).await;
    let tokens =
        world.token("grant_type=password&username=alice&password=correct+horse+battery&scope=&client_id=").await;
    assert_eq!((tokens.status, tokens.text("scope")), (200, "notes:read".to_owned()));
    // Without a `client_id`, the client is the first-party client, and the JSON endpoint acts for that client.
    assert_eq!(world.refresh(&tokens.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn a_form_with_very_many_parameters_is_answered() {
    let world = World::in_memory(defaults);
    let form: String = (0..200_000).map(|number| format!("{number:x}=&")).collect();
    world.token(&form).await.assert_oauth_error(400, "invalid_request", "The grant_type is missing.");
}

#[tokio::test]
async fn the_password_grant_is_off_unless_turned_on() {
    let world = World::in_memory(|builder| defaults(builder).allow_password_grant(false));
    world.join("alice", &[]).await;
    let description = "The password grant is turned off.";
    for password in ["correct+horse+battery", "wrong"] {
        let form = format!("grant_type=password&username=alice&password={password}");
        world.token(&form).await.assert_oauth_error(400, "unauthorized_client", description);
    }
    let tokens = world.login("alice", PASSWORD).await;
    let form = format!("grant_type=refresh_token&refresh_token={}", tokens.text("refresh_token"));
    assert_eq!(world.token(&form).await.status, 200, "refreshing stays on");
}

#[tokio::test]
async fn only_a_posted_form_is_looked_at() {
    let world = World::in_memory(defaults);
    world.join("alice", &[]).await;
    let query = "/auth/token?grant_type=password&username=alice&password=correct+horse+battery";
    let description = "The grant_type is missing.";
    let answer = world.send(post(query, "application/x-www-form-urlencoded"), "").await;
    answer.assert_oauth_error(400, "invalid_request", description);

    let description = "The body must be application/x-www-form-urlencoded.";
    let body = json!({ "grant_type": "password", "username": "alice", "password": PASSWORD });
    world.json("/auth/token", &body).await.assert_oauth_error(400, "invalid_request", description);
    let untyped = world.send(Request::post("/auth/token"), "grant_type=password").await;
    untyped.assert_oauth_error(400, "invalid_request", description);
    let oversized = world.token(&"a".repeat(3 * 1024 * 1024)).await;
    assert_eq!((oversized.status, oversized.text("error").as_str()), (400, "invalid_request"));
}

/// `Answer::read` fails on an answer without `no-store`. This test reads the kinds of answers that no other test reads.
#[tokio::test]
async fn answers_of_the_endpoints_are_not_cached() {
    let world = World::in_memory(defaults);
    for path in ["/auth/register", "/auth/login", "/auth/refresh"] {
        assert_eq!(world.send(post(path, "application/json"), "{").await.status, 400, "{path}");
        assert_eq!(world.send(post(path, "text/plain"), "{}").await.status, 415, "{path}");
        assert_eq!(world.send(post(path, "application/json"), "{}").await.status, 422, "{path}");
        let oversized = "a".repeat(3 * 1024 * 1024);
        assert_eq!(world.send(post(path, "application/json"), oversized).await.status, 413, "{path}");
    }
    assert_eq!(world.send(Request::get("/auth/me"), "").await.status, 401);
    for (method, path) in [("GET", "/auth/token"), ("PUT", "/auth/login"), ("DELETE", "/auth/introspect")] {
        assert_eq!(world.send(Request::builder().method(method).uri(path), "").await.status, 405, "{path}");
    }
    assert_eq!(world.send(Request::head("/auth/sessions"), "").await.status, 401);
    let peer = super::world::fresh_address();
    let mut last = 0;
    for _ in 0..21 {
        last = world.send_from(peer, post("/auth/token", "text/plain"), "").await.status;
    }
    assert_eq!(last, 429, "a refusal by the guard");
}

#[tokio::test]
async fn long_texts_of_a_client_are_not_stored() {
    every_store(async |world| {
        let alice = world.join("alice", &["notes:read", "notes:write"]).await;
        let login = "grant_type=password&username=alice&password=correct+horse+battery";
        for client_id in ["x".repeat(256), "caf%C3%A9".to_owned(), "a%00b".to_owned(), "a%0Ab".to_owned()] {
            let answer = world.token(&format!("{login}&client_id={client_id}")).await;
            answer.assert_oauth_error(400, "invalid_request", "The client_id is none.");
        }
        assert_eq!(world.token(&format!("{login}&client_id={}", "~".repeat(255))).await.status, 200);
        world.clock.advance(std::time::Duration::from_secs(1));
        let scope = "notes%3Awrite+notes%3Aread+".repeat(1_000);
        let tokens = world.token(&format!("{login}&scope={scope}")).await;
        assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "notes:write notes:read"));
        let sessions = world.administration().sessions(&alice.id).await.unwrap();
        assert_eq!(sessions[0].scope, "notes:write notes:read");
    })
    .await;
}
