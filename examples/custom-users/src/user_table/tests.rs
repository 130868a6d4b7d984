use std::sync::atomic::{AtomicU32, Ordering};

use auth_runtime::store::{AccountStore, suite};
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
