//! How the server finds the rows.

use std::time::Duration;

use auth_runtime::store::PgPool;
use sqlx::AssertSqlSafe;

use super::bare::LOOK_UPS;

/// Forgets the scans that were counted.
pub(crate) async fn count_anew(pool: &PgPool) {
    sqlx::raw_sql("SELECT pg_stat_reset()").execute(pool).await.unwrap();
}

/// Shows the plans of the look-ups as prepared statements, and how often a whole table was read. The second counts the
/// store's own statements, too.
pub(crate) async fn show(pool: &PgPool, rows: u64) {
    println!("\nPlans at {rows} rows, of prepared statements:");
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql("SET plan_cache_mode = force_generic_plan").execute(&mut *connection).await.unwrap();
    for (number, (name, statement, values)) in LOOK_UPS.iter().enumerate() {
        let prepare = format!("PREPARE look_up_{number} AS {statement}");
        sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.unwrap();
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE look_up_{number}({values})");
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&mut *connection).await.unwrap();
        println!("\n{name}\n    {}", plan.join("\n    "));
    }
    drop(connection);
    // The server's processes report what they have read when they have been idle for ten seconds.
    tokio::time::sleep(Duration::from_secs(12)).await;
    const SCANS: &str = "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables
        WHERE schemaname = current_schema() AND coalesce(idx_scan, 0) > 0 ORDER BY relname";
    println!("\n| table | whole scans | scans by an index |\n|---|---|---|");
    for (table, whole, index) in sqlx::query_as::<_, (String, i64, i64)>(SCANS).fetch_all(pool).await.unwrap() {
        println!("| {table} | {whole} | {index} |");
    }
}
