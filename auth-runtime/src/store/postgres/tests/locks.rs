//! The order in which rows are locked, seen from another transaction.

use core::time::Duration;
use std::{sync::Arc, time::Instant};

use sqlx::PgTransaction;
use tokio::{task::JoinHandle, time::sleep};

use super::servers::{fresh, server};
use crate::store::{
    AccountChange, AccountOpening, AccountStore, EndReason, NewAccount, PostgresStore, SessionStore,
    suite::samples::{REMEMBERED, at, ending, session, token},
};

/// The row of "z" stands before the row of "a" in the table, and another transaction holds it.
async fn with_z_held(server: &str) -> (Arc<PostgresStore>, PgTransaction<'static>) {
    let store = Arc::new(fresh(server).await);
    for (number, id) in [(1, "z"), (2, "a")] {
        SessionStore::begin(&*store, session(id), token(number)).await.unwrap();
    }
    let mut held = store.begin().await.unwrap();
    sqlx::query("SELECT id FROM auth_sessions WHERE id = 'z' FOR UPDATE").execute(&mut *held).await.unwrap();
    (store, held)
}

/// A transaction that locks in the order of identifiers holds "a" while it waits for "z".
async fn assert_a_is_locked_first(store: &PostgresStore, held: PgTransaction<'static>, work: JoinHandle<()>) {
    let end = Instant::now() + Duration::from_secs(2);
    let is_free = "SELECT id FROM auth_sessions WHERE id = 'a' FOR UPDATE NOWAIT";
    while sqlx::query(is_free).execute(store.pool()).await.is_ok() {
        assert!(Instant::now() < end, "the transaction waits for \"z\" and does not hold \"a\"");
        sleep(Duration::from_millis(10)).await;
    }
    held.rollback().await.unwrap();
    work.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_end_in_the_order_of_their_identifiers() {
    let Some(server) = server() else { return };
    let (store, held) = with_z_held(&server).await;
    let ending = ending(1_500, EndReason::SignedOut);
    let work = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { assert_eq!(store.end_all("user", None, ending).await.unwrap().len(), 2) })
    };
    assert_a_is_locked_first(&store, held, work).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_begin_generations_in_the_order_of_their_identifiers() {
    let Some(server) = server() else { return };
    let (store, held) = with_z_held(&server).await;
    let work = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { assert_eq!(store.reissue("user", REMEMBERED).await.unwrap().len(), 2) })
    };
    assert_a_is_locked_first(&store, held, work).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_are_removed_in_the_order_of_their_identifiers() {
    let Some(server) = server() else { return };
    let (store, held) = with_z_held(&server).await;
    let ending = ending(1_500, EndReason::Deleted);
    let work = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { assert_eq!(store.remove_all("user", ending).await.unwrap().len(), 2) })
    };
    assert_a_is_locked_first(&store, held, work).await;
}

/// A removal of pending accounts skips rows that are locked, so it would leave the account of a refused call.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_change_of_an_account_has_given_its_locks_back() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    let new = |name: &str| NewAccount::new(name, format!("{name}@example.org"), "first".into());
    let root = store.create(NewAccount { superuser: true, ..new("root") }).await.unwrap();
    let invited = NewAccount { pending_until: Some(at(2_000)), ..new("bob") };
    let bob = store.create(invited).await.unwrap();
    let taken = AccountOpening { username: Some("root".to_owned()), ..AccountOpening::new() };
    let are_free = "SELECT id FROM auth_accounts FOR UPDATE NOWAIT";
    let mut other = store.pool().acquire().await.unwrap();
    for round in 0..20 {
        assert!(store.open(&bob.id, taken.clone(), at(1_000)).await.is_err());
        assert!(sqlx::query(are_free).execute(&mut *other).await.is_ok(), "round {round}: a taken name");
        assert!(store.open(&bob.id, taken.clone(), at(2_000)).await.unwrap().is_none());
        assert!(sqlx::query(are_free).execute(&mut *other).await.is_ok(), "round {round}: too late");
        assert_eq!(store.set_active(&root.id, false).await.unwrap(), AccountChange::LastSuperuser);
        assert!(sqlx::query(are_free).execute(&mut *other).await.is_ok(), "round {round}: the last superuser");
        assert_eq!(store.delete(&root.id).await.unwrap(), AccountChange::LastSuperuser);
        assert!(sqlx::query(are_free).execute(&mut *other).await.is_ok(), "round {round}: deleted as the last one");
    }
}

/// An account may be opened at this moment, by a transaction that takes long.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pending_account_that_is_held_is_removed_the_next_time() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    for name in ["held", "free"] {
        let mut new = NewAccount::new(name, format!("{name}@example.org"), "first".into());
        (new.id, new.pending_until) = (Some(name.to_owned()), Some(at(2_000)));
        store.create(new).await.unwrap();
    }
    let mut held = store.begin().await.unwrap();
    sqlx::query("SELECT id FROM auth_accounts WHERE id = 'held' FOR UPDATE").execute(&mut *held).await.unwrap();
    assert_eq!(store.remove_pending(at(2_000), 10).await.unwrap(), 1, "it waits for nobody");
    assert!(store.find("held").await.unwrap().is_some());
    held.rollback().await.unwrap();
    assert_eq!(store.remove_pending(at(2_000), 10).await.unwrap(), 1);
}
