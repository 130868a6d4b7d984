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

/// WordPress takes a password with a space at its end for the same password; this crate's hashes do not.
#[tokio::test]
async fn a_variant_of_the_password_signs_in_and_replaces_no_hash() {
    const PHPASS: &str = "$P$6S/Rmuhdq6UM5chcuv/AUibIVCmt3k/";
    every_store(async |world| {
        let alice = NewAccount::new("alice", "alice@example.org", SecretString::from(PHPASS));
        world.accounts.accounts().create(alice).await.unwrap();
        assert_eq!(world.login("alice", "correct horse battery staple ").await.status, 200);
        assert_eq!(hash(&world).await, PHPASS);
        assert_eq!(world.login("alice", "correct horse battery staple").await.status, 200);
        assert!(hash(&world).await.starts_with("$argon2id$"));
        assert_eq!(world.login("alice", "correct horse battery staple").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_user_signs_in_although_the_new_hash_cannot_be_stored() {
    let (world, store) = Flaky::world();
    import(&world).await;
    // The store finds the account and counts the attempt. The next call replaces the hash.
    store.fail_at(3);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    assert_eq!(hash(&world).await, OLD_HASH);
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
    assert!(hash(&world).await.starts_with("$argon2id$"));
}

#[tokio::test]
async fn an_unreadable_hash_signs_no_user_in() {
    let world = World::in_memory(defaults);
    for (name, stored) in [("plain", PASSWORD), ("empty", ""), ("unusable", "!"), ("cut", &OLD_HASH[..30])] {
        let new = NewAccount::new(name, format!("{name}@example.org"), SecretString::from(stored));
        world.accounts.accounts().create(new).await.unwrap();
        for password in [PASSWORD, "", "!"] {
            world.login(name, password).await.assert_problem(401, "invalid-credentials");
        }
    }
}

/// [`PASSWORD`] in the formats of other systems, each at a minimal cost.
const FOREIGN: [(&str, &str); 8] = [
    ("bcrypt", "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("bcrypt_y", "$2y$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("django_bcrypt", "bcrypt$$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"),
    ("pbkdf2", "$pbkdf2-sha256$i=1000,l=32$c2Vhc2FsdHNlYXNhbHQxNg$C/uf8JAutJYRnxWc2IeM9jWkKQs/SXNe52QJgc26wu8"),
    ("django_sha1", "pbkdf2_sha1$1000$seasalt$LPTbYn9/9ALjztx0Dtq5V+DLYLg="),
    ("django_sha256", OLD_HASH),
    (
        "django_scrypt",
        "scrypt$1024$seasalt$8$1$fTwdYrxXK5/OG6iyAYN++CxTZgMb6MHXR6rhVXIgSHjQ7FiXuVEFz4EvVUsmygTk21KAcS7joGurlDlxzzruZA==",
    ),
    ("unusable", "!nobody signs in with this"),
];

#[tokio::test]
async fn hashes_of_other_systems_verify_and_are_replaced() {
    every_store(async |world| {
        for (name, stored) in FOREIGN {
            let new = NewAccount::new(name, format!("{name}@example.org"), SecretString::from(stored));
            world.accounts.accounts().create(new).await.unwrap();
            let hash = async || world.account(name).await.password_hash.expose_secret().to_owned();
            assert_eq!(world.login(name, "wrong").await.status, 401, "{name}");
            assert_eq!(hash().await, stored, "{name}");
            let signed_in = world.login(name, PASSWORD).await.status;
            if name == "unusable" {
                assert_eq!((signed_in, hash().await.as_str()), (401, stored));
                continue;
            }
            assert_eq!(signed_in, 200, "{name}");
            assert!(hash().await.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{name}");
            assert_eq!(world.login(name, PASSWORD).await.status, 200, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_argon2_hash_of_less_work_is_replaced_and_one_of_more_is_kept() {
    use std::sync::Arc;

    use auth_runtime::{
        password::{Cost, Passwords},
        secret::SystemEntropy,
    };

    let passwords = |cost| Passwords::builder(Arc::new(SystemEntropy::new())).cost(cost).build();
    let (weak, owasp) = (passwords(Cost::weak_for_testing()), passwords(Cost::OWASP));
    let stored = [weak.hash(&PASSWORD.into()).await.unwrap(), owasp.hash(&PASSWORD.into()).await.unwrap()];
    for (ours, replaced) in [(owasp, [true, false]), (weak, [false, false])] {
        let world = World::in_memory(|builder| defaults(builder).passwords(ours));
        for ((name, stored), replaced) in ["weak", "strong"].into_iter().zip(&stored).zip(replaced) {
            let new = NewAccount::new(name, format!("{name}@example.org"), SecretString::from(stored.as_str()));
            world.accounts.accounts().create(new).await.unwrap();
            assert_eq!(world.login(name, PASSWORD).await.status, 200);
            let now = world.account(name).await.password_hash.expose_secret().to_owned();
            assert_eq!(now != *stored, replaced, "{stored} {now}");
            assert_eq!(world.login(name, PASSWORD).await.status, 200);
        }
    }
}
