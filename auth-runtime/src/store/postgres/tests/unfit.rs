//! Servers and databases that cannot hold the stores are refused in words, without a password.

use core::error::Error;
use std::{
    env,
    io::{self, Write as _},
    sync::Arc,
};

use super::servers::{open, schema, server};
use crate::{
    clock::manual::ManualClock,
    error::StoreError,
    store::{Account, AccountStore, PostgresStore, suite::race::at_once},
};

async fn refusal(url: &str) -> String {
    let error = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_without_being_shown() {
    for url in ["", "sqlite://a.db", "mysql://app:hunter2@localhost/app", "postgres:app:hunter2", "postgresql://["] {
        let refusal = refusal(url).await;
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    assert!(!format!("{:?}", PostgresStore::builder("postgres://app:hunter2@localhost/app")).contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_with_its_cause_and_without_the_password() {
    let refusal = refusal("postgres://app:hunter2@127.0.0.1:1/app").await;
    assert!(refusal.contains("refused") && !refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn settings_that_break_a_promise_are_refused_in_words() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    for (setting, words) in
        [("synchronous_commit%3Doff", "synchronous_commit = off"), ("default_transaction_read_only%3Don", "read-only")]
    {
        let refusal = refusal(&format!("{url}%20-c{setting}")).await;
        assert!(refusal.contains(words), "{refusal}");
    }
}

#[tokio::test]
async fn tables_of_a_newer_release_are_left_alone() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let newer = "INSERT INTO auth_migrations (version, name, applied_at) VALUES (999, 'later', 0)";
    sqlx::query(newer).execute(store.pool()).await.unwrap();
    assert!(refusal(&url).await.contains("of version 999"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_start_at_once_create_the_tables_once() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let starting: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url, Arc::new(ManualClock::at(1_000))).await })
        })
        .collect();
    for store in starting {
        store.await.unwrap().unwrap();
    }
}

/// A pooler in transaction mode either knows prepared statements, and then everything works, or is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooler_that_loses_prepared_statements_is_refused_in_words() {
    if server().is_none() {
        return;
    }
    let Ok(pooler) = env::var("AUTH_TESTS_PGBOUNCER") else {
        let _ = writeln!(io::stderr(), "LEFT OUT: the test of PgBouncer, since AUTH_TESTS_PGBOUNCER is not set");
        return;
    };
    match open(&pooler, Arc::new(ManualClock::at(1_000))).await {
        Err(error) => {
            let refusal = format!("{error}: {}", error.source().unwrap());
            assert!(refusal.contains("use PgBouncer 1.21 or later"), "{refusal}");
        }
        Ok(store) => {
            for outcome in at_once(64, |_| find(store.clone())).await {
                assert!(outcome.unwrap().is_none());
            }
        }
    }
}

async fn find(store: PostgresStore) -> Result<Option<Account>, StoreError> {
    store.find("none").await
}
