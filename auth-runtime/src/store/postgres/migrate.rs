use sqlx::PgTransaction;

use super::{error::failed, tables::check};
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::schema::{Migration, admit, known},
};

/// Every change of the schema, in order. A released migration is never edited; a later one corrects it.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "stores",
        oldest: 1,
        sql: include_str!("../../../migrations/postgres/0001_stores.sql"),
    },
    Migration {
        version: 2,
        name: "limits",
        oldest: 1,
        sql: include_str!("../../../migrations/postgres/0002_limits.sql"),
    },
    Migration {
        version: 3,
        name: "marks",
        oldest: 1,
        sql: include_str!("../../../migrations/postgres/0003_marks.sql"),
    },
    Migration {
        version: 4,
        name: "exact types",
        oldest: 1,
        sql: include_str!("../../../migrations/postgres/0004_exact_types.sql"),
    },
    Migration {
        version: 5,
        name: "account life",
        oldest: 1,
        sql: include_str!("../../../migrations/postgres/0005_account_life.sql"),
    },
];

/// The key of the lock that one process holds while it changes the tables: "auth" in ASCII.
const LOCK: i64 = 0x6175_7468;

/// Brings the framework's tables up to date in this transaction, and commits it: all or nothing.
///
/// sqlx's own migrator keeps one list for the whole database, so this crate's migrations would conflict with the
/// application's.
pub(super) async fn migrate(mut transaction: PgTransaction<'_>, now: UnixTime) -> Result<(), StoreError> {
    // The lock ends with the transaction. A second process waits, and then finds the migrations applied.
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK);
    lock.execute(&mut *transaction).await.map_err(failed)?;
    check(&mut transaction).await?;
    // The time-out of a request's statement would end the change of a large table, and again at each start. Waiting for
    // a lock keeps its time-out, since the requests of other processes wait behind it.
    sqlx::raw_sql("SET LOCAL statement_timeout = '10min'").execute(&mut *transaction).await.map_err(failed)?;
    let current = current_version(&mut transaction).await.map_err(failed)?;
    let known = known(MIGRATIONS);
    if current > known {
        admit("postgres", current, oldest_admitted(&mut transaction).await.map_err(failed)?, known)?;
    }
    apply_after(&mut transaction, current, now).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

/// Creates the record if it is missing. `CREATE TABLE IF NOT EXISTS` needs the right to create also where the table is
/// there, and a service may run as a role without that right.
async fn current_version(transaction: &mut PgTransaction<'_>) -> Result<i64, sqlx::Error> {
    const RECORD: &str = "CREATE TABLE auth_migrations (
            version    BIGINT NOT NULL PRIMARY KEY,
            name       TEXT   NOT NULL,
            applied_at BIGINT NOT NULL
        )";
    let is_there = sqlx::query_scalar("SELECT pg_catalog.to_regclass('auth_migrations'::text) IS NOT NULL");
    if !is_there.fetch_one(&mut **transaction).await? {
        sqlx::raw_sql(RECORD).execute(&mut **transaction).await?;
    }
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM auth_migrations").fetch_one(&mut **transaction).await
}

/// Applies the migrations after this version. They are recorded at the end, since one of them adds a column to the
/// record.
async fn apply_after(transaction: &mut PgTransaction<'_>, current: i64, now: UnixTime) -> Result<(), sqlx::Error> {
    const RECORD: &str = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES ($1, $2, $3, $4)";
    let pending = || MIGRATIONS.iter().filter(|migration| migration.version > current);
    for migration in pending() {
        sqlx::raw_sql(migration.sql).execute(&mut **transaction).await?;
    }
    for migration in pending() {
        let record = sqlx::query(RECORD).bind(migration.version).bind(migration.name).bind(migration.oldest);
        record.bind(now.as_seconds()).execute(&mut **transaction).await?;
    }
    Ok(())
}

/// Returns the version that a program must know at least. The schema is of a later release than this one, so it has the
/// column.
async fn oldest_admitted(transaction: &mut PgTransaction<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT max(oldest) FROM auth_migrations").fetch_one(&mut **transaction).await
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;
    use crate::store::{
        schema::{known, tests::are_in_order},
        statements::are_kept,
    };

    #[test]
    fn migrations_are_in_order_and_touch_no_name_but_our_own() {
        are_in_order(MIGRATIONS);
    }

    #[test]
    fn the_statements_of_this_release_are_kept_for_later_ones() {
        are_kept("postgres", known(MIGRATIONS), &["store/postgres", "limit/postgres"]);
    }
}
