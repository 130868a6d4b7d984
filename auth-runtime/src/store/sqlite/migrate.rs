use sqlx::{SqlitePool, SqliteTransaction};

use super::error::failed;
use crate::{
    clock::UnixTime,
    error::StoreError,
    store::schema::{Migration, admit, known},
};

/// Every change of the schema, in order. A released migration is never edited; a later one corrects it.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "accounts",
        oldest: 1,
        sql: include_str!("../../../migrations/sqlite/0001_accounts.sql"),
    },
    Migration {
        version: 2,
        name: "refresh_tokens",
        oldest: 1,
        sql: include_str!("../../../migrations/sqlite/0002_refresh_tokens.sql"),
    },
    Migration {
        version: 3,
        name: "sessions",
        oldest: 3,
        sql: include_str!("../../../migrations/sqlite/0003_sessions.sql"),
    },
    Migration {
        version: 4,
        name: "passwords",
        oldest: 3,
        sql: include_str!("../../../migrations/sqlite/0004_passwords.sql"),
    },
    Migration {
        version: 5,
        name: "api_keys",
        oldest: 3,
        sql: include_str!("../../../migrations/sqlite/0005_api_keys.sql"),
    },
    Migration {
        version: 6,
        name: "generations",
        oldest: 6,
        sql: include_str!("../../../migrations/sqlite/0006_generations.sql"),
    },
    Migration { version: 7, name: "marks", oldest: 6, sql: include_str!("../../../migrations/sqlite/0007_marks.sql") },
    Migration {
        version: 8,
        name: "account_life",
        oldest: 6,
        sql: include_str!("../../../migrations/sqlite/0008_account_life.sql"),
    },
];

/// Brings the framework's tables up to date, all or nothing.
///
/// sqlx's own migrator takes no lock on SQLite, so two processes would both create the same table. It also keeps one
/// list for the whole database, so this crate's migrations would conflict with the application's.
pub(super) async fn migrate(pool: &SqlitePool, now: UnixTime) -> Result<(), StoreError> {
    // The write lock is taken before the first read. A second process waits, and then finds the migrations applied.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let current = current_version(&mut transaction).await.map_err(failed)?;
    let known = known(MIGRATIONS);
    if current > known {
        admit("sqlite", current, oldest_admitted(&mut transaction).await.map_err(failed)?, known)?;
    }
    apply_after(&mut transaction, current, now).await.map_err(failed)?;
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

/// Applies the migrations after this version. They are recorded at the end, since one of them adds a column to the
/// record.
async fn apply_after(transaction: &mut SqliteTransaction<'_>, current: i64, now: UnixTime) -> Result<(), sqlx::Error> {
    const RECORD: &str = "INSERT INTO auth_migrations (version, name, oldest, applied_at) VALUES (?, ?, ?, ?)";
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
async fn oldest_admitted(transaction: &mut SqliteTransaction<'_>) -> Result<i64, sqlx::Error> {
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
        are_kept("sqlite", known(MIGRATIONS), &["store/sqlite"]);
    }
}
