//! Tests particular to PostgreSQL, on a real server. The suite tests the behaviour that all stores share.

mod conflicts;
mod positions;
mod unfit;

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use super::PostgresStore;
use crate::{
    clock::{Clock, manual::ManualClock},
    error::StoreError,
    secret::SystemEntropy,
    store::suite,
};

const SERVER: &str = "AUTH_TESTS_POSTGRES";

/// Returns the URL of the server, or `None` where there is none. In continuous integration there has to be one.
fn server() -> Option<String> {
    let server = env::var(SERVER).ok();
    if server.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "{SERVER} is not set: `scripts/services run` sets it");
        eprintln!("left out: {SERVER} names no PostgreSQL server; `scripts/services run cargo test` starts one");
    }
    server
}

/// An empty schema of its own, as a URL. It lasts as long as the server, which lasts as long as the tests.
async fn schema(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let pool = sqlx::PgPool::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    format!("{server}?options=-csearch_path%3D{name}")
}

async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<PostgresStore, StoreError> {
    PostgresStore::builder(url).max_connections(8).open_with(clock, Arc::new(SystemEntropy::new())).await
}

async fn fresh(server: &str) -> PostgresStore {
    open(&schema(server).await, Arc::new(ManualClock::at(1_000))).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_conform() {
    let Some(server) = server() else { return };
    suite::account_store(async || fresh(&server).await).await;
}

#[tokio::test]
async fn times_of_accounts_conform() {
    let Some(server) = server() else { return };
    suite::account_times(async |clock| open(&schema(&server).await, clock).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_conform() {
    let Some(server) = server() else { return };
    suite::session_store(async || fresh(&server).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_conform() {
    let Some(server) = server() else { return };
    suite::attempt_store(async || fresh(&server).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_time_tokens_conform() {
    let Some(server) = server() else { return };
    suite::one_time_token_store(async || fresh(&server).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_keys_conform() {
    let Some(server) = server() else { return };
    suite::api_key_store(async || fresh(&server).await).await;
}
