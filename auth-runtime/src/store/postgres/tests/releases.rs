//! One release takes over from another: the earlier one goes on with its statements on the new schema, and a migration
//! that ends half-way leaves nothing.

use core::time::Duration;
use std::{collections::BTreeSet, env, sync::Arc};

use sqlx::{
    AssertSqlSafe, Column as _, Either, Executor as _, PgPool, PgTransaction, Statement as _, TypeInfo as _,
    postgres::{PgArguments, PgPoolOptions},
    query::Query,
};

use super::servers::{fresh, open, schema, server};
use crate::{
    clock::manual::ManualClock,
    store::{
        AccountOpening, AccountQuery, AccountStore, NewAccount, PostgresStore, SessionStore,
        child::child,
        postgres::migrate::MIGRATIONS,
        schema::known,
        statements::of_version,
        suite::samples::{at, revoked},
    },
};

const URL: &str = "AUTH_RUNTIME_TEST_POSTGRES_MIGRATED";

/// The first version with kept statements.
const FIRST: i64 = 2;

/// Brings an empty schema to this version, as the release that knows it did. One connection stands for its processes.
async fn at_version(url: &str, version: i64) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(1).connect(url).await.unwrap();
    let record = "CREATE TABLE auth_migrations
        (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    pool.execute(record).await.unwrap();
    for migration in MIGRATIONS.iter().filter(|migration| migration.version <= version) {
        sqlx::raw_sql(migration.sql).execute(&pool).await.unwrap();
        let record = sqlx::query("INSERT INTO auth_migrations (version, name, applied_at) VALUES ($1, $2, 5)");
        record.bind(migration.version).bind(migration.name).execute(&pool).await.unwrap();
    }
    pool
}

async fn columns(pool: &PgPool) -> BTreeSet<(String, String, String)> {
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name LIKE 'auth\\_%'";
    sqlx::query_as(columns).fetch_all(pool).await.unwrap().into_iter().collect()
}

async fn migrate(url: &str) {
    open(url, Arc::new(ManualClock::at(1_000))).await.unwrap().pool().close().await;
}

#[tokio::test]
async fn a_release_that_is_replaced_goes_on_with_its_statements() {
    let Some(server) = server() else { return };
    let oldest = MIGRATIONS.last().unwrap().oldest.max(FIRST);
    for version in oldest..known(MIGRATIONS) {
        let url = schema(&server).await;
        let earlier = at_version(&url, version).await;
        let statements = of_version("postgres", version);
        let before = columns(&earlier).await;
        run_all(&earlier, &statements).await;
        migrate(&url).await;
        let after = columns(&earlier).await;
        let lost: Vec<_> = before.difference(&after).collect();
        assert!(lost.is_empty(), "version {version} reads or writes {lost:?}");
        // On the same connection, which prepared the statements before the migration.
        run_all(&earlier, &statements).await;
    }
}

/// Runs the statements in a transaction that is rolled back. Every parameter gets some value of its type.
async fn run_all(pool: &PgPool, statements: &[String]) {
    let mut transaction = pool.begin().await.unwrap();
    for statement in statements {
        run("SAVEPOINT one", &mut transaction).await.unwrap();
        let statement = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement.clone()));
        let outcome = match (&mut *transaction).prepare(statement.clone()).await {
            Err(error) => Err(error),
            Ok(prepared) => {
                assert!(prepared.columns().iter().all(|column| !column.name().is_empty()));
                let Some(Either::Left(types)) = prepared.parameters() else { panic!("{statement:?}") };
                let query = types.iter().fold(sqlx::query(statement.clone()), |query, one| some(query, one.name()));
                query.fetch_all(&mut *transaction).await.map(drop)
            }
        };
        // The server has checked columns, types and constraints of the row before it finds that another row is missing
        // or there already.
        let code = outcome.as_ref().err().and_then(|error| error.as_database_error()?.code().map(String::from));
        let is_fine = outcome.is_ok() || matches!(code.as_deref(), Some("23503" | "23505"));
        assert!(is_fine, "{outcome:?}: {}", statement.as_str());
        run("ROLLBACK TO one", &mut transaction).await.unwrap();
    }
    transaction.rollback().await.unwrap();
}

async fn run(sql: &'static str, transaction: &mut PgTransaction<'_>) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(&mut **transaction).await.map(drop)
}

fn some<'q>(query: Query<'q, sqlx::Postgres, PgArguments>, kind: &str) -> Query<'q, sqlx::Postgres, PgArguments> {
    match kind {
        "TEXT" => query.bind("x"),
        "TEXT[]" => query.bind(vec!["x"]),
        "INT8" => query.bind(1_i64),
        "INT8[]" => query.bind(vec![1_i64]),
        "BOOL" => query.bind(true),
        "BOOL[]" => query.bind(vec![true]),
        "BYTEA" => query.bind(vec![1_u8; 32]),
        "BYTEA[]" => query.bind(vec![vec![1_u8; 16]]),
        other => panic!("no value of {other}"),
    }
}

