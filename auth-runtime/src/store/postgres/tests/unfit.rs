//! Servers and databases that cannot hold the stores are refused in words, without a password.

use core::{error::Error, time::Duration};
use std::{
    env,
    io::{self, Write as _},
    sync::{Arc, Mutex},
    time::Instant,
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};

use super::{
    own::OwnServer,
    servers::{open, schema, server},
};
use crate::{
    clock::{SystemClock, manual::ManualClock},
    error::StoreError,
    limit::{Answer, Charge, KeyValue, LimitStore, Outcome, PreparedLimit},
    policy::{Limit, LimitKey, Quota},
    secret::SystemEntropy,
    store::{
        Account, AccountStore, PostgresStore, Rotated,
        suite::{
            self,
            race::at_once,
            samples::{begin, found, present},
        },
    },
};

async fn refusal(url: &str) -> String {
    let error = open(url, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_url_of_another_database_is_refused_without_being_shown() {
    for url in ["", "sqlite://a.db", "mysql://app:hunter2@localhost/app", "postgres:app:hunter2", "postgresql://["] {
        let refusal = refusal(url).await;
        assert!(!refusal.contains("hunter2"), "{refusal}");
    }
    assert!(!format!("{:?}", PostgresStore::builder("postgres://app:hunter2@localhost/app")).contains("hunter2"));
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_with_its_cause_and_without_the_password() {
    let refusal = refusal("postgres://app:hunter2@127.0.0.1:1/app").await;
    assert!(refusal.contains("refused") && !refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn settings_that_break_a_promise_are_refused_in_words() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    for (setting, words) in [
        ("synchronous_commit%3Doff", "synchronous_commit = off"),
        ("default_transaction_read_only%3Don", "read-only"),
        ("default_transaction_isolation%3Dserializable", "`serializable` by default"),
    ] {
        let refusal = refusal(&format!("{url}%20-c{setting}")).await;
        assert!(refusal.contains(words), "{refusal}");
    }
}

/// All times are numbers.
#[tokio::test]
async fn the_time_zone_and_the_styles_of_times_do_not_matter() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let odd = format!("{url}%20-cTimeZone%3DAsia/Kathmandu%20-cDateStyle%3DSQL,DMY%20-cbytea_output%3Descape");
    let [one, other] = [url, odd].map(|url| async move { open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap() });
    let (one, other) = (one.await, other.await);
    begin(&one).await;
    assert!(found(&one, "s").await == found(&other, "s").await);
    assert!(matches!(present(1, 2, 1_500).to(&other).await, Rotated::Won(_)));
    let limit = PreparedLimit::new(Limit::new(Quota::per_minute(2), LimitKey::Global), "tests", 0);
    for (store, admitted) in [(&one, true), (&other, true), (&one, false), (&other, false)] {
        let mut charges = [Charge::new(&limit, KeyValue::GLOBAL)];
        let limits = store.limits().with_timeout(Duration::from_secs(5));
        match limits.charge(&mut charges, &SystemClock::new()) {
            Answer::Ready(answer) => answer.unwrap(),
            Answer::Pending(answer) => answer.await.unwrap(),
        }
        let Outcome::Counted(verdict) = charges[0].outcome() else { panic!("it was not counted") };
        assert_eq!(verdict.is_allowed(), admitted);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_where_it_excludes_this_program() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let store = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let newer = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (998, 'later', 3, 0)";
    sqlx::query(newer).execute(store.pool()).await.unwrap();
    open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let excluding = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (999, 'later', 6, 0)";
    sqlx::query(excluding).execute(store.pool()).await.unwrap();
    let refusal = refusal(&url).await;
    assert!(refusal.contains("of version 999, for programs that know version 6 or later"), "{refusal}");
}

/// Many operators migrate as the owner of the tables, and let the service run as a role that may only use them.
#[tokio::test]
async fn a_role_that_may_create_nothing_starts_on_tables_that_are_there() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let owner = open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap();
    let schema: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(owner.pool()).await.unwrap();
    let role = format!("{schema}_app");
    let grant = format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {schema} TO {role};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}"
    );
    sqlx::raw_sql(AssertSqlSafe(grant)).execute(owner.pool()).await.unwrap();
    let store = open(&url.replace("postgres@", &format!("{role}@")), Arc::new(ManualClock::at(1_000))).await.unwrap();
    begin(&store).await;
    assert!(matches!(present(1, 2, 1_500).to(&store).await, Rotated::Won(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_that_start_at_once_create_the_tables_once() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let starting: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url, Arc::new(ManualClock::at(1_000))).await })
        })
        .collect();
    for store in starting {
        store.await.unwrap().unwrap();
    }
}

