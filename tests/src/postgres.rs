//! Databases on the server that `scripts/services` starts.

use std::{
    env,
    io::{self, Write as _},
};

use sqlx::{AssertSqlSafe, PgPool};

/// Returns the URL of an empty schema of its own, or `None` where there is no server.
pub async fn database(name: &str) -> Option<String> {
    const SERVER: &str = "AUTH_TESTS_POSTGRES";
    let Ok(server) = env::var(SERVER) else {
        assert!(env::var("CI").as_deref() != Ok("true"), "{SERVER} is not set: `scripts/services run` sets it");
        let _ = writeln!(io::stderr(), "LEFT OUT: {name} on PostgreSQL (scripts/services run)");
        return None;
    };
    let schema = format!("{name}_{}", std::process::id());
    let pool = PgPool::connect(&server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).execute(&pool).await.unwrap();
    Some(format!("{server}?options=-csearch_path%3D{schema}"))
}
