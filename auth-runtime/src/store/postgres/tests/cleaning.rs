//! Removing expired rows while others renew them.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::timeout;

use super::servers::{fresh, server};
use crate::{
    clock::UnixTime,
    store::{
        AccountKey, ApiKeyStore, Attempt, AttemptLimits, AttemptStore, ClientKey, PostgresStore, SessionRecord,
        SessionStore,
        suite::samples::{session, token},
    },
};

const EXPIRED: UnixTime = UnixTime::from_seconds(1_000_000);

fn attempt() -> Attempt {
    Attempt::new(AccountKey::from_bytes([1; 32]), ClientKey::from_bytes([2; 32]))
}

/// Holds an expired row in a transaction that renews it, removes the expired rows, and commits. The row is still there.
async fn renewed_during(store: &Arc<PostgresStore>, renew: &'static str, count: &'static str) {
    let mut renewing = store.begin().await.unwrap();
    assert_eq!(sqlx::query(renew).execute(&mut *renewing).await.unwrap().rows_affected(), 1, "{renew}");
    let removing = {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            store.remove_expired_attempts(EXPIRED, 100).await.unwrap();
            store.remove_expired_keys(EXPIRED, 100).await.unwrap();
            store.remove_expired(EXPIRED, 100).await.unwrap();
        })
    };
    let mut removing = Box::pin(removing);
    // A removal that waits for the row would end only after the commit.
    let waited = timeout(Duration::from_millis(500), &mut removing).await.is_err();
    renewing.commit().await.unwrap();
    if waited {
        removing.await.unwrap();
    }
    let left: i64 = sqlx::query_scalar(count).fetch_one(store.pool()).await.unwrap();
    assert_eq!(left, 1, "{renew}");
    assert!(!waited, "the removal waited for the row: {renew}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_row_that_is_renewed_in_this_moment_stays() {
    let Some(server) = server() else { return };
    let store = Arc::new(fresh(&server).await);
    let (limits, now) = (AttemptLimits::default(), UnixTime::from_seconds(1_000));
    store.attempt_succeeded(&attempt(), &limits, now).await.unwrap();
    let _ = store.admit_attempt(&attempt(), &limits, now).await.unwrap();
    renewed_during(
        &store,
        "UPDATE auth_attempts SET failures = 1, expires_at = 2000000",
        "SELECT count(*) FROM auth_attempts",
    )
    .await;
    store.attempt_succeeded(&attempt(), &limits, now).await.unwrap();
    renewed_during(
        &store,
        "UPDATE auth_known_clients SET expires_at = 2000000",
        "SELECT count(*) FROM auth_known_clients",
    )
    .await;
}

/// A client that refreshes without a pause makes more tokens than one statement can remove in its time. It would fail
/// each time, and no session would ever be removed again.
#[tokio::test]
async fn a_session_with_many_tokens_is_removed_in_batches() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    let over = SessionRecord { absolute_expires_at: UnixTime::from_seconds(1_600), ..session("s") };
    SessionStore::begin(&store, over, token(1)).await.unwrap();
    let tokens = "INSERT INTO auth_session_tokens (token_hash, session_id, expires_at)
        SELECT sha256(number::text::bytea), 's', 2000 FROM generate_series(1, 2000) AS number";
    sqlx::raw_sql(tokens).execute(store.pool()).await.unwrap();
    let now = UnixTime::from_seconds(1_600);
    assert_eq!(store.remove_expired(now, 500).await.unwrap(), 500);
    let left = "SELECT count(*) FROM auth_session_tokens";
    assert_eq!(sqlx::query_scalar::<_, i64>(left).fetch_one(store.pool()).await.unwrap(), 1_501);
    while store.remove_expired(now, 500).await.unwrap() > 0 {}
    assert!(store.find_session("s").await.unwrap().is_none());
}
