//! A store that fails says so: never "not found", and never "done".

use core::{error::Error, time::Duration};

use super::*;
use crate::store::{
    Attempt, AttemptLimits, AttemptStore, CreateError, InsertError, OneTimeRecord, OneTimeTokenStore, Purpose,
    doubles::NoEntropy,
};

async fn assert_everything_fails(store: &SqliteStore) {
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find("id").await.is_err());
    assert!(store.find_by_login("alice").await.is_err());
    assert!(store.set_password_hash("id", &"old".into(), &"new".into()).await.is_err());
    assert!(store.set_roles("id", &[]).await.is_err());
    assert!(store.set_scopes("id", &[]).await.is_err());
    assert!(store.set_active("id", true).await.is_err());
    assert!(matches!(store.insert(token()).await, Err(InsertError::Store(_))));
    assert!(store.claim(&[0; 32], at(0)).await.is_err());
    assert!(store.revoke_session("session", at(0)).await.is_err());
    assert!(store.revoke_user("user", None, at(0)).await.is_err());
    assert!(store.remove_expired(at(0), 1).await.is_err());
    assert!(store.set_email_verified("id", "alice@example.org", at(0)).await.is_err());
    assert_passwords_fail(store).await;
}

async fn assert_passwords_fail(store: &SqliteStore) {
    let (attempt, limits) = (Attempt { account: [1; 32], client: [2; 32] }, AttemptLimits::default());
    assert!(store.admit_attempt(&attempt, &limits, at(0)).await.is_err());
    assert!(store.is_known_client(&attempt, at(0)).await.is_err());
    assert!(store.attempt_succeeded(&attempt, &limits, at(0)).await.is_err());
    assert!(store.clear_attempts(&attempt.account).await.is_err());
    assert!(store.remove_expired_attempts(at(0), 1).await.is_err());
    assert!(store.issue_one_time(one_time_token()).await.is_err());
    assert!(store.find_one_time(&[7; 32], Purpose::PasswordReset, at(0)).await.is_err());
    assert!(store.redeem_one_time(&[7; 32], Purpose::PasswordReset, at(0)).await.is_err());
    assert!(store.void_one_time("id", Purpose::PasswordReset).await.is_err());
    assert!(store.remove_expired_one_time(at(0), 1).await.is_err());
}

fn one_time_token() -> OneTimeRecord {
    OneTimeRecord {
        hash: [7; 32],
        purpose: Purpose::PasswordReset,
        account_id: "id".to_owned(),
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
    let tables = ["logins", "accounts", "refresh_tokens", "attempts", "known_clients", "one_time_tokens"];
    for table in tables {
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE auth_{table}"))).execute(store.pool()).await.unwrap();
    }
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn a_full_pool_and_a_locked_database_fail_after_the_time_out() {
    let Fresh { dir, store } = fresh().await;
    store.insert(token()).await.unwrap();
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1).busy_timeout(Duration::from_millis(50));
    let hurried = builder.connect(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();

    let lock = store.pool().begin_with("BEGIN IMMEDIATE").await.unwrap();
    assert!(hurried.claim(&token().hash, at(1_500)).await.is_err());
    assert!(matches!(hurried.create(alice()).await, Err(CreateError::Store(_))));
    lock.rollback().await.unwrap();

    let only = hurried.pool().acquire().await.unwrap();
    assert!(hurried.find_by_login("alice").await.is_err());
    drop(only);
    assert_eq!(hurried.claim(&token().hash, at(1_500)).await.unwrap(), Claim::Won(token()));
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
async fn a_claim_that_could_not_be_committed_is_not_won() {
    let Fresh { dir, store } = fresh().await;
    store.insert(token()).await.unwrap();
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1);
    let failing = builder.connect(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    refuse_commits(&failing).await;

    store.issue_one_time(one_time_token()).await.unwrap();
    let redeemed = failing.redeem_one_time(&[7; 32], Purpose::PasswordReset, at(1_500)).await;
    assert!(redeemed.is_err());
    let attempt = Attempt { account: [1; 32], client: [2; 32] };
    assert!(failing.admit_attempt(&attempt, &AttemptLimits::default(), at(1_500)).await.is_err());
    assert!(failing.claim(&token().hash, at(1_500)).await.is_err());
    assert!(matches!(failing.create(alice()).await, Err(CreateError::Store(_))));
    assert!(failing.revoke_session("session", at(1_500)).await.is_err());
    assert!(store.find_by_login("alice").await.unwrap().is_none());
    assert_eq!(store.claim(&token().hash, at(1_600)).await.unwrap(), Claim::Won(token()));
}

/// As if the disk were full at every commit.
async fn refuse_commits(store: &SqliteStore) {
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
        assert!(store.find(&id).await.is_err(), "{damage}");
        assert!(store.find_by_login("alice").await.is_err(), "{damage}");
    }
}

#[tokio::test]
async fn no_randomness_means_no_account() {
    let dir = tempfile::tempdir().unwrap();
    let store =
        SqliteStore::connect(&url(dir.path()), Arc::new(ManualClock::at(0)), Arc::new(NoEntropy)).await.unwrap();
    assert!(matches!(store.create(alice()).await, Err(CreateError::Store(_))));
    assert!(store.find_by_login("alice").await.unwrap().is_none());
}

#[tokio::test]
async fn the_error_names_the_store_and_keeps_the_cause_for_the_operator() {
    let Fresh { store, dir: _dir } = fresh().await;
    store.pool().close().await;
    let error = store.find("id").await.unwrap_err();
    assert_eq!(error.to_string(), "the store `sqlite` failed");
    assert!(error.source().unwrap().to_string().contains("closed pool"));
}
