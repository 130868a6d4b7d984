use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use auth_runtime::{
    clock::UnixTime,
    store::{AccountStore, NewAccount, suite},
};
use tempfile::TempDir;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_table_conforms_to_the_suite_for_stores_of_accounts() {
    let (folder, tables) = (TempDir::new().unwrap(), AtomicU32::new(0));
    suite::account_store(async || {
        let number = tables.fetch_add(1, Ordering::Relaxed);
        let table = UserTable::open_example(&folder.path().join(format!("{number}.db"))).await.unwrap();
        execute(&table, "DELETE FROM users").await;
        table
    })
    .await;
}

#[tokio::test]
async fn a_row_that_old_code_inserts_is_found_at_once() {
    let (_folder, table) = example().await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES ('Eve@example.org', '', 'Eve')").await;
    assert_eq!(found(&table, "eve@EXAMPLE.org").await.as_deref(), Some("10"));
}

#[tokio::test]
async fn an_address_that_old_code_changes_is_found_at_once_and_the_former_one_no_longer() {
    let (_folder, table) = example().await;
    execute(&table, "UPDATE users SET email = 'chia@example.org' WHERE id = 5").await;
    assert_eq!(found(&table, "chi@example.org").await, None);
    assert_eq!(found(&table, "Chia@example.org").await.as_deref(), Some("5"));
}

#[tokio::test]
async fn the_first_of_two_almost_equal_addresses_is_found() {
    let (_folder, table) = example().await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES ('ADA@example.org', '', 'Other')").await;
    assert_eq!(found(&table, "ADA@example.org").await.as_deref(), Some("1"));
    assert_eq!(found(&table, "chi@example.org").await.as_deref(), Some("5"), "the others are found as before");
}

#[tokio::test]
async fn identifiers_have_exactly_one_form() {
    let (_folder, table) = example().await;
    assert!(table.find("5").await.unwrap().is_some());
    for id in ["05", "+5", " 5", "5 ", "5.0", "", "9223372036854775808"] {
        assert!(AccountStore::find(&table, id).await.unwrap().is_none(), "{id:?}");
    }
}

#[tokio::test]
async fn a_second_start_changes_nothing() {
    let (folder, table) = example().await;
    let rows = "SELECT id, email, email_key FROM users ORDER BY id";
    let before: Vec<(i64, String, Option<String>)> = sqlx::query_as(rows).fetch_all(&table.pool).await.unwrap();
    let again = UserTable::open_example(&folder.path().join("app.db")).await.unwrap();
    let after: Vec<(i64, String, Option<String>)> = sqlx::query_as(rows).fetch_all(&again.pool).await.unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_address_that_old_code_changes_is_no_longer_verified() {
    let (_folder, table) = example().await;
    assert!(table.set_email_verified("5", "chi@example.org", UnixTime::from_seconds(1)).await.unwrap());
    execute(&table, "UPDATE users SET email = 'chi@example.org', display_name = 'Chi O.' WHERE id = 5").await;
    assert!(verified(&table, "5").await, "the address is the same");
    execute(&table, "UPDATE users SET email = 'boss@example.com' WHERE id = 5").await;
    assert!(!verified(&table, "5").await);
}

#[tokio::test]
async fn a_former_address_is_no_longer_a_name() {
    let (_folder, table) = example().await;
    // An import without user names makes the address the name.
    let gil = NewAccount::new("gil@example.org", "gil@example.org", "!".to_owned().into());
    let gil = AccountStore::create(&table, gil).await.unwrap();
    assert_eq!(gil.id, "10");
    execute(&table, "UPDATE users SET email = 'gil@example.com' WHERE id = 10").await;
    execute(&table, "UPDATE users SET email = 'gil@example.org' WHERE id = 5").await;
    assert_eq!(found(&table, "gil@example.org").await.as_deref(), Some("5"));
    assert_eq!(found(&table, "gil@example.com").await.as_deref(), Some("10"));
}

#[tokio::test]
async fn a_name_that_is_no_address_stays_when_the_address_changes() {
    let (_folder, table) = example().await;
    let new = NewAccount::new("gil", "gil@example.org", "!".to_owned().into());
    assert_eq!(AccountStore::create(&table, new).await.unwrap().id, "10");
    execute(&table, "UPDATE users SET email = 'gil@example.com' WHERE id = 10").await;
    assert_eq!(found(&table, "gil").await.as_deref(), Some("10"));
}

#[tokio::test]
async fn a_row_that_is_saved_unchanged_keeps_its_key_although_another_has_a_similar_address() {
    let (_folder, table) = example().await;
    execute(&table, "UPDATE users SET email = 'CHI@example.org' WHERE id = 1").await;
    execute(&table, "UPDATE users SET email = 'chi@example.org', display_name = 'Chi O.' WHERE id = 5").await;
    assert_eq!(found(&table, "chi@example.org").await.as_deref(), Some("5"));
}

#[tokio::test]
async fn an_address_that_cannot_be_read_stops_only_its_own_user() {
    let (_folder, table) = example().await;
    let latin_1 = "INSERT INTO users (email, pw_hash, display_name) VALUES (CAST(x'e46461' AS TEXT), '', 'L')";
    execute(&table, latin_1).await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES (x'616461', '', 'B')").await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES ('eve@example.org', '', 'E')").await;
    assert_eq!(found(&table, "ada@example.org").await.as_deref(), Some("1"));
    assert_eq!(found(&table, "eve@example.org").await.as_deref(), Some("12"));
}

#[tokio::test]
async fn a_similar_address_is_tried_once_and_again_at_the_next_start() {
    let (folder, table) = example().await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES ('ADA@example.org', '', 'Other')").await;
    assert_eq!(found(&table, "unknown@example.org").await, None);
    let writer = table.pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    assert_eq!(found(&table, "unknown@example.org").await, None, "this look-up has nothing to write");
    writer.rollback().await.unwrap();

    execute(&table, "UPDATE users SET email = 'quist@example.org' WHERE id = 1").await;
    let again = UserTable::open_example(&folder.path().join("app.db")).await.unwrap();
    assert_eq!(found(&again, "ada@example.org").await.as_deref(), Some("10"));
}

#[tokio::test]
async fn a_look_up_does_not_wait_while_old_code_writes() {
    let (_folder, table) = example().await;
    execute(&table, "INSERT INTO users (email, pw_hash, display_name) VALUES ('eve@example.org', '', 'Eve')").await;
    let writer = table.pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let start = Instant::now();
    assert_eq!(found(&table, "chi@example.org").await.as_deref(), Some("5"));
    assert!(table.find_by_login("eve@example.org").await.is_err(), "the key cannot be written now");
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    writer.rollback().await.unwrap();
    assert_eq!(found(&table, "eve@example.org").await.as_deref(), Some("10"));
}

/// Returns a folder with the example's database, and its table.
async fn example() -> (TempDir, UserTable) {
    let folder = TempDir::new().unwrap();
    let table = UserTable::open_example(&folder.path().join("app.db")).await.unwrap();
    (folder, table)
}

async fn execute(table: &UserTable, sql: &'static str) {
    sqlx::query(sql).execute(&table.pool).await.unwrap();
}

async fn found(table: &UserTable, login: &str) -> Option<String> {
    table.find_by_login(login).await.unwrap().map(|account| account.id)
}

async fn verified(table: &UserTable, id: &str) -> bool {
    AccountStore::find(table, id).await.unwrap().unwrap().email_verified_at.is_some()
}
