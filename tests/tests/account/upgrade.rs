use auth_runtime::store::NewAccount;
use secrecy::{ExposeSecret, SecretString};

use super::{
    failing::Flaky,
    world::{PASSWORD, World, defaults, every_store},
};

/// [`PASSWORD`] as Django stores it, with few iterations.
const OLD_HASH: &str = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";

async fn import(world: &World) {
    let alice = NewAccount::new("alice", "alice@example.org", SecretString::from(OLD_HASH));
    world.accounts.accounts().create(alice).await.unwrap();
}

async fn hash(world: &World) -> String {
    world.account("alice").await.password_hash.expose_secret().to_owned()
}

#[tokio::test]
async fn an_old_hash_is_replaced_at_the_first_login_and_only_then() {
    every_store(async |world| {
        import(&world).await;
        assert_eq!(world.login("alice", "wrong").await.status, 401);
        assert_eq!(hash(&world).await, OLD_HASH);
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
        let new = hash(&world).await;
        assert!(new.starts_with("$argon2id$v=19$"), "{new}");
        assert_eq!(world.login("alice", PASSWORD).await.status, 200);
        assert_eq!(hash(&world).await, new);
        assert_eq!(world.login("alice", "wrong").await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn somebody_signs_in_although_the_new_hash_cannot_be_stored() {
    let (world, store) = Flaky::world();
    import(&world).await;
    // The account is found; then the hash is to be replaced.
    store.fail_at(1);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    assert_eq!(hash(&world).await, OLD_HASH);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    assert!(hash(&world).await.starts_with("$argon2id$"));
}

#[tokio::test]
async fn an_unreadable_hash_signs_nobody_in() {
    let world = World::in_memory(defaults);
    for (name, stored) in [("plain", PASSWORD), ("empty", ""), ("unusable", "!"), ("cut", &OLD_HASH[..30])] {
        let new = NewAccount::new(name, format!("{name}@example.org"), SecretString::from(stored));
        world.accounts.accounts().create(new).await.unwrap();
        for password in [PASSWORD, "", "!"] {
            world.login(name, password).await.assert_problem(401, "invalid-credentials");
        }
    }
}
