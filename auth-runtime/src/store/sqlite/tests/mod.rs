//! Tests particular to SQLite. The suite tests the behaviour that all stores share.

mod api_keys;
mod database;
mod failed_changes;
mod failure;
mod key_storm;
mod kill;
mod migration;
mod processes;
mod releases;
mod storm;
mod turns;

use std::{path::Path, sync::Arc};

use tempfile::TempDir;

use super::SqliteStore;
use crate::{
    clock::manual::ManualClock,
    error::StoreError,
    secret::SystemEntropy,
    store::{
        AccountStore, EndReason, NewAccount, Rotated, SessionStore,
        suite::{
            self,
            attempts::attempt,
            samples::{Presented, at, begin, continued, ending, found, hash, present, revoked, session, token},
        },
    },
    token::TokenHash,
};

/// A store in its own directory, which is deleted when the test ends.
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
    SqliteStore::open_with(&url(dir), Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await
}

fn url(dir: &Path) -> String {
    format!("sqlite://{}", dir.join("test.db").display())
}

fn alice() -> NewAccount {
    NewAccount::new("alice", "alice@example.org", "first".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::account_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test]
async fn times_of_accounts_conform() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = async |clock| {
        let builder = SqliteStore::builder(url(&subdirectory(&dir)));
        builder.open_with(clock, Arc::new(SystemEntropy::new())).await.unwrap()
    };
    suite::account_times(fresh).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::session_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::attempt_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_time_tokens_conform() {
    let dir = tempfile::tempdir().unwrap();
    suite::one_time_token_store(async || open(&subdirectory(&dir)).await.unwrap()).await;
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
        SqliteStore::open_with("sqlite::memory:", clock, Arc::new(SystemEntropy::new())).await.unwrap()
    };
    suite::account_store(fresh).await;
    suite::session_store(fresh).await;
    suite::attempt_store(fresh).await;
    suite::one_time_token_store(fresh).await;
    suite::api_key_store(fresh).await;
}

fn subdirectory(dir: &TempDir) -> std::path::PathBuf {
    tempfile::tempdir_in(dir).unwrap().keep()
}

#[tokio::test]
async fn records_survive_a_restart() {
    let Fresh { dir, store } = fresh().await;
    let created = store.create(alice()).await.unwrap();
    begin(&store).await;
    assert!(matches!(present(1, 2, 1_500).to(&store).await, Rotated::Won(_)));
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    assert_eq!(AccountStore::find(&store, &created.id).await.unwrap().unwrap().profile(), created.profile());
    let again = Rotated::Again { session: continued(session("s"), 1_500), sealed: b"sealed 2".to_vec() };
    assert_eq!(present(1, 3, 1_520).to(&store).await, again);
    assert!(matches!(present(1, 3, 1_521).to(&store).await, Rotated::Reused(_)));
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    assert!(matches!(present(2, 3, 1_521).to(&store).await, Rotated::Ended(_)));
    assert_eq!(revoked(&store).await, ["s"]);
}
