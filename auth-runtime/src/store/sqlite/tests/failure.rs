//! A store that fails says so: never "not found", and never "done".

use core::{error::Error, time::Duration};

use super::*;
use crate::store::{CreateError, InsertError, doubles::NoEntropy};

async fn assert_everything_fails(store: &SqliteStore) {
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find("id").await.is_err());
    assert!(store.find_by_login("alice").await.is_err());
    assert!(store.set_password_hash("id", &"old".into(), &"new".into()).await.is_err());
    assert!(store.set_roles("id", &[]).await.is_err());
    assert!(store.set_scopes("id", &[]).await.is_err());
    assert!(store.set_active("id", true).await.is_err());
    assert!(matches!(store.insert(token()).await, Err(InsertError::Store(_))));
    assert!(store.claim(&[0; 32], at(0)).await.is_err());
    assert!(store.revoke_session("session", at(0)).await.is_err());
    assert!(store.remove_expired(at(0), 1).await.is_err());
}

#[tokio::test]
async fn a_closed_pool_fails_everything() {
    let Fresh { store, dir: _dir } = fresh().await;
    store.pool().close().await;
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn missing_tables_fail_everything() {
    let Fresh { store, dir: _dir } = fresh().await;
    for drop in ["DROP TABLE auth_logins", "DROP TABLE auth_accounts", "DROP TABLE auth_refresh_tokens"] {
        sqlx::query(drop).execute(store.pool()).await.unwrap();
    }
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn a_full_pool_and_a_locked_database_fail_after_the_time_out() {
    let Fresh { dir, store } = fresh().await;
    store.insert(token()).await.unwrap();
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1).busy_timeout(Duration::from_millis(50));
    let hurried = builder.connect(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();

    let lock = store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    assert!(hurried.claim(&token().hash, at(1_500)).await.is_err());
    assert!(matches!(hurried.create(alice()).await, Err(CreateError::Store(_))));
    lock.rollback().await.unwrap();

    let only = hurried.pool().acquire().await.unwrap();
    assert!(hurried.find_by_login("alice").await.is_err());
    drop(only);
    assert_eq!(hurried.claim(&token().hash, at(1_500)).await.unwrap(), Claim::Won(token()));
}

#[tokio::test]
async fn a_short_lock_is_waited_for() {
    let Fresh { dir, store } = fresh().await;
    let other = open(dir.path()).await.unwrap();
    let lock = other.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    let creating = tokio::spawn(async move { store.create(alice()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!creating.is_finished());
    lock.rollback().await.unwrap();
    creating.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_claim_that_could_not_be_committed_is_not_won() {
    let Fresh { dir, store } = fresh().await;
    store.insert(token()).await.unwrap();
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1);
    let failing = builder.connect(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    refuse_commits(&failing).await;

    assert!(failing.claim(&token().hash, at(1_500)).await.is_err());
    assert!(matches!(failing.create(alice()).await, Err(CreateError::Store(_))));
    assert!(failing.revoke_session("session", at(1_500)).await.is_err());
    assert!(store.find_by_login("alice").await.unwrap().is_none());
    assert_eq!(store.claim(&token().hash, at(1_600)).await.unwrap(), Claim::Won(token()));
}

/// As if the disk were full at every commit.
async fn refuse_commits(store: &SqliteStore) {
    let mut connection = store.pool().acquire().await.unwrap();
    connection.lock_handle().await.unwrap().set_commit_hook(|| false);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_and_not_an_account_without_roles() {
    let Fresh { store, dir: _dir } = fresh().await;
    let id = store.create(alice()).await.unwrap().id;
    for damage in ["UPDATE auth_accounts SET roles = '[1]'", "UPDATE auth_accounts SET roles = '[]', scopes = '[null]'"]
    {
        sqlx::query(damage).execute(store.pool()).await.unwrap();
        assert!(store.find(&id).await.is_err(), "{damage}");
        assert!(store.find_by_login("alice").await.is_err(), "{damage}");
    }
}

#[tokio::test]
async fn no_randomness_means_no_account() {
    let dir = tempfile::tempdir().unwrap();
    let store =
        SqliteStore::connect(&url(dir.path()), Arc::new(ManualClock::at(0)), Arc::new(NoEntropy)).await.unwrap();
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find_by_login("alice").await.unwrap().is_none());
}

#[tokio::test]
async fn the_error_names_the_store_and_keeps_the_cause_for_the_operator() {
    let Fresh { store, dir: _dir } = fresh().await;
    store.pool().close().await;
    let error = store.find("id").await.unwrap_err();
    assert_eq!(error.to_string(), "the store `sqlite` failed");
    assert!(error.source().unwrap().to_string().contains("closed pool"));
}
