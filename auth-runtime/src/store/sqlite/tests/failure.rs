//! A failing store returns an error, never "not found" or "done".

use core::{error::Error, time::Duration};

use tokio::task::JoinSet;

use super::*;
use crate::{
    secret::doubles::NoEntropy,
    store::{
        AccountOpening, AccountQuery, AttemptLimits, AttemptStore, CreateError, OneTimeRecord, OneTimeTokenStore,
        Purpose, Touch, suite::samples::label,
    },
};

async fn assert_everything_fails(store: &SqliteStore) {
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(AccountStore::find(store, "id").await.is_err());
    assert!(store.find_by_login("alice").await.is_err());
    assert!(store.set_password_hash("id", &"old".into(), &"new".into()).await.is_err());
    assert!(store.set_roles("id", &[]).await.is_err());
    assert!(store.set_scopes("id", &[]).await.is_err());
    assert!(store.set_active("id", true).await.is_err());
    assert!(store.begin(session("s"), token(1)).await.is_err());
    assert!(store.find_by_token(&hash(1)).await.is_err());
    assert!(store.find_session("s").await.is_err());
    assert!(store.find_by_cookie(&hash(1)).await.is_err());
    assert!(SessionStore::list(store, "user", at(0)).await.is_err());
    assert!(AccountStore::list_accounts(store, &AccountQuery::new(1)).await.is_err());
    assert!(store.revocations(0).await.is_err());
    assert!(store.remove_expired(at(0), 1).await.is_err());
    assert!(store.set_email_verified("id", "alice@example.org", at(0)).await.is_err());
    assert_account_changes_fail(store).await;
    assert_changes_fail(store).await;
    assert_passwords_fail(store).await;
}

async fn assert_account_changes_fail(store: &SqliteStore) {
    assert!(store.open("id", AccountOpening::new(), at(0)).await.is_err());
    assert!(store.remove_pending(at(0), 1).await.is_err());
    assert!(store.cancel_pending("id").await.is_err());
    assert!(store.set_active("id", false).await.is_err());
    assert!(store.set_superuser("id", true).await.is_err());
    assert!(store.set_superuser("id", false).await.is_err());
    assert!(store.set_username("id", "other").await.is_err());
    assert!(store.set_email("id", "old", "new", None).await.is_err());
    assert!(store.delete("id").await.is_err());
}

/// Asserts that every method fails that would change the session "s" with the refresh token 1.
async fn assert_changes_fail(store: &SqliteStore) {
    let client = label("third");
    let touch = Touch { id: "s", client: &client, now: at(1_500), idle_expires_at: at(2_500) };
    assert!(present(1, 2, 1_500).try_to(store).await.is_err());
    assert!(store.touch(touch).await.is_err());
    assert!(store.reauthenticated("s", None, at(1_500)).await.is_err());
    assert!(store.end("s", "user", ending(1_500, EndReason::SignedOut)).await.is_err());
    assert!(store.end_all("user", None, ending(1_500, EndReason::SignedOut)).await.is_err());
    assert!(store.remove_all("user", ending(1_500, EndReason::Deleted)).await.is_err());
    assert!(store.reissue("user", at(2_000)).await.is_err());
    assert!(store.revoke_token("jti", at(2_000)).await.is_err());
    assert!(store.remove_expired(at(i64::MAX), 10).await.is_err());
}

async fn assert_passwords_fail(store: &SqliteStore) {
    let (attempt, limits) = (attempt(1, 2), AttemptLimits::default());
    assert!(store.admit_attempt(&attempt, &limits, at(0)).await.is_err());
    assert!(store.is_known_client(&attempt, at(0)).await.is_err());
    assert!(store.attempt_succeeded(&attempt, &limits, at(0)).await.is_err());
    assert!(store.withdraw_attempt(&attempt, at(0)).await.is_err());
    assert!(store.clear_attempts(&attempt.account).await.is_err());
    assert!(store.forget(&attempt.account).await.is_err());
    assert!(store.remove_expired_attempts(at(0), 1).await.is_err());
    assert!(store.issue_one_time(one_time_token()).await.is_err());
    assert!(store.find_one_time(&hash(7), Purpose::PasswordReset, at(0)).await.is_err());
    assert!(store.redeem_one_time(&hash(7), Purpose::PasswordReset, at(0)).await.is_err());
    assert!(store.void_one_time("id", Purpose::PasswordReset).await.is_err());
    assert!(store.void_all_one_time("id").await.is_err());
    assert!(store.remove_expired_one_time(at(0), 1).await.is_err());
}

