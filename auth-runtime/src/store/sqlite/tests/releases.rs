//! One release takes over from another: the earlier one goes on with its statements on the new schema, and a migration
//! that ends half-way leaves nothing.

use std::collections::{BTreeSet, HashMap};

use sqlx::{
    AssertSqlSafe, Executor as _, SqlSafeStr as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::*;
use crate::{
    clock::UnixTime,
    store::{AccountOpening, AccountQuery, schema::known, sqlite::migrate::MIGRATIONS, statements::of_version},
};

/// The first version with kept statements.
const FIRST: i64 = 6;

/// Creates a file of this version, as the release that knows it left it. One connection stands for its processes.
async fn at_version(dir: &Path, version: i64) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(dir.join("test.db")).create_if_missing(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let record = "CREATE TABLE auth_migrations
        (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
    pool.execute(record).await.unwrap();
    for migration in MIGRATIONS.iter().filter(|migration| migration.version <= version) {
        sqlx::raw_sql(migration.sql).execute(&pool).await.unwrap();
        let record = sqlx::query("INSERT INTO auth_migrations (version, name, applied_at) VALUES (?, ?, 5)");
        record.bind(migration.version).bind(migration.name).execute(&pool).await.unwrap();
    }
    pool
}

/// Returns the type of each column, by table and name.
async fn columns(pool: &SqlitePool) -> HashMap<(String, String), String> {
    let columns = "SELECT tables.name, columns.name, columns.type FROM sqlite_schema tables
        JOIN pragma_table_xinfo(tables.name) columns WHERE tables.type = 'table' AND tables.name LIKE 'auth\\_%' ESCAPE '\\'";
    let columns: Vec<(String, String, String)> = sqlx::query_as(columns).fetch_all(pool).await.unwrap();
    columns.into_iter().map(|(table, column, kind)| ((table, column), kind)).collect()
}

#[tokio::test]
async fn a_release_that_is_replaced_goes_on_with_its_statements() {
    for version in MIGRATIONS.last().unwrap().oldest.max(FIRST)..known(MIGRATIONS) {
        let dir = tempfile::tempdir().unwrap();
        let earlier = at_version(dir.path(), version).await;
        let (statements, before) = (of_version("sqlite", version), columns(&earlier).await);
        run_all(&earlier, &statements, &before).await;
        open(dir.path()).await.unwrap().pool().close().await;
        let after = columns(&earlier).await;
        let lost: Vec<_> = before.iter().filter(|(column, kind)| after.get(*column) != Some(*kind)).collect();
        assert!(lost.is_empty(), "version {version} reads or writes {lost:?}");
        // On the same connection, which prepared the statements before the migration.
        run_all(&earlier, &statements, &before).await;
    }
}

/// Prepares the statements, and runs those that insert given values.
async fn run_all(pool: &SqlitePool, statements: &[String], columns: &HashMap<(String, String), String>) {
    let mut inserted = 0;
    for text in statements {
        let statement = AssertSqlSafe(text.clone()).into_sql_str();
        pool.prepare(statement.clone()).await.unwrap_or_else(|error| panic!("{error}: {text}"));
        let Some((table, names)) = inserts(text) else { continue };
        let mut query = sqlx::query(statement);
        for name in names {
            query = match &*columns[&(table.to_owned(), name.to_owned())] {
                "INTEGER" => query.bind(1_i64),
                "BLOB" => query.bind(vec![1_u8; 32]),
                // Text that is a list, too.
                _ => query.bind("[]"),
            };
        }
        let mut transaction = pool.begin().await.unwrap();
        let outcome = query.fetch_all(&mut *transaction).await;
        // SQLite has checked the row before it finds that another one is missing or there already.
        let code = outcome.as_ref().err().and_then(|error| error.as_database_error()?.code().map(String::from));
        let is_fine = outcome.is_ok() || matches!(code.as_deref(), Some("787" | "1555" | "2067"));
        assert!(is_fine, "{outcome:?}: {text}");
        transaction.rollback().await.unwrap();
        inserted += 1;
    }
    assert!(inserted > 7, "{inserted}");
}

/// Returns the table and the columns of a statement that has only parameters as values, in their order.
fn inserts(statement: &str) -> Option<(&str, Vec<&str>)> {
    let (table, rest) = statement.strip_prefix("INSERT INTO ")?.split_once(" (")?;
    let (names, rest) = rest.split_once(") VALUES (")?;
    let values = rest.split_once(')')?.0;
    values.split(", ").all(|value| value == "?").then(|| (table, names.split(", ").collect()))
}

/// A revocation of the earlier release.
const REVOKED_EARLIER: &str =
    "INSERT INTO auth_revocations (target_kind, target, remember_until) VALUES ('session', 's', 9000)";

#[tokio::test]
async fn revocations_of_the_release_before_have_marks_and_positions_go_on() {
    for newest_are_removed in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let earlier = at_version(dir.path(), 6).await;
        for _ in 0..3 {
            earlier.execute(REVOKED_EARLIER).await.unwrap();
        }
        if newest_are_removed {
            earlier.execute("DELETE FROM auth_revocations").await.unwrap();
        }
        let store = open(dir.path()).await.unwrap();
        earlier.execute(REVOKED_EARLIER).await.unwrap();
        let all = store.revocations(0).await.unwrap();
        let marks: BTreeSet<_> = all.iter().map(|one| one.mark).collect();
        assert_eq!((all.last().unwrap().position, marks.len()), (4, if newest_are_removed { 1 } else { 4 }));
    }
}

/// The last statement of the migration fails.
#[tokio::test]
async fn a_migration_that_ends_half_way_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let earlier = at_version(dir.path(), 6).await;
    earlier.execute(REVOKED_EARLIER).await.unwrap();
    earlier.execute("ALTER TABLE auth_migrations ADD COLUMN oldest INTEGER").await.unwrap();
    let before = columns(&earlier).await;
    assert!(open(dir.path()).await.is_err());
    assert_eq!(columns(&earlier).await, before);
    earlier.execute("ALTER TABLE auth_migrations DROP COLUMN oldest").await.unwrap();
    let store = open(dir.path()).await.unwrap();
    assert_eq!(revoked(&store).await, ["s"]);
}

/// The earlier release knows nothing of pending accounts.
#[tokio::test]
async fn an_account_that_the_release_before_activates_is_open() {
    let Fresh { store, dir: _dir } = fresh().await;
    let mut invited = alice();
    invited.pending_until = Some(UnixTime::from_seconds(2_000));
    let id = store.create(invited).await.unwrap().id;
    sqlx::query("UPDATE auth_accounts SET active = 1 WHERE id = ?").bind(&id).execute(store.pool()).await.unwrap();
    let mut pending = AccountQuery::new(9);
    pending.pending = Some(true);
    assert!(AccountStore::list_accounts(&store, &pending).await.unwrap().is_empty());
    assert!(store.open(&id, AccountOpening::new(), UnixTime::from_seconds(0)).await.unwrap().is_none());
    assert_eq!(store.remove_pending(UnixTime::from_seconds(9_000), 9).await.unwrap(), 0);
    assert!(!store.cancel_pending(&id).await.unwrap());
    let found = AccountStore::find(&store, &id).await.unwrap().unwrap();
    assert_eq!((found.active, found.pending_until), (true, None));
}
