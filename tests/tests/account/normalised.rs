//! One password, however a keyboard composes its characters.

use auth_runtime::store::NewAccount;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::world::{World, every_store};

const COMPOSED: &str = "correct h\u{f6}rse battery";
const DECOMPOSED: &str = "correct ho\u{308}rse battery";

/// The hash of [`DECOMPOSED`] as received, by argon2-cffi 25.1.0. This crate made the same hashes before it normalised.
const OF_DECOMPOSED: &str =
    "$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$0Y7LaLhsZ/mwvKvT0MNdviYS9I6WBKkMt8obIcqrXnM";

async fn hash(world: &World) -> String {
    world.account("alice").await.password_hash.expose_secret().to_owned()
}

#[tokio::test]
async fn a_password_set_on_one_keyboard_is_accepted_from_another() {
    every_store(async |world| {
        for (name, set, typed) in [("alice", COMPOSED, DECOMPOSED), ("bob", DECOMPOSED, COMPOSED)] {
            assert_eq!(world.register(name, set).await.status, 201);
            for password in [set, typed] {
                assert_eq!(world.login(name, password).await.status, 200, "{name} {password}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_hash_opens_by_the_text_that_made_it_and_is_normalised_then() {
    every_store(async |world| {
        let alice = NewAccount::new("alice", "alice@example.org", SecretString::from(OF_DECOMPOSED));
        world.accounts.accounts().create(alice).await.unwrap();
        assert_eq!(world.login("alice", COMPOSED).await.status, 401);
        assert_eq!(hash(&world).await, OF_DECOMPOSED);
        assert_eq!(world.login("alice", DECOMPOSED).await.status, 200);
        assert_ne!(hash(&world).await, OF_DECOMPOSED);
        for password in [COMPOSED, DECOMPOSED] {
            assert_eq!(world.login("alice", password).await.status, 200, "{password}");
        }
    })
    .await;
}

/// Two texts are tried, and one attempt is counted, so that a hundred wrong passwords are verified and not fifty.
#[tokio::test]
async fn a_password_that_is_tried_in_two_texts_is_one_attempt() {
    every_store(async |world| {
        world.register("alice", COMPOSED).await;
        for _ in 0..99 {
            // Advances the clock so that the limit of attempts a minute does not interfere.
            world.clock.advance(core::time::Duration::from_secs(60));
            assert_eq!(world.login("alice", "wro\u{308}ng password").await.status, 401);
        }
        world.clock.advance(core::time::Duration::from_secs(60));
        assert_eq!(world.login("alice", DECOMPOSED).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn another_spelling_of_the_old_password_is_no_new_one() {
    every_store(async |world| {
        world.register("alice", COMPOSED).await;
        let signed_in = world.login("alice", COMPOSED).await.json();
        let token = signed_in["access_token"].as_str().unwrap();
        for change in
            [json!({ "current_password": COMPOSED, "new_password": DECOMPOSED }), json!({ "new_password": DECOMPOSED })]
        {
            let answer = world.json_as(token, "/auth/password", &change).await;
            answer.assert_problem(422, "invalid-body");
        }
    })
    .await;
}

/// The password has 1,023 bytes as typed, and twice as many in its normal form.
#[tokio::test]
async fn a_password_whose_normal_form_is_too_long_is_refused() {
    every_store(async |world| {
        let long = "\u{958}".repeat(341);
        world.register("alice", &long).await.assert_problem(422, "invalid-body");
        world.register("bob", COMPOSED).await;
        world.login("bob", &long).await.assert_problem(401, "invalid-credentials");
        world.login("stranger", &long).await.assert_problem(401, "invalid-credentials");
    })
    .await;
}