pub(super) fn one_time_token() -> OneTimeRecord {
    OneTimeRecord {
        hash: hash(7),
        purpose: Purpose::PasswordReset,
        user_id: "id".to_owned(),
        email: "alice@example.org".to_owned(),
        expires_at: at(2_000),
    }
}

#[tokio::test]
async fn a_closed_pool_fails_everything() {
    let Fresh { store, dir: _dir } = fresh().await;
    store.pool().close().await;
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn missing_tables_fail_everything() {
    let Fresh { store, dir: _dir } = fresh().await;
    let tables = [
        "logins",
        "accounts",
        "session_tokens",
        "sessions",
        "revocations",
        "attempts",
        "known_clients",
        "one_time_tokens",
    ];
    for table in tables {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE auth_{table}"))).execute(store.pool()).await.unwrap();
    }
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn a_full_pool_and_a_locked_database_fail_after_the_time_out() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1).busy_timeout(Duration::from_millis(50));
    let hurried = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();

    let lock = store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    assert_changes_fail(&hurried).await;
    assert!(matches!(hurried.create(alice()).await, Err(CreateError::Store(_))));
    lock.rollback().await.unwrap();

    let only = hurried.pool().acquire().await.unwrap();
    assert!(hurried.find_by_login("alice").await.is_err());
    drop(only);
    assert!(matches!(present(1, 2, 1_500).to(&hurried).await, Rotated::Won(_)));
}

#[tokio::test]
async fn a_short_lock_is_waited_for() {
    let Fresh { dir, store } = fresh().await;
    let other = open(dir.path()).await.unwrap();
    let lock = other.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    let creating = tokio::spawn(async move { store.create(alice()).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!creating.is_finished());
    lock.rollback().await.unwrap();
    creating.await.unwrap().unwrap();
}

#[tokio::test]
async fn failed_commits_change_nothing() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1);
    let failing = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    refuse_commits(&failing).await;

    assert_changes_fail(&failing).await;
    assert!(failing.begin(session("t"), token(9)).await.is_err());
    store.issue_one_time(one_time_token()).await.unwrap();
    let redeemed = failing.redeem_one_time(&hash(7), Purpose::PasswordReset, at(1_500)).await;
    assert!(redeemed.is_err());
    assert!(failing.admit_attempt(&attempt(1, 2), &AttemptLimits::default(), at(1_500)).await.is_err());
    assert!(matches!(failing.create(alice()).await, Err(CreateError::Store(_))));

    assert!(store.find_by_login("alice").await.unwrap().is_none());
    assert!(store.find_session("t").await.unwrap().is_none());
    assert!(found(&store, "s").await == session("s"));
    assert!(store.revocations(0).await.unwrap().is_empty());
    assert!(matches!(present(1, 3, 1_600).to(&store).await, Rotated::Won(_)), "the token was not used up");

    let copy = present(1, 4, 1_700);
    assert!(copy.try_to(&failing).await.is_err(), "the family has not ended, so the answer must not say so");
    assert_eq!(found(&store, "s").await.ended, None);
    assert!(matches!(copy.to(&store).await, Rotated::Reused(_)));
}

/// The disk is really full: SQLite may not extend the file.
#[tokio::test]
async fn a_full_disk_uses_nothing_up() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1);
    let full = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    // The pragma cannot set the limit below the present number of pages.
    sqlx::query("PRAGMA max_page_count = 1").execute(full.pool()).await.unwrap();

    let large = Presented { sealed: vec![0; 1 << 20], ..present(1, 2, 1_500) };
    let error = large.try_to(&full).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("full"), "{:?}", error.source());
    assert!(found(&store, "s").await == session("s"));
    assert!(store.find_by_token(&hash(2)).await.unwrap().is_none());
    assert!(matches!(present(1, 3, 1_600).to(&store).await, Rotated::Won(_)));
}

