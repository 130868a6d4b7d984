//! API keys in a SQLite file: failed transactions, unreadable rows, and the migration of a database in use.

use super::{migration::WITHOUT_GENERATIONS, *};
use crate::store::{ApiKeyError, ApiKeyRecord, ApiKeyStore};

pub(super) fn key(number: u8) -> ApiKeyRecord {
    ApiKeyRecord {
        id: number.to_string(),
        user_id: "user".to_owned(),
        name: "deploy".to_owned(),
        hash: hash(number),
        display: "ak_live_Ab3x".to_owned(),
        scopes: vec!["notes:read".to_owned()],
        limit: None,
        created_at: at(1_000),
        expires_at: Some(at(2_000)),
        last_used_at: None,
        revoked_at: None,
        replaced_by: None,
    }
}

async fn assert_everything_fails(store: &SqliteStore) {
    let store: &dyn ApiKeyStore = store;
    assert!(matches!(store.create_key(key(2), 10).await, Err(ApiKeyError::Store(_))));
    assert!(matches!(store.rotate_key("1", key(2), at(1_500), 10).await, Err(ApiKeyError::Store(_))));
    assert!(store.find_key(&hash(1)).await.is_err());
    assert!(store.list_keys("user").await.is_err());
    assert!(store.revoke_key("user", "1", at(1_500)).await.is_err());
    assert!(store.revoke_all_keys("user", at(1_500)).await.is_err());
    assert!(store.remove_all_keys("user").await.is_err());
    assert!(store.key_used("1", at(1_500)).await.is_err());
    assert!(store.remove_expired_keys(at(i64::MAX), 1).await.is_err());
}

#[tokio::test]
async fn a_closed_pool_and_a_missing_table_fail_everything() {
    let Fresh { store, dir: _dir } = fresh().await;
    sqlx::query("DROP TABLE auth_api_keys").execute(store.pool()).await.unwrap();
    assert_everything_fails(&store).await;
    store.pool().close().await;
    assert_everything_fails(&store).await;
}

#[tokio::test]
async fn failed_commits_leave_api_keys_unchanged() {
    let Fresh { dir, store } = fresh().await;
    let keys: &dyn ApiKeyStore = &store;
    keys.create_key(key(1), 10).await.unwrap();
    let builder = SqliteStore::builder(url(dir.path())).max_connections(1);
    let failing = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    let mut connection = failing.pool().acquire().await.unwrap();
    connection.lock_handle().await.unwrap().set_commit_hook(|| false);
    drop(connection);

    let without_commits: &dyn ApiKeyStore = &failing;
    assert!(matches!(without_commits.create_key(key(2), 10).await, Err(ApiKeyError::Store(_))));
    assert!(matches!(without_commits.rotate_key("1", key(2), at(1_500), 10).await, Err(ApiKeyError::Store(_))));
    assert!(without_commits.revoke_key("user", "1", at(1_500)).await.is_err());
    assert!(without_commits.revoke_all_keys("user", at(1_500)).await.is_err());
    assert_eq!(keys.list_keys("user").await.unwrap(), [key(1)]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_and_not_a_key_without_scopes_or_limit() {
    let Fresh { store, dir: _dir } = fresh().await;
    let keys: &dyn ApiKeyStore = &store;
    keys.create_key(key(1), 10).await.unwrap();
    for damage in [
        "UPDATE auth_api_keys SET scopes = '[1]'",
        "UPDATE auth_api_keys SET scopes = '[]', limit_count = 4294967296, limit_seconds = 1",
    ] {
        sqlx::query(damage).execute(store.pool()).await.unwrap();
        assert!(keys.find_key(&hash(1)).await.is_err(), "{damage}");
        assert!(keys.list_keys("user").await.is_err(), "{damage}");
    }
    for refused in ["UPDATE auth_api_keys SET limit_seconds = NULL", "UPDATE auth_api_keys SET limit_count = 0"] {
        assert!(sqlx::query(refused).execute(store.pool()).await.is_err(), "{refused}");
    }
}

#[tokio::test]
async fn a_database_that_has_users_gets_the_table() {
    let Fresh { dir, store } = fresh().await;
    let alice = AccountStore::create(&store, alice()).await.unwrap();
    let without_keys = "DROP TABLE auth_api_keys; DELETE FROM auth_migrations WHERE version = 5";
    for undo in [WITHOUT_GENERATIONS, without_keys] {
        sqlx::raw_sql(undo).execute(store.pool()).await.unwrap();
    }
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    let keys: &dyn ApiKeyStore = &store;
    keys.create_key(ApiKeyRecord { user_id: alice.id.clone(), ..key(1) }, 10).await.unwrap();
    assert_eq!(keys.list_keys(&alice.id).await.unwrap().len(), 1);
    assert_eq!(AccountStore::find(&store, &alice.id).await.unwrap().unwrap().profile(), alice.profile());
}

#[tokio::test]
async fn queries_of_requests_and_of_cleaning_use_an_index() {
    let Fresh { store, dir: _dir } = fresh().await;
    for (query, index) in [
        ("SELECT * FROM auth_api_keys WHERE key_hash = x''", "key_hash=?"),
        ("SELECT * FROM auth_api_keys WHERE user_id = '' ORDER BY id", "auth_api_keys_by_user"),
        ("SELECT id FROM auth_api_keys WHERE ends_at <= 1 ORDER BY ends_at LIMIT 1", "auth_api_keys_by_end"),
    ] {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}")))
                .fetch_all(store.pool())
                .await
                .unwrap();
        assert!(plan.iter().any(|step| step.3.contains(index)), "{plan:?}");
        assert!(!plan.iter().any(|step| step.3.contains("SCAN") || step.3.contains("TEMP B-TREE")), "{plan:?}");
    }
}
