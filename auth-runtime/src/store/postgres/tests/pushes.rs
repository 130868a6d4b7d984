//! The announcements to the processes that listen.

use core::time::Duration;

use sqlx::postgres::PgListener;
use tokio::time::timeout;

use super::own::OwnServer;
use crate::{
    clock::{UnixTime, manual::ManualClock},
    store::{
        EndReason, SessionStore,
        postgres::{listener::CHANNEL, revocations::revoke_sessions},
        suite::samples::{REMEMBERED, begin, ending},
    },
};

/// Commits with notifications wait for each other, so others do without.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_announced_where_something_was_revoked_and_nowhere_else() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let mut heard = PgListener::connect(&server.url()).await.unwrap();
    heard.listen(CHANNEL).await.unwrap();
    let mut count = async || {
        let mut count = 0;
        while let Ok(notification) = timeout(Duration::from_millis(300), heard.recv()).await {
            // The store's own proof has a payload.
            count += u32::from(notification.unwrap().payload().is_empty());
        }
        count
    };
    let store = super::open(&server.url(), std::sync::Arc::new(ManualClock::at(1_000))).await.unwrap();
    begin(&store).await;
    assert_eq!(count().await, 0, "a session began");
    assert!(!store.end("another", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    assert!(store.end_all("another", None, ending(1_500, EndReason::SignedOut)).await.unwrap().is_empty());
    assert!(store.reissue("another", REMEMBERED).await.unwrap().is_empty());
    assert_eq!(count().await, 0, "nothing was revoked");

    assert!(!store.reissue("user", REMEMBERED).await.unwrap().is_empty());
    store.revoke_token("jti", UnixTime::from_seconds(9_999)).await.unwrap();
    assert!(store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.unwrap());
    assert_eq!(count().await, 3);
    let mut transaction = store.begin().await.unwrap();
    revoke_sessions(&mut transaction, &["t".to_owned()], REMEMBERED).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(count().await, 0, "it was rolled back");
}
