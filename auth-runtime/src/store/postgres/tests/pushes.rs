//! The announcements to the processes that listen.

use core::time::Duration;
use std::sync::Arc;

use sqlx::{PgPool, postgres::PgListener};
use tokio::time::timeout;

use super::{own::OwnServer, schema, server};
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
    let store = super::open(&server.url(), Arc::new(ManualClock::at(1_000))).await.unwrap();
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

/// A queue of notifications that is full fails every commit with one, for example where another program listens in a
/// transaction that it never ends. A sign-out must not fail for that: processes also ask without a push.
#[tokio::test]
async fn a_revocation_needs_no_room_in_the_queue_of_notifications() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let pool = PgPool::connect(&url).await.unwrap();
    // What the server would say, and do at the commit.
    let full = "CREATE FUNCTION pg_notification_queue_usage() RETURNS double precision LANGUAGE sql AS 'SELECT 0.99';
        CREATE FUNCTION pg_notify(text, text) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN IF $1 = 'auth_revocations' THEN RAISE 'too many notifications in the NOTIFY queue'; END IF; END $$";
    sqlx::raw_sql(full).execute(&pool).await.unwrap();
    let store = super::open(&format!("{url},pg_catalog"), Arc::new(ManualClock::at(1_000))).await.unwrap();
    store.revoke_token("jti", UnixTime::from_seconds(9_999)).await.unwrap();
    assert_eq!(store.revocations(0).await.unwrap().len(), 1);
}
