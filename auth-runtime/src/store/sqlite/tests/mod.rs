//! What is particular to SQLite; what every store must do is in the suite.

mod api_keys;
mod database;
mod failure;
mod processes;

use std::{path::Path, sync::Arc};

use tempfile::TempDir;

use super::SqliteStore;
use crate::{
    clock::UnixTime,
    error::StoreError,
    secret::SystemEntropy,
    store::{AccountStore, Claim, NewAccount, RefreshRecord, RefreshStore, doubles::ManualClock, suite},
};

/// A store in a directory of its own, which goes when the test ends.
struct Fresh {
    dir: TempDir,
    store: SqliteStore,
}

async fn fresh() -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await.unwrap();
    Fresh { dir, store }
}

async fn open(dir: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::connect(&url(dir), Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await
}

fn url(dir: &Path) -> String {
    format!("sqlite://{}", dir.join("test.db").display())
}

fn alice() -> NewAccount {
    NewAccount::new("alice", "alice@example.org", "first".into())
}

fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

fn token() -> RefreshRecord {
    RefreshRecord {
        hash: [7; 32],
        session_id: "session".to_owned(),
        user_id: "user".to_owned(),
        client_id: "client".to_owned(),
        scope: String::new(),
        issued_at: at(1_000),
        expires_at: at(2_000),
        auth_time: at(1_000),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::account_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn refresh_tokens_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::refresh_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_keys_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::api_key_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_in_memory_conforms() {
    let fresh = async || {
        let clock = Arc::new(ManualClock::at(1_000));
        SqliteStore::connect("sqlite::memory:", clock, Arc::new(SystemEntropy::new())).await.unwrap()
    };
    suite::account_store(fresh).await;
    suite::refresh_store(fresh).await;
    suite::api_key_store(fresh).await;
}

fn subdirectory(dir: &TempDir) -> std::path::PathBuf {
    tempfile::tempdir_in(dir).unwrap().keep()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let Fresh { dir, store } = fresh().await;
    let created = store.create(alice()).await.unwrap();
    store.insert(token()).await.unwrap();
    assert_eq!(store.claim(&token().hash, at(1_500)).await.unwrap(), Claim::Won(token()));
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    assert_eq!(store.find(&created.id).await.unwrap().unwrap().profile(), created.profile());
    let replayed = Claim::Replayed { record: token(), claimed_at: at(1_500) };
    assert_eq!(store.claim(&token().hash, at(1_600)).await.unwrap(), replayed);
}

#[tokio::test]
async fn times_are_those_of_the_clock_handed_in() {
    let dir = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(1_000);
    let builder = SqliteStore::builder(url(dir.path()));
    let store = builder.connect(Arc::new(clock.clone()), Arc::new(SystemEntropy::new())).await.unwrap();
    let id = store.create(alice()).await.unwrap().id;
    let updated_at = async || {
        let account = store.find(&id).await.unwrap().unwrap();
        assert_eq!(account.created_at, at(1_000));
        account.updated_at
    };
    clock.set(2_000);
    assert!(store.set_active(&id, true).await.unwrap());
    assert_eq!(updated_at().await, at(2_000));
    clock.set(3_000);
    assert!(!store.set_password_hash(&id, &"other".into(), &"new".into()).await.unwrap());
    assert_eq!(updated_at().await, at(2_000), "what was not changed was not updated");
    assert!(store.set_password_hash(&id, &"first".into(), &"new".into()).await.unwrap());
    assert_eq!(updated_at().await, at(3_000));
}
