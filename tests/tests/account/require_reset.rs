//! Hashes that are never verified: the event says why and what to do, and an administrator marks the account.

use auth_runtime::{account::AdministrationError, store::NewAccount};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{
    failing::Flaky,
    mailbox::every_store_with_mail,
    world::{PASSWORD, World, defaults, events, every_store},
};

const MD5: &str = "canary5f4dcc3b5aa765d61d8327deb8";

async fn import(world: &World, name: &str, hash: &str) -> String {
    let new = NewAccount::new(name, format!("{name}@example.org"), SecretString::from(hash));
    world.accounts.accounts().create(new).await.unwrap().id
}

#[tokio::test]
async fn the_event_names_the_account_and_the_advice_and_never_the_hash() {
    let world = World::in_memory(defaults);
    for (name, hash, reason) in [
        ("md5", "5f4dcc3b5aa765d61d8327deb882cf99", "it is a single round of MD5"),
        ("sha1", "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "it is a single round of SHA-1"),
        ("plain", "canary password", "it looks like plain text"),
        ("cut", "$2b$10$canary", "it is malformed"),
        (
            "costly",
            "$2b$31$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy",
            "more work or memory than the ceilings",
        ),
        ("other", MD5, "it is not of a scheme that is verified here"),
    ] {
        let id = import(&world, name, hash).await;
        for password in [hash, "password", "canary password"] {
            world.login(name, password).await.assert_problem(401, "invalid-credentials");
        }
        let events = events();
        let told: Vec<_> = events.lines().filter(|line| line.contains(&id) && line.contains("unreadable")).collect();
        assert_eq!(told.len(), 3, "{name}");
        for line in told {
            assert!(line.contains(reason) && line.contains("Administration::require_reset"), "{line}");
            assert!(!line.contains(hash), "{line}");
        }
    }
}

#[tokio::test]
async fn a_marked_account_is_signed_out_and_signs_in_after_a_reset() {
    every_store_with_mail(async |world, mailbox| {
        let id = import(&world, "alice", "5f4dcc3b5aa765d61d8327deb882cf99").await;
        world.administration().require_reset(&id).await.unwrap();
        assert!(world.account("alice").await.password_hash.expose_secret().starts_with('!'));
        for password in ["password", "!", "!reset-required"] {
            assert_eq!(world.login("alice", password).await.status, 401);
        }
        let forgotten = json!({ "email": "alice@example.org" });
        assert_eq!(world.json("/auth/password/forgot", &forgotten).await.status, 202);
        let reset = json!({ "token": mailbox.next("reset").await.token, "new_password": PASSWORD });
        assert_eq!(world.json("/auth/password/reset", &reset).await.status, 204);
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn marking_ends_sessions_and_works_at_any_hash() {
    every_store(async |world| {
        world.register("alice", PASSWORD).await;
        let token = world.login("alice", PASSWORD).await.json()["access_token"].as_str().unwrap().to_owned();
        let id = world.account("alice").await.id;
        for _ in 0..2 {
            world.administration().require_reset(&id).await.unwrap();
        }
        assert_eq!(world.me(&token).await.status, 401);
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
        assert!(matches!(world.administration().require_reset("nobody").await, Err(AdministrationError::Unknown)));
    })
    .await;
}

/// If any call of the store fails, the method returns an error. Calling it again completes the work.
#[tokio::test]
async fn marking_again_completes_an_interrupted_mark() {
    for call in 0..6 {
        let (world, store) = Flaky::world();
        world.register("alice", PASSWORD).await;
        let id = world.account("alice").await.id;
        store.fail_at(call);
        assert!(world.administration().require_reset(&id).await.is_err(), "{call}");
        world.administration().require_reset(&id).await.unwrap();
        assert_eq!(world.login("alice", PASSWORD).await.status, 401);
    }
}
