use serde_json::json;

use super::world::{PASSWORD, every_store};

#[tokio::test]
async fn further_members_of_a_registration_have_no_effect() {
    every_store(async |world| {
        let body = json!({
            "username": "mallory", "email": "mallory@example.org", "password": PASSWORD,
            "id": "1", "roles": ["admin"], "scopes": ["all"], "active": false, "superuser": true,
            "is_superuser": true, "password_hash": "$argon2id$", "created_at": 0, "__proto__": { "superuser": true },
        });
        let answer = world.json("/auth/register", &body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let account = world.account("mallory").await;
        assert!(account.active && !account.superuser && account.roles.is_empty() && account.scopes.is_empty());
        assert_ne!(account.id, "1");
        assert_eq!(account.created_at.as_seconds(), 1_800_000_000);
        assert_eq!(answer.json(), serde_json::to_value(account.profile()).unwrap());
        assert_eq!(world.login("mallory", PASSWORD).await.status, 200, "the password is the one that was sent");
    })
    .await;
}

#[tokio::test]
async fn a_name_or_address_is_taken_once_in_every_spelling() {
    every_store(async |world| {
        world.join("Alice", &[]).await;
        for (username, email, pointer) in [
            ("aLICE", "other@example.org", "/username"),
            ("bob", "Alice@Example.org", "/email"),
            ("alice", "alice@example.org", "/username"),
        ] {
            let body = json!({ "username": username, "email": email, "password": PASSWORD });
            let answer = world.json("/auth/register", &body).await;
            answer.assert_problem(409, "taken");
            assert_eq!(answer.json()["errors"], json!([{ "pointer": pointer, "message": "is taken" }]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_password_with_the_name_in_it_is_refused_without_being_repeated() {
    every_store(async |world| {
        for password in ["alice", "Alice@example.org", "password", "12345678", "short"] {
            let answer = world.register("alice", password).await;
            answer.assert_problem(422, "invalid-body");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/password");
            assert!(!answer.body.contains(&format!("\"{password}\"")), "{answer:?}");
        }
    })
    .await;
}
