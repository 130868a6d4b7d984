use sqlx::{PgPool, SqlitePool, sqlite::SqliteConnectOptions};

/// The database that `DATABASE_URL` names.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs a query on either database. Both take the same statements, with `$1` for values; only the pools' types differ.
macro_rules! on {
    ($database:expr, $pool:ident => $query:expr) => {
        match $database {
            $crate::database::Database::Sqlite($pool) => $query.await,
            $crate::database::Database::Postgres($pool) => $query.await,
        }
    };
}
pub(crate) use on;

impl Database {
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let (database, identity) = if url.starts_with("postgres") {
            (Self::Postgres(PgPool::connect(url).await?), "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        } else {
            let options: SqliteConnectOptions = url.parse()?;
            let pool = SqlitePool::connect_with(options.create_if_missing(true)).await?;
            // A session's number comes once, since a refresh token is valid for its number.
            (Self::Sqlite(pool), "INTEGER PRIMARY KEY AUTOINCREMENT")
        };
        let tables = format!(
            "CREATE TABLE IF NOT EXISTS notes (id {identity}, owner TEXT NOT NULL, text TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS accounts (id {identity}, username TEXT NOT NULL UNIQUE,
                 email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, role TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS sessions (id {identity}, account BIGINT NOT NULL)"
        );
        let tables = sqlx::AssertSqlSafe(tables);
        on!(&database, pool => async { sqlx::raw_sql(tables).execute(pool).await.map(drop) })?;
        Ok(database)
    }

    pub(crate) async fn ping(&self) -> Result<(), sqlx::Error> {
        on!(self, pool => async { sqlx::raw_sql("SELECT 1").execute(pool).await.map(drop) })
    }
}
