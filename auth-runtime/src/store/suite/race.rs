//! Many tasks that attempt the same change at once.

use std::sync::Arc;

use tokio::{sync::Barrier, task::JoinSet};

use super::accounts::{hash, new};
use crate::store::{AccountStore, CreateError};

pub(super) const TASKS: usize = 64;

pub(super) async fn one_registration_wins(store: impl AccountStore) {
    let store = Arc::new(store);
    let results = at_once(TASKS, |task| {
        let store = Arc::clone(&store);
        // Every second task registers the name in another case.
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
    let results = at_once(TASKS, |task| {
        let (store, alice) = (Arc::clone(&store), alice.clone());
        async move { store.set_password_hash(&alice.id, &alice.password_hash, &hash(&task.to_string())).await.unwrap() }
    })
    .await;
    assert_eq!(results.iter().filter(|won| **won).count(), 1, "one change from one old hash wins");
}

/// Starts this many tasks together, and returns their results in the order of their numbers.
pub(in crate::store) async fn at_once<T, F>(tasks: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(tasks));
    let mut started = JoinSet::new();
    for number in 0..tasks {
        let (start, work) = (Arc::clone(&start), task(number));
        started.spawn(async move {
            start.wait().await;
            (number, work.await)
        });
    }
    // The tasks end in any order.
    let mut results = started.join_all().await;
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
