use core::time::Duration;

use auth_runtime::{error::Problem, store::Database};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// The users' mottos, in the same database as the accounts.
#[derive(Clone)]
pub(crate) struct Mottos(Database);

pub(crate) enum MottosError {
    TooLong,
    Database(sqlx::Error),
}

/// Runs a query on either database. Both take the same statements, with `$1` for values; only the pools' types differ.
macro_rules! on {
    ($database:expr, $pool:ident => $query:expr) => {
        match $database {
            Database::Sqlite(store) => {
                let $pool = store.pool();
                $query.await
            }
            Database::Postgres(store) => {
                let $pool = store.pool();
                $query.await
            }
            _ => Err(sqlx::Error::Configuration("only SQLite and PostgreSQL have the table".into())),
        }
    };
}

impl Mottos {
    pub(crate) async fn open(database: Database) -> Result<Self, sqlx::Error> {
        let is_postgres = matches!(database, Database::Postgres(_));
        let table = if is_postgres { TABLE_ON_POSTGRES } else { TABLE_ON_SQLITE };
        on!(&database, pool => async { sqlx::raw_sql(table).execute(pool).await.map(drop) })?;
        Ok(Self(database))
    }

    /// Returns the user's motto; empty if the user has not set one.
    pub(crate) async fn of(&self, user: &str) -> Result<String, MottosError> {
        let of = "SELECT motto FROM mottos WHERE \"user\" = $1";
        let motto = on!(&self.0, pool => sqlx::query_scalar(of).bind(user).fetch_optional(pool))?;
        Ok(motto.unwrap_or_default())
    }

    pub(crate) async fn set(&self, user: &str, motto: &str) -> Result<(), MottosError> {
        if motto.len() > MOST_BYTES {
            return Err(MottosError::TooLong);
        }
        let set = "INSERT INTO mottos (\"user\", motto) VALUES ($1, $2)
            ON CONFLICT (\"user\") DO UPDATE SET motto = excluded.motto RETURNING motto";
        let _: String = on!(&self.0, pool => sqlx::query_scalar(set).bind(user).bind(motto).fetch_one(pool))?;
        Ok(())
    }
}

const TABLE_ON_SQLITE: &str =
    "CREATE TABLE IF NOT EXISTS mottos (\"user\" TEXT PRIMARY KEY, motto TEXT NOT NULL) STRICT";

/// The lock lets processes that start at once create the table one after the other.
const TABLE_ON_POSTGRES: &str = "SELECT pg_advisory_xact_lock(hashtext('mottos'));
    CREATE TABLE IF NOT EXISTS mottos (\"user\" TEXT PRIMARY KEY, motto TEXT NOT NULL)";

const MOST_BYTES: usize = 500;

impl From<sqlx::Error> for MottosError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for MottosError {
    fn into_response(self) -> Response {
        match self {
            Self::TooLong => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "motto-too-long", "The motto is too long.")
                .into_response(),
            Self::Database(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the mottos' database failed");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot answer at the moment.")
                    .with_retry_after(Duration::from_secs(5))
                    .into_response()
            }
        }
    }
}
