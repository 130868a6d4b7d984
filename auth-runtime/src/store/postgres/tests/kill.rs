//! A process on PostgreSQL that is killed while it refreshes; 40 times by default.

use std::sync::Arc;

use super::{open, schema, server};
use crate::{
    clock::manual::ManualClock,
    store::{
        PostgresStore,
        killed::{Surviving, refresh_until_killed, survives},
    },
};

impl Surviving for PostgresStore {
    async fn open_again(url: &str) -> Self {
        open(url, Arc::new(ManualClock::at(1_000))).await.unwrap()
    }

    async fn tokens(&self, all: bool) -> Vec<Vec<u8>> {
        const TOKENS: &str = "SELECT token_hash FROM auth_session_tokens
            WHERE session_id = 's' AND ($1 OR claimed_at IS NULL)";
        sqlx::query_scalar(TOKENS).bind(all).fetch_all(self.pool()).await.unwrap()
    }

    async fn close(self) {
        self.pool().close().await;
    }
}

#[tokio::test]
async fn a_killed_process_loses_no_token_and_no_session_and_doubles_none() {
    let Some(server) = server() else { return };
    let place = tempfile::tempdir().unwrap();
    let test = "postgres::tests::kill::a_process_that_is_killed";
    survives::<PostgresStore>(test, place.path(), &schema(&server).await, 40).await;
}

/// Does nothing unless the test above starts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed() {
    refresh_until_killed::<PostgresStore>().await;
}
