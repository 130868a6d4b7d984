//! The file, its settings and its schema.

use core::time::Duration;
use std::fs;

use tokio::task::JoinSet;

use super::*;
use crate::{
    clock::{Clock as _, SystemClock},
    store::CreateError,
};

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let Fresh { dir, store } = fresh().await;
    store.create(alice()).await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(names, ["test.db", "test.db-shm", "test.db-wal"]);
}

#[tokio::test]
async fn every_connection_keeps_its_settings() {
    let Fresh { store, dir: _dir } = fresh().await;
    let mut connections = Vec::new();
    for _ in 0..8 {
        let mut connection = store.pool().acquire().await.unwrap();
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await.unwrap();
        let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await.unwrap();
        let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys").fetch_one(&mut *connection).await.unwrap();
        let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(&mut *connection).await.unwrap();
        // 2 is FULL: a commit is on the disk before it is reported.
        assert_eq!((&*journal, synchronous, foreign_keys, busy), ("wal", 2, 1, 5_000));
        connections.push(connection);
    }
}

#[tokio::test]
async fn the_application_keeps_its_own_tables_beside_ours() {
    let Fresh { dir, store } = fresh().await;
    let create = "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL REFERENCES auth_accounts (id))";
    sqlx::query(create).execute(store.pool()).await.unwrap();
    let owner = store.create(alice()).await.unwrap().id;
    let insert = "INSERT INTO notes (owner) VALUES (?)";
    sqlx::query(insert).bind(&owner).execute(store.pool()).await.unwrap();
    assert!(sqlx::query(insert).bind("nobody").execute(store.pool()).await.is_err());
    store.pool().close().await;

    let store = open(dir.path()).await.unwrap();
    let notes: i64 = sqlx::query_scalar("SELECT count(*) FROM notes").fetch_one(store.pool()).await.unwrap();
    assert_eq!(notes, 1);
}

#[tokio::test]
async fn a_migration_is_applied_once_and_recorded() {
    let Fresh { dir, store } = fresh().await;
    let again = open(dir.path()).await.unwrap();
    let applied: Vec<(i64, String, i64)> =
        sqlx::query_as("SELECT version, name, applied_at FROM auth_migrations").fetch_all(again.pool()).await.unwrap();
    let expected = [
        (1, "accounts"),
        (2, "refresh_tokens"),
        (3, "sessions"),
        (4, "passwords"),
        (5, "api_keys"),
        (6, "generations"),
        (7, "marks"),
        (8, "account_life"),
    ];
    assert_eq!(applied, expected.map(|(version, name)| (version, name.to_owned(), 1_000)));
    drop(store);
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let Fresh { dir, store } = fresh().await;
    let newer = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (998, 'later', 8, 0)";
    sqlx::query(newer).execute(store.pool()).await.unwrap();
    open(dir.path()).await.unwrap();
    let newer = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (999, 'later', 9, 0)";
    sqlx::query(newer).execute(store.pool()).await.unwrap();
    let error = open(dir.path()).await.err().unwrap();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        cause,
        "the database's tables are of version 999, for programs that know version 9 or later; this program knows versions \
         up to 8: run a newer release"
    );
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("test.db");
    fs::File::create(&file).unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    // This table collides with the last migration.
    sqlx::query("CREATE TABLE auth_api_keys (x)").execute(&pool).await.unwrap();
    assert!(open(dir.path()).await.is_err());
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'").fetch_all(&pool).await.unwrap();
    assert_eq!(tables, ["auth_api_keys"]);
    sqlx::query("DROP TABLE auth_api_keys").execute(&pool).await.unwrap();
    open(dir.path()).await.unwrap();
}

/// With nothing handed in, the store goes by the operating system's clock and randomness.
#[tokio::test]
async fn a_url_is_enough_to_open_a_database() {
    let dir = tempfile::tempdir().unwrap();
    let before = SystemClock::new().unix();
    let mut ids = Vec::new();
    for name in ["alice", "bob"] {
        let store = SqliteStore::open(&url(dir.path())).await.unwrap();
        let new = NewAccount::new(name, format!("{name}@example.org"), "no hash".to_owned().into());
        let account = store.create(new).await.unwrap();
        assert!((before..=SystemClock::new().unix()).contains(&account.created_at), "{account:?}");
        ids.push(account.id);
    }
    assert_ne!(ids[0], ids[1]);
    assert!(SqliteStore::builder(url(dir.path())).max_connections(1).open().await.is_ok());
    assert!(SqliteStore::open("postgres://localhost/notes").await.is_err());
}

