use std::{path::Path, str::FromStr};

use auth_runtime::store::login_key;
use sqlx::{Connection, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};

mod accounts;
#[cfg(test)]
mod tests;

pub(crate) use accounts::{failed, row_id};

/// The application's `users` table.
#[derive(Clone)]
pub(crate) struct UserTable {
    pub(crate) pool: SqlitePool,
}

impl UserTable {
    /// Opens the database, and adds the columns of `adopt.sql` to its table if it does not have them.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let pool = SqlitePool::connect_with(SqliteConnectOptions::from_str(url)?).await?;
        // Takes the write lock before the first read, so that of several processes only one adds the columns.
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        if !is_adopted(&mut transaction).await? {
            sqlx::raw_sql(include_str!("../adopt.sql")).execute(&mut *transaction).await?;
        }
        fill_keys(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Self { pool })
    }

    /// Opens the database in this file. Creates a missing file from `seed.sql`, which stands for the database of a real
    /// application.
    pub(crate) async fn open_example(file: &Path) -> Result<Self, sqlx::Error> {
        if !file.exists() {
            let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
            let mut connection = SqliteConnection::connect_with(&options).await?;
            sqlx::raw_sql(include_str!("../seed.sql")).execute(&mut connection).await?;
            connection.close().await?;
        }
        Self::open(&format!("sqlite://{}", file.display())).await
    }
}

async fn is_adopted(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let has_key = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('users') WHERE name = 'email_key')";
    sqlx::query_scalar(has_key).fetch_one(connection).await
}

/// Computes the keys of addresses that old code has inserted or changed.
///
/// Two addresses of the former table may have the same key, such as `Ann@example.org` and `ann@example.org`. The first
/// user gets the key. The second user cannot sign in until one of the two addresses is changed.
async fn fill_keys(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    // The address is compared, since old code may change it between the two statements.
    const FILL: &str = "UPDATE OR IGNORE users SET email_key = ?1
        WHERE id = ?2 AND email = ?3 AND NOT EXISTS (SELECT 1 FROM users WHERE username_key = ?1 AND id <> ?2)";
    let without = sqlx::query_as("SELECT id, email FROM users WHERE email_key IS NULL ORDER BY id");
    let without: Vec<(i64, String)> = without.fetch_all(&mut *connection).await?;
    for (id, email) in without {
        let filled = sqlx::query(FILL).bind(login_key(&email)).bind(id).bind(email).execute(&mut *connection).await?;
        if filled.rows_affected() == 0 {
            tracing::warn!(user.id = id, "this user cannot sign in: another one has almost the same address");
        }
    }
    Ok(())
}
