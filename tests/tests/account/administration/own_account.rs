//! Administrators and their own accounts. What a person does by the endpoints for one's own account, with the password,
//! a session of an administrator does not do without.

use serde_json::{Value, json};

use super::staff::{Rank, assert_told, find, member, path, send, superuser};
use crate::account::world::{World, every_store};

#[tokio::test]
async fn ones_own_address_password_and_lock_are_not_changed_here() {
    every_store(async |world| {
        let root = superuser(&world, "root").await;
        let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
        for own in [&root, &admin] {
            let before = find(&world, &own.id).await.unwrap();
            for (method, what, body, operation) in [
                ("PUT", "/email", json!({ "email": "thief@example.org" }), "change_email"),
                ("POST", "/require-reset", Value::Null, "require_reset"),
                ("POST", "/unlock", Value::Null, "unlock"),
            ] {
                let answer = send(&world, &own.token, method, &path(&own.id, what), &body).await;
                answer.assert_problem(409, "own-account");
                assert!(answer.text("title").contains("with your password"), "{answer:?}");
                assert_told(&own.id, &own.id, operation, "outcome=\"refused\" reason=\"own_credential\"");
            }
            let after = find(&world, &own.id).await.unwrap();
            assert_eq!((after.email, after.updated_at), (before.email, before.updated_at));
            assert_eq!(world.me(&own.token).await.status, 200, "the session goes on");
        }
        // Another administrator does it.
        let email = json!({ "email": "other@example.org" });
        assert_eq!(send(&world, &root.token, "PUT", &path(&admin.id, "/email"), &email).await.status, 204);
        assert_eq!(send(&world, &root.token, "POST", &path(&admin.id, "/unlock"), &Value::Null).await.status, 204);
    })
    .await;
}

/// The thief of a session knows no password, and gets no more tries than anybody.
#[tokio::test]
async fn the_thief_of_an_administrators_session_does_not_end_the_lock_that_bounds_the_guesses() {
    let world = World::in_memory(|builder| crate::account::failures::few(crate::account::world::defaults(builder)));
    let admin = member(&world, "admin", &[Rank::Admin], &[]).await;
    let guess = json!({ "current_password": "a wrong password", "new_password": "another horse battery" });
    let mut guesses = 0;
    while world.json_as(&admin.token, "/auth/password", &guess).await.status == 403 {
        guesses += 1;
        assert!(guesses < 10, "the guesses are bounded");
        send(&world, &admin.token, "POST", &path(&admin.id, "/unlock"), &Value::Null).await;
    }
    assert_eq!(guesses, 3);
}
