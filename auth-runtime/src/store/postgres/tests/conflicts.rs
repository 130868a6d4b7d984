//! Transactions that meet: the server ends one of them, and it is repeated.

use std::sync::Arc;

use super::servers::{fresh, server};
use crate::store::{
    AccountStore, CreateError, EndReason, NewAccount, Rotated, SessionStore,
    suite::samples::{begin, ending, present},
};

/// Two accounts with crossed names and addresses wait for each other. The server ends one, which then finds the name
/// taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_whose_names_cross_are_never_an_error_of_the_store() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    for round in 0..10 {
        let (one, other) = (format!("one{round}"), format!("other{round}"));
        let create = |username: &str, email: &str| {
            let (store, new) = (Arc::clone(&store), NewAccount::new(username, email, "hash".into()));
            tokio::spawn(async move { store.create(new).await })
        };
        let (first, second) = (create(&one, &other), create(&other, &one));
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(!outcomes.iter().any(|outcome| matches!(outcome, Err(CreateError::Store(_)))), "{outcomes:?}");
    }
}

/// 64 tasks present one token. One wins, and the others learn of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_wins_each_rotation() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    begin(&*store).await;
    for round in 1..=20_u8 {
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { present(round, round + 1, 1_500).to(&*store).await })
            })
            .collect();
        let (mut won, mut again) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Rotated::Won(_) => won += 1,
                Rotated::Again { .. } => again += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((won, again), (1, 63), "round {round}");
    }
}

/// Ending all sessions of a user, from several requests at once, ends and revokes each of them once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_sessions_end_once() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    begin(&*store).await;
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.end_all("user", None, ending(1_500, EndReason::SignedOut)).await.unwrap() })
        })
        .collect();
    let mut ended = Vec::new();
    for task in tasks {
        ended.extend(task.await.unwrap());
    }
    ended.sort();
    assert_eq!(ended, ["bystander", "s"]);
    assert_eq!(store.revocations(0).await.unwrap().len(), 2);
}

/// Another transaction holds the second name of an account and asks for the first. The server ends the creation, which
/// is repeated.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_transaction_that_the_server_ends_for_another_is_repeated() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    let mut other = store.begin().await.unwrap();
    // The creation notices first that they wait for each other.
    let hold = "SET LOCAL deadlock_timeout = '10s';
        INSERT INTO auth_accounts VALUES ('other', 'u', 'e', NULL, 'hash', '{}', '{}', TRUE, FALSE, 0, 0);
        INSERT INTO auth_logins VALUES ('second', 'other')";
    sqlx::raw_sql(hold).execute(&mut *other).await.unwrap();
    let creating = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.create(NewAccount::new("first", "second", "hash".into())).await })
    };
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'
        AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&mut *other).await.unwrap() == 0 {
        assert!(!creating.is_finished(), "it did not wait");
    }
    sqlx::raw_sql("INSERT INTO auth_logins VALUES ('first', 'other')").execute(&mut *other).await.unwrap();
    other.rollback().await.unwrap();
    assert!(creating.await.unwrap().is_ok());
    assert!(store.find_by_login("second").await.unwrap().is_some());
}
