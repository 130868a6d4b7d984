//! The server that `scripts/services` starts for tests.

use std::{
    env,
    io::{self, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    clock::{Clock, manual::ManualClock},
    error::StoreError,
    secret::SystemEntropy,
    store::PostgresStore,
};

/// The variable with the URL of a server.
const SERVER: &str = "AUTH_TESTS_POSTGRES";

/// Returns the URL of the server, or `None` where there is none. In continuous integration there has to be one.
pub(crate) fn server() -> Option<String> {
    let server = env::var(SERVER).ok();
    if server.is_none() {
        assert!(env::var("CI").as_deref() != Ok("true"), "{SERVER} is not set: `scripts/services run` sets it");
        // Not by `eprintln!`, which shows nothing in a test that passes.
        let _ = writeln!(
            io::stderr(),
            "LEFT OUT: tests against PostgreSQL, since {SERVER} is not set (scripts/services run)"
        );
    }
    server
}

/// An empty schema of its own, as a URL. It lasts as long as the server, which lasts as long as the tests.
pub(crate) async fn schema(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let pool = sqlx::PgPool::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    format!("{server}?options=-csearch_path%3D{name}")
}

pub(crate) async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<PostgresStore, StoreError> {
    PostgresStore::builder(url).max_connections(8).open_with(clock, Arc::new(SystemEntropy::new())).await
}

pub(crate) async fn fresh(server: &str) -> PostgresStore {
    open(&schema(server).await, Arc::new(ManualClock::at(1_000))).await.unwrap()
}