/// Makes every commit fail, as a full disk would.
pub(super) async fn refuse_commits(store: &SqliteStore) {
    let mut connection = store.pool().acquire().await.unwrap();
    connection.lock_handle().await.unwrap().set_commit_hook(|| false);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_and_not_an_account_without_roles() {
    let Fresh { store, dir: _dir } = fresh().await;
    let id = store.create(alice()).await.unwrap().id;
    for damage in ["UPDATE auth_accounts SET roles = '[1]'", "UPDATE auth_accounts SET roles = '[]', scopes = '[null]'"]
    {
        sqlx::query(damage).execute(store.pool()).await.unwrap();
        assert!(AccountStore::find(&store, &id).await.is_err(), "{damage}");
        assert!(store.find_by_login("alice").await.is_err(), "{damage}");
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_read_is_an_error_and_neither_live_nor_missing() {
    let Fresh { store, dir: _dir } = fresh().await;
    begin(&store).await;
    for damage in [
        "UPDATE auth_sessions SET kind = 'later'",
        "UPDATE auth_sessions SET kind = 'bearer', ended_at = 1500, ended_why = 'later'",
    ] {
        sqlx::query(damage).execute(store.pool()).await.unwrap();
        assert!(store.find_session("s").await.is_err(), "{damage}");
        assert!(store.find_by_token(&hash(1)).await.is_err(), "{damage}");
        assert!(present(1, 2, 1_500).try_to(&store).await.is_err(), "{damage}");
    }
    store.revoke_token("jti", at(2_000)).await.unwrap();
    sqlx::query("UPDATE auth_revocations SET target_kind = 'later'").execute(store.pool()).await.unwrap();
    assert!(store.revocations(0).await.is_err());
}

#[tokio::test]
async fn rows_that_contradict_themselves_are_refused() {
    let Fresh { store, dir: _dir } = fresh().await;
    begin(&store).await;
    for contradiction in [
        "UPDATE auth_sessions SET ended_at = 1500",
        "UPDATE auth_sessions SET ended_why = 'revoked'",
        "UPDATE auth_sessions SET cookie_hash = x'00'",
        "UPDATE auth_session_tokens SET claimed_by = zeroblob(32)",
        "UPDATE auth_session_tokens SET sealed = x'00', sealed_until = 1500",
        "UPDATE auth_session_tokens SET claimed_at = 1500, sealed = x'00'",
        "UPDATE auth_session_tokens SET session_id = 'nobody''s'",
        "UPDATE auth_session_tokens SET token_hash = x'00'",
    ] {
        assert!(sqlx::raw_sql(contradiction).execute(store.pool()).await.is_err(), "{contradiction}");
    }
}

#[tokio::test]
async fn no_randomness_means_no_account() {
    let dir = tempfile::tempdir().unwrap();
    let store =
        SqliteStore::open_with(&url(dir.path()), Arc::new(ManualClock::at(0)), Arc::new(NoEntropy)).await.unwrap();
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find_by_login("alice").await.unwrap().is_none());
}

#[tokio::test]
async fn the_error_names_the_store_and_keeps_the_cause_for_the_operator() {
    let Fresh { store, dir: _dir } = fresh().await;
    store.pool().close().await;
    let error = AccountStore::find(&store, "id").await.unwrap_err();
    assert_eq!(error.to_string(), "the store `sqlite` failed");
    assert!(error.source().unwrap().to_string().contains("closed pool"));
}

#[tokio::test]
async fn writers_wait_in_turn_and_readers_do_not_wait_for_them() {
    let Fresh { dir, store } = fresh().await;
    begin(&store).await;
    let builder = SqliteStore::builder(url(dir.path())).busy_timeout(Duration::from_millis(300));
    let hurried = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    let lock = store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    let writers: JoinSet<_> = (0..64)
        .map(|_| {
            let store = hurried.clone();
            async move { present(1, 2, 1_500).try_to(&store).await.is_err() }
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(found(&hurried, "s").await == session("s"), "no connection is left for those who read");
    assert!(writers.join_all().await.into_iter().all(|failed| failed), "a writer outlasted the lock");
    lock.rollback().await.unwrap();
    assert!(matches!(present(1, 2, 1_500).to(&hurried).await, Rotated::Won(_)));
}
