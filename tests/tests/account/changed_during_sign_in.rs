//! Changes during a sign-in, between the check of the password and the beginning of the session.

use auth_runtime::store::{AccountStore, Accounts};
use axum::http::Request;
use secrecy::ExposeSecret;

use super::{
    cookies,
    failing::Flaky,
    world::{PASSWORD, World},
};

/// The calls of the store before a session begins: one for the account, and three about its attempts.
const BEGIN: usize = 4;

async fn roles(world: &World, token: &str) -> Vec<String> {
    let request = Request::get("/").header("authorization", format!("Bearer {token}"));
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let caller = world.auth.authenticate(&parts).await.unwrap().unwrap();
    caller.roles().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_user_deactivated_during_sign_in_is_not_signed_in() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &[]).await;
    for with_cookie in [false, true] {
        let (administration, id) = (world.administration(), alice.id.clone());
        store.before(BEGIN, async move { administration.set_active(&id, false).await.unwrap() });
        if with_cookie {
            let answer = cookies::sign_in(&world, "alice").await;
            answer.assert_problem(401, "invalid-credentials");
            assert_eq!(answer.header("set-cookie"), "");
        } else {
            world.login("alice", PASSWORD).await.assert_problem(401, "invalid-credentials");
        }
        assert_eq!(world.administration().sessions(&alice.id).await.unwrap(), [], "no session is left");
        world.administration().set_active(&alice.id, true).await.unwrap();
    }
}

#[tokio::test]
async fn an_old_password_begins_no_session_once_it_has_been_changed() {
    let (world, store) = Flaky::world();
    let (alice, bob) = (world.join("alice", &[]).await, world.join("bob", &[]).await);
    let (other, _) = Flaky::world();
    let another = other.register("alice", "another horse battery").await;
    assert_eq!(another.status, 201);
    let other = other.account("alice").await.password_hash;
    for with_cookie in [false, true] {
        let (accounts, administration) = (world.accounts.clone(), world.administration());
        let (id, old, new) = (alice.id.clone(), alice.password_hash.clone(), other.clone());
        store.before(BEGIN, async move {
            assert!(accounts.accounts().set_password_hash(&id, &old, &new).await.unwrap());
            administration.end_sessions(&id).await.unwrap();
        });
        let answer =
            if with_cookie { cookies::sign_in(&world, "alice").await } else { world.login("alice", PASSWORD).await };
        answer.assert_problem(401, "invalid-credentials");
        assert_eq!(world.administration().sessions(&alice.id).await.unwrap(), [], "no session is left");
        let restored = world.accounts.accounts().set_password_hash(&alice.id, &other, &alice.password_hash).await;
        assert!(restored.unwrap());
    }
    // Another sign-in replaced the hash by one of the same password.
    let (accounts, id, old) = (world.accounts.clone(), alice.id.clone(), alice.password_hash.clone());
    let new = bob.password_hash.clone();
    assert_ne!(old.expose_secret(), new.expose_secret());
    store.before(BEGIN, async move { assert!(swap(&accounts, &id, &old, &new).await) });
    assert_eq!(world.login("alice", PASSWORD).await.status, 200);
}

async fn swap(accounts: &Accounts, id: &str, old: &secrecy::SecretString, new: &secrecy::SecretString) -> bool {
    accounts.accounts().set_password_hash(id, old, new).await.unwrap()
}

#[tokio::test]
async fn roles_and_scopes_that_are_taken_away_while_signing_in_are_in_no_token() {
    let (world, store) = Flaky::world();
    let alice = world.join("alice", &["notes:read", "notes:write"]).await;
    assert!(store.inner.set_roles(&alice.id, &["admin".to_owned()]).await.unwrap());
    let (administration, id) = (world.administration(), alice.id.clone());
    store.before(BEGIN, async move {
        administration.set_roles(&id, [""; 0]).await.unwrap();
        administration.set_scopes(&id, ["notes:read"]).await.unwrap();
    });
    let tokens = world.login("alice", PASSWORD).await;
    assert_eq!(tokens.text("scope"), "notes:read");
    assert_eq!(roles(&world, &tokens.text("access_token")).await, [""; 0]);
}
