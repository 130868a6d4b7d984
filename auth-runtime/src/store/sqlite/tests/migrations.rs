//! Databases of earlier versions, with people in them.

use super::*;
use crate::store::Account;

/// As the first release left it.
async fn first_version(dir: &Path) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("test.db")).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for sql in [
        include_str!("../../../../migrations/sqlite/0001_accounts.sql"),
        include_str!("../../../../migrations/sqlite/0002_refresh_tokens.sql"),
        "CREATE TABLE auth_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;
        INSERT INTO auth_migrations VALUES (1, 'accounts', 7), (2, 'refresh_tokens', 7);
        INSERT INTO auth_accounts VALUES ('id', 'alice', 'alice@example.org', 'hash', '[\"member\"]', '[]', 1, 0, 7, 8);
        INSERT INTO auth_logins VALUES ('alice', 'id'), ('alice@example.org', 'id');",
    ] {
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

#[tokio::test]
async fn people_of_before_are_still_there_and_their_addresses_are_not_verified() {
    let dir = tempfile::tempdir().unwrap();
    first_version(dir.path()).await;
    let store = open(dir.path()).await.unwrap();
    let alice: Account = store.find_by_login("ALICE").await.unwrap().unwrap();
    assert_eq!((&*alice.id, &alice.roles[..], alice.email_verified_at), ("id", &["member".to_owned()][..], None));
    assert_eq!((alice.created_at, alice.updated_at), (at(7), at(8)));
    assert!(store.set_email_verified("id", "alice@example.org", at(9)).await.unwrap());
    assert_eq!(store.find("id").await.unwrap().unwrap().email_verified_at, Some(at(9)));
}