/// A revocation of the earlier release, written before and after the migration.
const REVOKED_EARLIER: &str = "UPDATE auth_revocation_position SET position = position + 1;
    INSERT INTO auth_revocations (position, target_kind, target, before_generation, remember_until)
    SELECT position, 'session', 'of earlier ' || position, NULL, 9000 FROM auth_revocation_position";

#[tokio::test]
async fn revocations_of_the_release_before_have_marks() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let earlier = at_version(&url, 2).await;
    for _ in 0..2 {
        sqlx::raw_sql(REVOKED_EARLIER).execute(&earlier).await.unwrap();
    }
    let starting = [(); 3].map(|()| {
        let url = url.clone();
        tokio::spawn(async move { open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap() })
    });
    sqlx::raw_sql(REVOKED_EARLIER).execute(&earlier).await.unwrap();
    for store in starting {
        let store = store.await.unwrap();
        let marks: BTreeSet<_> = store.revocations(0).await.unwrap().iter().map(|one| one.mark).collect();
        assert_eq!(marks.len(), 3);
    }
    let applied: Vec<(i64, i64)> =
        sqlx::query_as("SELECT version, applied_at FROM auth_migrations").fetch_all(&earlier).await.unwrap();
    assert_eq!(applied, [(1, 5), (2, 5), (3, 1_000), (4, 1_000), (5, 1_000)], "three that start at once migrate once");
}

/// The process has changed one table, waits for the next one, and is killed.
#[tokio::test]
async fn a_migration_of_a_killed_process_leaves_nothing() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let earlier = at_version(&url, 2).await;
    sqlx::raw_sql(REVOKED_EARLIER).execute(&earlier).await.unwrap();
    let before = columns(&earlier).await;
    let operator = PgPool::connect(&url).await.unwrap();
    let mut holding = operator.begin().await.unwrap();
    run("LOCK TABLE auth_migrations IN ACCESS SHARE MODE", &mut holding).await.unwrap();
    let mut process = child("postgres::tests::releases::a_process_that_is_killed").env(URL, &url).spawn().unwrap();
    let waits = "SELECT count(*) FROM pg_locks waiting WHERE NOT granted AND relation = 'auth_migrations'::regclass
        AND EXISTS (SELECT 1 FROM pg_locks held WHERE held.pid = waiting.pid AND held.granted
            AND held.relation = 'auth_revocations'::regclass AND held.mode = 'AccessExclusiveLock')";
    while sqlx::query_scalar::<_, i64>(waits).fetch_one(&operator).await.unwrap() == 0 {
        assert!(process.try_wait().unwrap().is_none(), "it did not wait in the middle");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    holding.rollback().await.unwrap();
    let left =
        "SELECT count(*) FROM pg_locks WHERE relation = 'auth_revocations'::regclass AND mode = 'AccessExclusiveLock'";
    while sqlx::query_scalar::<_, i64>(left).fetch_one(&operator).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(columns(&earlier).await, before);

    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    assert_eq!(revoked(&store).await, ["of earlier 1"]);
}

/// Does nothing unless the test above starts it.
#[tokio::test]
async fn a_process_that_is_killed() {
    let Ok(url) = env::var(URL) else { return };
    open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
}

/// A table of revocations may be large. A migration that the time-out of statements ends would end at each start.
#[tokio::test]
async fn a_migration_may_take_longer_than_a_statement_of_a_request() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let earlier = at_version(&url, 2).await;
    sqlx::raw_sql(REVOKED_EARLIER).execute(&earlier).await.unwrap();
    // Each mark takes longer than the time-out.
    let slow = "CREATE FUNCTION gen_random_uuid() RETURNS uuid VOLATILE LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(0.8); RETURN pg_catalog.gen_random_uuid(); END $$";
    sqlx::raw_sql(slow).execute(&earlier).await.unwrap();
    let slow = PostgresStore::builder(format!("{url},pg_catalog")).timeout(Duration::from_millis(600));
    slow.open().await.unwrap();
}

/// The earlier release knows nothing of pending accounts.
#[tokio::test]
async fn an_account_that_the_release_before_activates_is_open() {
    let Some(server) = server() else { return };
    let store = fresh(&server).await;
    let mut invited = NewAccount::new("alice", "alice@example.org", "hash".into());
    invited.pending_until = Some(at(2_000));
    let id = store.create(invited).await.unwrap().id;
    sqlx::query("UPDATE auth_accounts SET active = TRUE WHERE id = $1").bind(&id).execute(store.pool()).await.unwrap();
    let mut pending = AccountQuery::new(9);
    pending.pending = Some(true);
    assert!(AccountStore::list_accounts(&store, &pending).await.unwrap().is_empty());
    assert!(store.open(&id, AccountOpening::new(), at(0)).await.unwrap().is_none());
    assert_eq!(store.remove_pending(at(9_000), 9).await.unwrap(), 0);
    assert!(!store.cancel_pending(&id).await.unwrap());
    let found = store.find(&id).await.unwrap().unwrap();
    assert_eq!((found.active, found.pending_until), (true, None));
}
