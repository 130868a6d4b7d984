use std::sync::Arc;

use super::MemoryStore;
use crate::{
    clock::{UnixTime, manual::ManualClock},
    secret::{Entropy, SystemEntropy, doubles::NoEntropy},
    store::{AccountStore, Accounts, CreateError, NewAccount, suite},
};

fn store(clock: ManualClock, entropy: impl Entropy) -> MemoryStore {
    MemoryStore::new(Arc::new(clock), Arc::new(entropy))
}

fn alice() -> NewAccount {
    NewAccount::new("alice", "alice@example.org", "first".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_conform() {
    suite::account_store(async || store(ManualClock::at(1_000), SystemEntropy::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_conform() {
    suite::session_store(async || store(ManualClock::at(1_000), SystemEntropy::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_conform() {
    suite::attempt_store(async || store(ManualClock::at(1_000), SystemEntropy::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_time_tokens_conform() {
    suite::one_time_token_store(async || store(ManualClock::at(1_000), SystemEntropy::new())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_keys_conform() {
    suite::api_key_store(async || store(ManualClock::at(1_000), SystemEntropy::new())).await;
}

#[tokio::test]
async fn times_of_accounts_conform() {
    suite::account_times(async |clock| MemoryStore::new(clock, Arc::new(SystemEntropy::new()))).await;
}

#[tokio::test]
async fn no_randomness_means_no_account() {
    let store = store(ManualClock::at(1_000), NoEntropy);
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find_by_login("alice").await.unwrap().is_none());
}

#[tokio::test]
async fn one_handle_serves_endpoints_and_guard() {
    let accounts = Accounts::new(store(ManualClock::at(1_000), SystemEntropy::new()));
    let users = accounts.users();
    let created = accounts.accounts().create(alice()).await.unwrap();
    let found = users.clone().find(&created.id).await.unwrap().unwrap();
    assert_eq!(found.profile(), created.profile());
    assert!(users.find("nobody").await.unwrap().is_none());
    assert_eq!(accounts.sessions().remove_expired(UnixTime::from_seconds(0), 1).await.unwrap(), 0);
}
