use core::{error::Error, fmt};

use sqlx::{SqlitePool, SqliteTransaction};

use super::error::failed;
use crate::{clock::UnixTime, error::StoreError};

/// Every change of the schema, in order. A released migration is never edited; a later one corrects it.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "accounts", sql: include_str!("../../../migrations/sqlite/0001_accounts.sql") },
    Migration {
        version: 2,
        name: "refresh_tokens",
        sql: include_str!("../../../migrations/sqlite/0002_refresh_tokens.sql"),
    },
    Migration { version: 3, name: "sessions", sql: include_str!("../../../migrations/sqlite/0003_sessions.sql") },
    Migration { version: 4, name: "passwords", sql: include_str!("../../../migrations/sqlite/0004_passwords.sql") },
    Migration { version: 5, name: "api_keys", sql: include_str!("../../../migrations/sqlite/0005_api_keys.sql") },
    Migration { version: 6, name: "generations", sql: include_str!("../../../migrations/sqlite/0006_generations.sql") },
];

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// Brings the framework's tables up to date, all or nothing.
///
/// sqlx's own migrator takes no lock on SQLite, so two processes would both create the same table. It also keeps one
/// list for the whole database, so this crate's migrations would conflict with the application's.
pub(super) async fn migrate(pool: &SqlitePool, now: UnixTime) -> Result<(), StoreError> {
    // The write lock is taken before the first read. A second process waits, and then finds the migrations applied.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let current = current_version(&mut transaction).await.map_err(failed)?;
    let known = MIGRATIONS.last().map_or(0, |last| last.version);
    if current > known {
        return Err(StoreError::new("sqlite", NewerSchema { current, known }));
    }
    for migration in MIGRATIONS.iter().filter(|migration| migration.version > current) {
        apply(&mut transaction, migration, now).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

async fn current_version(transaction: &mut SqliteTransaction<'_>) -> Result<i64, sqlx::Error> {
    sqlx::raw_sql(
        "CREATE TABLE IF NOT EXISTS auth_migrations (
            version    INTEGER NOT NULL PRIMARY KEY,
            name       TEXT    NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT",
    )
    .execute(&mut **transaction)
    .await?;
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM auth_migrations").fetch_one(&mut **transaction).await
}

async fn apply(
    transaction: &mut SqliteTransaction<'_>,
    migration: &Migration,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(migration.sql).execute(&mut **transaction).await?;
    sqlx::query("INSERT INTO auth_migrations (version, name, applied_at) VALUES (?, ?, ?)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(now.as_seconds())
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
            let name = line.split(' ').find(|word| !["CREATE", "UNIQUE", "TABLE", "INDEX"].contains(word));
            assert!(name.is_some_and(|name| name.starts_with("auth_")), "{line}");
        }
    }
}
