//! Many tasks that want the same thing at once.

use std::sync::Arc;

use tokio::{sync::Barrier, task::JoinSet};

use super::{
    accounts::{hash, new},
    tokens::{at, claim, token},
};
use crate::store::{AccountStore, Claim, CreateError, InsertError, RefreshStore};

pub(super) const TASKS: usize = 64;

pub(super) async fn one_registration_wins(store: impl AccountStore) {
    let store = Arc::new(store);
    let results = at_once(|task| {
        let store = Arc::clone(&store);
        // Every other one wants the name in another case.
        let username = if task % 2 == 0 { "alice" } else { "ALICE" };
        async move { store.create(new(username, &format!("{task}@example.org"))).await }
    })
    .await;

    let mut winners = Vec::new();
    for result in results {
        match result {
            Ok(account) => winners.push(account),
            Err(CreateError::UsernameTaken) => {}
            Err(other) => panic!("a registration failed: {other:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "one registration of a name wins");
    assert_eq!(store.find_by_login("alice").await.unwrap().unwrap().id, winners[0].id);
    for task in 0..TASKS {
        let email = format!("{task}@example.org");
        let found = store.find_by_login(&email).await.unwrap();
        assert_eq!(found.is_some(), winners[0].email == email, "a loser keeps no address: {email}");
    }
}

pub(super) async fn one_password_change_wins(store: impl AccountStore) {
    let alice = store.create(new("alice", "alice@example.org")).await.unwrap();
    let store = Arc::new(store);
    let results = at_once(|task| {
        let (store, alice) = (Arc::clone(&store), alice.clone());
        async move { store.set_password_hash(&alice.id, &alice.password_hash, &hash(&task.to_string())).await.unwrap() }
    })
    .await;
    assert_eq!(results.iter().filter(|won| **won).count(), 1, "one change from one old hash wins");
}

pub(super) async fn one_claim_wins(store: impl RefreshStore) {
    let store = Arc::new(store);
    for number in 1..=8 {
        let token = token(number);
        store.insert(token.clone()).await.unwrap();
        let claims = at_once(|_| {
            let (store, token) = (Arc::clone(&store), token.clone());
            async move { claim(&*store, &token, 1_500).await }
        })
        .await;
        let won = claims.iter().filter(|claim| **claim == Claim::Won(token.clone())).count();
        let replayed = Claim::Replayed { record: token.clone(), claimed_at: at(1_500) };
        let lost = claims.iter().filter(|claim| **claim == replayed).count();
        assert_eq!((won, lost), (1, TASKS - 1), "one claim of a token wins");
    }
}

/// Half of the tasks go on with the session, the other half end it.
pub(super) async fn a_revocation_leaves_no_usable_token(store: impl RefreshStore) {
    store.insert(token(255)).await.unwrap();
    let store = Arc::new(store);
    at_once(|task| {
        let store = Arc::clone(&store);
        async move {
            if task % 2 == 0 {
                store.revoke_session("s", at(1_500)).await.unwrap();
            } else {
                let stored = store.insert(token(u8::try_from(task).unwrap())).await;
                assert!(matches!(stored, Ok(()) | Err(InsertError::SessionRevoked)), "{stored:?}");
            }
        }
    })
    .await;
    for task in 0..TASKS {
        let claim = claim(&*store, &token(u8::try_from(task).unwrap()), 1_500).await;
        assert!(matches!(claim, Claim::Revoked(_) | Claim::Unknown), "{claim:?}");
    }
}

/// The results of 64 tasks that start together.
pub(super) async fn at_once<T, F>(task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(TASKS));
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let (start, work) = (Arc::clone(&start), task(number));
        tasks.spawn(async move {
            start.wait().await;
            work.await
        });
    }
    tasks.join_all().await
}
