use std::sync::Arc;

use auth_runtime::{
    clock::Clock,
    store::{Accounts, suite},
};
use tokio::task::{LocalSet, spawn_local};

use super::{members::Members, store::OwnStore};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_store_outside_the_crate_conforms() {
    let fresh = async || OwnStore::new(Members::default());
    suite::account_store(fresh).await;
    suite::session_store(fresh).await;
    suite::attempt_store(fresh).await;
    suite::one_time_token_store(fresh).await;
    suite::api_key_store(fresh).await;
    let _handle = Accounts::new(OwnStore::new(Members::default()));
}

#[tokio::test]
async fn the_suite_fails_a_store_that_loses_any_field_of_an_account() {
    let suite = async |members: Members| {
        suite::account_store(async || OwnStore::new(members.clone())).await;
        let timed = async |clock: Arc<dyn Clock>| OwnStore::with_clock(members.clone(), clock);
        suite::account_times(timed).await;
    };
    assert_none_may_be_lost(suite).await;
}

#[tokio::test]
async fn the_suite_fails_a_store_that_loses_any_field_of_a_session() {
    let suite = async |members: Members| suite::session_store(async || OwnStore::new(members.clone())).await;
    assert_none_may_be_lost(suite).await;
}

#[tokio::test]
async fn the_suite_fails_a_store_that_loses_any_field_of_an_attempt() {
    let suite = async |members: Members| suite::attempt_store(async || OwnStore::new(members.clone())).await;
    assert_none_may_be_lost(suite).await;
}

#[tokio::test]
async fn the_suite_fails_a_store_that_loses_any_field_of_a_one_time_token() {
    let suite = async |members: Members| suite::one_time_token_store(async || OwnStore::new(members.clone())).await;
    assert_none_may_be_lost(suite).await;
}

#[tokio::test]
async fn the_suite_fails_a_store_that_loses_any_field_of_an_api_key() {
    let suite = async |members: Members| suite::api_key_store(async || OwnStore::new(members.clone())).await;
    assert_none_may_be_lost(suite).await;
}

/// Asserts that the suite accepts the whole store, and fails it for each member that it loses.
async fn assert_none_may_be_lost(suite: impl AsyncFn(Members) + Copy + 'static) {
    let whole = Members::default();
    suite(whole.clone()).await;
    let mut accepted = Vec::new();
    for member in whole.handled() {
        let run = async move { suite(Members::losing(member)).await };
        if LocalSet::new().run_until(async { spawn_local(run).await }).await.is_ok() {
            accepted.push(member);
        }
    }
    assert!(accepted.is_empty(), "the suite accepts a store that loses {accepted:?}");
}