/// A pooler in transaction mode either knows prepared statements, and then everything works, or is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_pooler_that_loses_prepared_statements_is_refused_in_words() {
    if server().is_none() {
        return;
    }
    let Ok(pooler) = env::var("AUTH_TESTS_PGBOUNCER") else {
        let _ = writeln!(io::stderr(), "LEFT OUT: the test of PgBouncer, since AUTH_TESTS_PGBOUNCER is not set");
        return;
    };
    match open(&pooler, Arc::new(ManualClock::at(1_000))).await {
        Err(error) => {
            let refusal = format!("{error}: {}", error.source().unwrap());
            assert!(refusal.contains("use PgBouncer 1.21 or later"), "{refusal}");
        }
        Ok(store) => {
            for outcome in at_once(64, |_| find(store.clone())).await {
                assert!(outcome.unwrap().is_none());
            }
        }
    }
}

async fn find(store: PostgresStore) -> Result<Option<Account>, StoreError> {
    store.find("none").await
}

/// The server's functions have the schema of the test before them, so that it says what an old server would.
#[tokio::test]
async fn an_old_server_is_refused_in_words() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let pool = PgPool::connect(&url).await.unwrap();
    let old = "CREATE FUNCTION current_setting(name TEXT) RETURNS TEXT LANGUAGE sql AS $$
        SELECT CASE name WHEN 'server_version_num' THEN '120022' ELSE pg_catalog.current_setting(name) END $$";
    sqlx::raw_sql(old).execute(&pool).await.unwrap();
    let refusal = refusal(&format!("{url},pg_catalog")).await;
    assert!(refusal.contains("the server has version 12, and version 13 or later is needed"), "{refusal}");
    assert!(tables(&pool).await.is_empty(), "nothing was written");
}

async fn tables(pool: &PgPool) -> Vec<String> {
    const TABLES: &str = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";
    sqlx::query_scalar(TABLES).fetch_all(pool).await.unwrap()
}

#[tokio::test]
async fn a_database_in_another_encoding_is_refused_in_words() {
    let Some(server) = server() else { return };
    let pool = PgPool::connect(&server).await.unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = format!("{}_{}", encoding.to_lowercase(), std::process::id());
        let create = format!("CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&pool).await.unwrap();
        let refusal = refusal(&format!("{address}/{name}")).await;
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&pool).await.unwrap();
        assert!(refusal.contains(&format!("in the encoding {encoding}, and UTF8 is needed")), "{refusal}");
    }
}

/// Settings of a role or a database that change how values look or how statements run.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn settings_of_the_database_change_nothing() {
    let Some(server) = server() else { return };
    let settings = [
        "TimeZone=Pacific/Kiritimati",
        "DateStyle=German",
        "IntervalStyle=sql_standard",
        "bytea_output=escape",
        "standard_conforming_strings=off",
        "enable_indexscan=off",
    ];
    let settings = settings.map(|setting| format!("%20-c{}", setting.replace('=', "%3D"))).concat();
    let fresh = async || {
        let url = format!("{}{settings}", schema(&server).await);
        open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap()
    };
    suite::account_store(fresh).await;
    suite::session_store(fresh).await;
    suite::attempt_store(fresh).await;
    suite::one_time_token_store(fresh).await;
    suite::api_key_store(fresh).await;
}

