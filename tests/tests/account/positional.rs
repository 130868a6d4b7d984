//! A body is an object with named members. An array of the values in order is refused like any other wrong form.

use serde_json::{Value, json};

use super::world::{PASSWORD, World, every_store, post};

/// Returns each endpoint that takes JSON, with a valid body and the same values as an array.
fn bodies(refresh_token: &str) -> Vec<(&'static str, Value, Value)> {
    let new = "a gravel path, 7 steps";
    vec![
        (
            "/auth/register",
            json!({ "username": "bob", "email": "bob@example.org", "password": new }),
            json!(["bob", "bob@example.org", new]),
        ),
        (
            "/auth/login",
            json!({ "username": "alice", "password": PASSWORD, "device": null }),
            json!(["alice", PASSWORD, null]),
        ),
        (
            "/auth/session",
            json!({ "username": "alice", "password": PASSWORD, "device": null }),
            json!(["alice", PASSWORD, null]),
        ),
        ("/auth/refresh", json!({ "refresh_token": refresh_token }), json!([refresh_token])),
        ("/auth/reauthenticate", json!({ "password": PASSWORD }), json!([PASSWORD])),
        (
            "/auth/api-keys",
            json!({ "name": "deploy", "scopes": [], "expires_in_days": 30, "limit": null }),
            json!(["deploy", [], 30, null]),
        ),
        ("/auth/api-keys/x/rotate", json!({ "overlap_hours": 1 }), json!([1])),
        ("/auth/password/forgot", json!({ "email": "alice@example.org" }), json!(["alice@example.org"])),
        (
            "/auth/password/reset",
            json!({ "token": "x", "new_password": new, "revoke_api_keys": false }),
            json!(["x", new, false]),
        ),
        ("/auth/email/verify", json!({ "token": "x" }), json!(["x"])),
        (
            "/auth/password",
            json!({ "current_password": PASSWORD, "new_password": new, "revoke_api_keys": false }),
            json!([PASSWORD, new, false]),
        ),
    ]
}

#[tokio::test]
async fn an_array_does_not_sign_in_and_changes_nothing() {
    every_store(async |world| {
        world.join("alice", &[]).await;
        let tokens = world.login("alice", PASSWORD).await;
        let access = tokens.text("access_token");
        let ask = async |path: &str, body: &Value| {
            let request = post(path, "application/json").header("sec-fetch-site", "same-origin");
            let request = match path {
                "/auth/api-keys" | "/auth/api-keys/x/rotate" | "/auth/password" | "/auth/reauthenticate" => {
                    request.header("authorization", format!("Bearer {access}"))
                }
                _ => request,
            };
            world.send(request, body.to_string()).await
        };
        let bodies = bodies(&tokens.text("refresh_token"));
        for (path, _, array) in &bodies {
            let refused = ask(path, array).await;
            refused.assert_problem(422, "invalid-body");
            assert_eq!(refused.json()["errors"], not_an_object(""), "{path}");
        }
        // The arrays had no effect, and the endpoints read the same values as objects.
        for (path, object, _) in &bodies {
            let answer = ask(path, object).await;
            let is_understood = answer.status != 422 || answer.json()["errors"][0]["pointer"] != "";
            assert!(is_understood && answer.status < 500 || answer.status == 501, "{path}: {answer:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_array_inside_a_body_is_refused_and_pointed_at() {
    let world = World::in_memory(super::world::defaults);
    world.join("alice", &["notes:read"]).await;
    let token = world.login("alice", PASSWORD).await.text("access_token");
    let key = |limit: Value| json!({ "name": "deploy", "scopes": ["notes:read"], "limit": limit });
    let refused = world.json_as(&token, "/auth/api-keys", &key(json!([10, 60]))).await;
    refused.assert_problem(422, "invalid-body");
    assert_eq!(refused.json()["errors"], not_an_object("/limit"));
    let limit = json!({ "count": 10, "per_seconds": 60 });
    assert_eq!(world.json_as(&token, "/auth/api-keys", &key(limit)).await.status, 201);
    // `deny_unknown_fields` cannot be bypassed by another form.
    let misspelled = json!({ "name": "deploy", "scopes": ["notes:read"], "expires_in_day": 1 });
    world.json_as(&token, "/auth/api-keys", &misspelled).await.assert_problem(422, "invalid-body");
}

fn not_an_object(pointer: &str) -> Value {
    let expected = json!({ "expected": "an object" });
    json!([{ "pointer": pointer, "code": "type", "message": "must be an object", "params": expected }])
}
