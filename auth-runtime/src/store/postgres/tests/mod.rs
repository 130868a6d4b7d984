//! Tests particular to PostgreSQL, on a real server. The suite tests the behaviour that all stores share.

mod cleaning;
mod conflicts;
mod disk;
mod failed_changes;
mod failover;
mod faults;
mod full_disk;
mod given_up;
mod kill;
mod limits;
mod locks;
pub(crate) mod log;
pub(crate) mod own;
mod positions;
mod processes;
pub(crate) mod proxy;
mod pushes;
mod releases;
pub(crate) mod servers;
mod start;
mod strangers;
mod unfit;

use servers::{fresh, open, schema, server};

use crate::store::suite;

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
