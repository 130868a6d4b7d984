use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

mod accounts;
mod changes;
mod decisions;
mod keys;
#[cfg(test)]
mod tests;

pub(crate) use accounts::{failed, row_id};

/// The application's `users` table.
#[derive(Clone)]
pub(crate) struct UserTable {
    pub(crate) pool: SqlitePool,
    /// Writes keys during look-ups. Gives up after [`PATIENCE`], where `pool` waits five seconds.
    hasty: SqlitePool,
}

/// How long a look-up waits for the connection that writes keys, and then for old code to end its transaction.
const PATIENCE: Duration = Duration::from_millis(500);

impl UserTable {
    /// Opens the database, and adds the columns of `adopt.sql` to its table if it does not have them.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?;
        let pool = SqlitePool::connect_with(options.clone()).await?;
        // Takes the write lock before the first read, so that of several processes only one adds the columns.
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        if !is_adopted(&mut transaction).await? {
            sqlx::raw_sql(include_str!("../adopt.sql")).execute(&mut *transaction).await?;
        }
        // A key that another user had may be free now.
        sqlx::query("UPDATE users SET key_problem = NULL WHERE key_problem IS NOT NULL")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;

        let hasty = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let table = Self { pool, hasty: hasty.connect_lazy_with(options.busy_timeout(PATIENCE)) };
        table.fill_keys(&table.pool).await?;
        Ok(table)
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
