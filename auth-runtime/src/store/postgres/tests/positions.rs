//! Positions of revocations grow in the order of commits.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::timeout;

use super::servers::{fresh, server};
use crate::{
    clock::UnixTime,
    store::{
        EndReason, SessionStore,
        postgres::revocations::revoke_sessions,
        suite::samples::{REMEMBERED, begin, ending, revoked},
    },
};

/// A transaction that revokes is held open. A transaction that begins later cannot take a higher position before it
/// ends, so a reader that asks for everything after a position misses nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_later_position_is_never_committed_first() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    begin(&*store).await;
    let mut earlier = store.begin().await.unwrap();
    let ids = ["earlier".to_owned()];
    revoke_sessions(&mut earlier, &ids, REMEMBERED).await.unwrap();

    let later = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.unwrap() })
    };
    let mut later = Box::pin(later);
    assert!(timeout(Duration::from_millis(200), &mut later).await.is_err(), "the later transaction did not wait");
    assert_eq!(store.revocations(0).await.unwrap().len(), 0);
    earlier.commit().await.unwrap();
    assert!(later.await.unwrap());
    assert_eq!(revoked(&*store).await, ["earlier", "s"]);
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_no_gap_that_is_filled_later() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    for (id, commits) in [("a", true), ("b", false), ("c", true)] {
        let mut transaction = store.begin().await.unwrap();
        let until = UnixTime::from_seconds(9_999);
        revoke_sessions(&mut transaction, &[id.to_owned()], until).await.unwrap();
        if commits {
            transaction.commit().await.unwrap();
        }
    }
    let positions: Vec<_> = store.revocations(0).await.unwrap().iter().map(|one| one.position).collect();
    assert_eq!(positions, [1, 2]);
}

/// A position is never given twice, also when the newest rows were removed.
#[tokio::test]
async fn cleaning_gives_no_position_back() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    for token in ["a", "b"] {
        store.revoke_token(token, UnixTime::from_seconds(10)).await.unwrap();
    }
    // As a release does that keeps no newest one.
    sqlx::query("DELETE FROM auth_revocations").execute(store.pool()).await.unwrap();
    store.revoke_token("c", UnixTime::from_seconds(99)).await.unwrap();
    assert_eq!(store.revocations(0).await.unwrap()[0].position, 3);
}
