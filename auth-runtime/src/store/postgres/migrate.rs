use core::{error::Error, fmt};

use sqlx::PgTransaction;

use super::error::failed;
use crate::{clock::UnixTime, error::StoreError};

/// Every change of the schema, in order. A released migration is never edited; a later one corrects it.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "stores", sql: include_str!("../../../migrations/postgres/0001_stores.sql") },
    Migration { version: 2, name: "limits", sql: include_str!("../../../migrations/postgres/0002_limits.sql") },
];

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

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
    let current = current_version(&mut transaction).await.map_err(failed)?;
    let known = MIGRATIONS.last().map_or(0, |last| last.version);
    if current > known {
        return Err(StoreError::new("postgres", NewerSchema { current, known }));
    }
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > current) {
        apply(&mut transaction, migration, now.as_seconds()).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

async fn current_version(transaction: &mut PgTransaction<'_>) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS auth_migrations (
            version    BIGINT NOT NULL PRIMARY KEY,
            name       TEXT   NOT NULL,
            applied_at BIGINT NOT NULL
        )",
    )
    .execute(&mut **transaction)
    .await?;
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM auth_migrations").fetch_one(&mut **transaction).await
}

async fn apply(transaction: &mut PgTransaction<'_>, migration: &Migration, now: i64) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(migration.sql).execute(&mut **transaction).await?;
    sqlx::query("INSERT INTO auth_migrations (version, name, applied_at) VALUES ($1, $2, $3)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(now)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// The error for a database that a later version of this crate has used. This version does not know the later schema.
#[derive(Debug)]
struct NewerSchema {
    current: i64,
    known: i64,
}

impl fmt::Display for NewerSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { current, known } = self;
        write!(f, "the database's tables are of version {current}, this program knows versions up to {known}")
    }
}

impl Error for NewerSchema {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_one_without_gaps() {
        let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert_eq!(versions, (1..=i64::try_from(versions.len()).unwrap()).collect::<Vec<_>>());
    }

    #[test]
    fn migrations_touch_no_name_but_our_own() {
        let created =
            MIGRATIONS.iter().flat_map(|migration| migration.sql.lines()).filter(|line| line.starts_with("CREATE"));
        for line in created {
            let name = line
                .split(' ')
                .find(|word| !["CREATE", "UNIQUE", "UNLOGGED", "TABLE", "INDEX", "FUNCTION"].contains(word));
            assert!(name.is_some_and(|name| name.starts_with("auth_")), "{line}");
        }
    }
}