#[tokio::test]
async fn a_file_may_have_any_name() {
    let dir = tempfile::tempdir().unwrap();
    for (name, encoded) in
        [("a:b.db", "a:b.db"), ("a b?.db", "a b%3F.db"), ("ü'\"#.db", "ü'\"#.db"), (":memory:", "%3Amemory%3A")]
    {
        let url = format!("sqlite://{}/{encoded}", dir.path().display());
        let store = SqliteStore::open_with(&url, Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await;
        store.unwrap().create(alice()).await.unwrap();
        assert!(dir.path().join(name).exists(), "{name}");
    }
}

#[tokio::test]
async fn a_database_in_memory_makes_no_file() {
    for url in ["sqlite::memory:", "sqlite://:memory:", "sqlite://notes.db?mode=memory"] {
        let store = SqliteStore::open_with(url, Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await;
        let store = store.unwrap();
        store.create(alice()).await.unwrap();
        let options = store.pool().options();
        assert_eq!((options.get_min_connections(), options.get_max_connections()), (1, 1), "{url}");
        assert_eq!((options.get_idle_timeout(), options.get_max_lifetime()), (None, None), "{url}");
        assert!(!Path::new("notes.db").exists() && !Path::new(":memory:").exists(), "{url}");
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_opened_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let no_directory = format!("sqlite://{}", dir.path().join("missing/test.db").display());
    let unknown_parameter = format!("{}?mood=ro", url(dir.path()));
    let a_directory = format!("sqlite://{}", dir.path().display());
    let no_database = format!("sqlite://{}", dir.path().join("text").display());
    fs::write(dir.path().join("text"), "Not a database, but long enough to be looked at. ".repeat(100)).unwrap();
    let no_scheme = dir.path().join("test.db").display().to_string();
    let urls = [
        "",
        "sqlite:",
        "sqlite://",
        "postgres://localhost/x",
        &no_directory,
        &unknown_parameter,
        &a_directory,
        &no_database,
        &no_scheme,
    ];
    for url in urls {
        let builder = SqliteStore::builder(url).busy_timeout(Duration::from_millis(50));
        let store = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await;
        assert!(store.is_err(), "{url}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_to_nothing_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(dir.path().join("elsewhere.db"), dir.path().join("test.db")).unwrap();
    let url = format!("{}?mode=rwc", url(dir.path()));
    let store = SqliteStore::open_with(&url, Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await;
    assert!(store.is_err());
    assert!(!dir.path().join("elsewhere.db").exists(), "it would be as readable as the umask lets it");
}

#[tokio::test]
async fn time_outs_are_as_told() {
    let dir = tempfile::tempdir().unwrap();
    let timeout = Duration::from_millis(1_234);
    let builder = SqliteStore::builder(url(dir.path())).max_connections(3).busy_timeout(timeout);
    let store = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
    let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(store.pool()).await.unwrap();
    assert_eq!(busy, 1_234);
    assert_eq!(store.pool().options().get_acquire_timeout(), timeout);
    assert_eq!(store.pool().options().get_max_connections(), 3);
}

/// Zero would give no connection the time to open. The libraries below panic on the longest times.
#[tokio::test]
async fn any_time_out_and_any_number_of_connections_work() {
    for timeout in [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(u64::MAX / 4), Duration::MAX] {
        let dir = tempfile::tempdir().unwrap();
        for url in [url(dir.path()), "sqlite::memory:".to_owned()] {
            let builder = SqliteStore::builder(url).busy_timeout(timeout).max_connections(u32::MAX);
            let store = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await.unwrap();
            store.create(alice()).await.unwrap();
            let busy: i64 = sqlx::query_scalar("PRAGMA busy_timeout").fetch_one(store.pool()).await.unwrap();
            assert!(matches!(busy, 50 | 3_600_000), "{timeout:?}: {busy}");
        }
    }
}

/// A file with an open write transaction cannot enter WAL mode, and SQLite does not wait for the transaction to end.
#[tokio::test]
async fn a_fresh_file_that_is_busy_is_waited_for_as_long_as_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("test.db"), "").unwrap();
    let other = sqlx::SqlitePool::connect(&url(dir.path())).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();

    let builder = SqliteStore::builder(url(dir.path())).busy_timeout(Duration::from_millis(50));
    let hurried = builder.open_with(Arc::new(ManualClock::at(0)), Arc::new(SystemEntropy::new())).await;
    assert!(hurried.is_err());

    let path = dir.path().to_owned();
    let opening = tokio::spawn(async move { open(&path).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!opening.is_finished());
    lock.rollback().await.unwrap();
    opening.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pools_that_open_a_file_at_once_all_find_its_tables() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(open_and_register_at_once(dir.path()).await, 1, "a fresh file");

        let store = open(dir.path()).await.unwrap();
        for undo in [
            "DROP TABLE auth_session_tokens",
            "DROP TABLE auth_sessions",
            "DROP TABLE auth_revocations",
            "DROP TABLE auth_attempts",
            "DROP TABLE auth_known_clients",
            "DROP TABLE auth_one_time_tokens",
            "ALTER TABLE auth_accounts DROP COLUMN email_verified_at",
            "DROP INDEX auth_accounts_by_pending",
            "DROP INDEX auth_accounts_superusers",
            "ALTER TABLE auth_accounts DROP COLUMN pending_until",
            "DROP TABLE auth_retired_names",
            "DROP TABLE auth_api_keys",
            "DELETE FROM auth_migrations WHERE version > 1",
            "ALTER TABLE auth_migrations DROP COLUMN oldest",
            "DELETE FROM auth_accounts",
        ] {
            sqlx::query(undo).execute(store.pool()).await.unwrap();
        }
        assert_eq!(open_and_register_at_once(dir.path()).await, 1, "a file of an older version");
    }
}

/// Opens eight pools at once, and returns how many of them could register the same name.
async fn open_and_register_at_once(dir: &Path) -> usize {
    let mut pools = JoinSet::new();
    for _ in 0..8 {
        let dir = dir.to_owned();
        pools.spawn(async move {
            let store = open(&dir).await.unwrap();
            store.remove_expired(at(0), 1).await.unwrap();
            match store.create(alice()).await {
                Ok(_) => true,
                Err(CreateError::UsernameTaken) => false,
                Err(other) => panic!("{other:?}"),
            }
        });
    }
    pools.join_all().await.into_iter().filter(|won| *won).count()
}

/// Statements that run on every request or on large tables use an index.
#[tokio::test]
async fn no_table_of_sessions_is_read_through() {
    let Fresh { store, dir: _dir } = fresh().await;
    for (question, index) in [
        ("auth_sessions WHERE cookie_hash = ?", "auth_sessions_by_cookie"),
        ("auth_sessions WHERE user_id = ? AND ended_at IS NULL", "auth_sessions_by_user"),
        ("auth_sessions WHERE min(idle_expires_at, absolute_expires_at) <= ?", "auth_sessions_by_expiry"),
        ("auth_session_tokens WHERE token_hash = ?", "PRIMARY KEY"),
        ("auth_session_tokens WHERE session_id = ?", "auth_session_tokens_by_session"),
        ("auth_session_tokens WHERE expires_at <= ?", "auth_session_tokens_by_expiry"),
        ("auth_session_tokens WHERE sealed_until <= ?", "auth_session_tokens_by_seal"),
        ("auth_revocations WHERE position > ?", "PRIMARY KEY"),
        ("auth_revocations WHERE remember_until <= ?", "auth_revocations_by_expiry"),
    ] {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN SELECT * FROM {question}"));
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(store.pool()).await.unwrap();
        let [(.., step)] = &*plan else { panic!("{question}: {plan:?}") };
        assert!(step.starts_with("SEARCH") && step.contains(index), "{question}: {step}");
    }
}