/// The application had a table of this name before.
#[tokio::test]
async fn a_table_of_the_application_with_our_name_stays_as_it_is() {
    let Some(server) = server() else { return };
    for name in ["auth_accounts", "auth_limits", "auth_api_keys"] {
        let url = schema(&server).await;
        let pool = PgPool::connect(&url).await.unwrap();
        let own = format!("CREATE TABLE {name} (its TEXT); INSERT INTO {name} VALUES ('own')");
        sqlx::raw_sql(AssertSqlSafe(own)).execute(&pool).await.unwrap();
        let refusal = refusal(&url).await;
        assert!(refusal.contains(name) && refusal.contains("already exists"), "{refusal}");
        assert_eq!(tables(&pool).await, [name], "nothing else was created");
        let kept = AssertSqlSafe(format!("SELECT its FROM {name}"));
        assert_eq!(sqlx::query_scalar::<_, String>(kept).fetch_all(&pool).await.unwrap(), ["own"]);
    }
}

/// The process is killed in the middle of its migration. Another one waits for the server to notice, and migrates.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_migration_that_a_killed_process_began_is_done_again() {
    let Some(server) = server() else { return };
    let url = schema(&server).await;
    let pool = PgPool::connect(&url).await.unwrap();
    // The index waits for this lock, after other tables were created.
    let mut holding = pool.begin().await.unwrap();
    let hold = "CREATE TABLE auth_api_keys (its TEXT)";
    sqlx::raw_sql(hold).execute(&mut *holding).await.unwrap();
    let starting = {
        let url = url.clone();
        tokio::spawn(async move { open(&url, Arc::new(ManualClock::at(1_000))).await.map(drop) })
    };
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
    while sqlx::query_scalar::<_, i64>(end).fetch_one(&mut *holding).await.unwrap() == 0 {
        assert!(!starting.is_finished(), "it did not wait");
    }
    holding.rollback().await.unwrap();
    let error = starting.await.unwrap().unwrap_err();
    assert!(format!("{:?}", error.source()).contains("terminating connection"), "{error:?}");
    assert!(tables(&pool).await.is_empty(), "half a migration is there");
    open(&url, Arc::new(ManualClock::at(1_000))).await.unwrap().find("none").await.unwrap();
}

/// The server asks for a password, and the connection that listens has a wrong one, too.
#[tokio::test]
async fn a_wrong_password_is_told_and_never_shown() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let url = server.url();
    let pool = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql("CREATE ROLE app LOGIN PASSWORD 'open-sesame' SUPERUSER").execute(&pool).await.unwrap();
    pool.close().await;
    server.ask_for_passwords();
    let as_app = |password: &str| url.replace("postgres@", &format!("app:{password}@"));
    let end = Instant::now() + Duration::from_secs(20);
    while PgConnection::connect(&as_app("open-sesame")).await.is_err() {
        assert!(Instant::now() < end, "the server does not start");
    }
    let told = Told::default();
    let writer = told.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());

    let wrong = as_app("hunter2");
    let error = open(&wrong, Arc::new(ManualClock::at(1_000))).await.unwrap_err();
    let refusal = format!("{error} {error:?} {}", error.source().unwrap());
    assert!(refusal.contains("password authentication failed") && !refusal.contains("hunter2"), "{refusal}");

    let builder = PostgresStore::builder(as_app("open-sesame")).direct_url(&wrong);
    let store = builder.open_with(Arc::new(ManualClock::at(1_000)), Arc::new(SystemEntropy::new())).await.unwrap();
    let end = Instant::now() + Duration::from_secs(10);
    while !told.text().contains("revocations are not pushed") {
        assert!(Instant::now() < end, "{}", told.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.kill();
    let error = AccountStore::find(&store, "id").await.unwrap_err();
    let shown = format!("{error} {error:?} {:?} {store:?} {}", error.source(), told.text());
    assert!(!shown.contains("hunter2") && !shown.contains("sesame"), "{shown}");
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Told {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
