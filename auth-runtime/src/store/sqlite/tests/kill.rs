//! A process on SQLite that is killed while it refreshes; 200 times by default.

use super::*;
use crate::store::killed::{Surviving, refresh_until_killed, survives};

impl Surviving for SqliteStore {
    async fn open_again(url: &str) -> Self {
        Self::open_with(url, Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap()
    }

    async fn tokens(&self, all: bool) -> Vec<Vec<u8>> {
        const TOKENS: &str = "SELECT token_hash FROM auth_session_tokens
            WHERE session_id = 's' AND (? OR claimed_at IS NULL)";
        sqlx::query_scalar(TOKENS).bind(all).fetch_all(self.pool()).await.unwrap()
    }

    async fn close(self) {
        self.pool().close().await;
    }
}

#[tokio::test]
async fn a_killed_process_loses_no_token_and_doubles_none() {
    let place = tempfile::tempdir().unwrap();
    let test = "sqlite::tests::kill::a_process_that_is_killed";
    survives::<SqliteStore>(test, place.path(), &url(place.path()), 200).await;
}

/// Does nothing unless the test above starts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_killed() {
    refresh_until_killed::<SqliteStore>().await;
}
