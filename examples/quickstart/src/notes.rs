use core::time::Duration;

use auth_runtime::{error::Problem, store::Database};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The notes, in the same database as the accounts.
#[derive(Clone)]
pub(crate) struct Notes(Database);

#[derive(Serialize, sqlx::FromRow)]
pub(crate) struct Note {
    id: i64,
    owner: String,
    text: String,
}

pub(crate) enum NotesError {
    Missing,
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

impl Notes {
    pub(crate) async fn open(database: Database) -> Result<Self, sqlx::Error> {
        let is_postgres = matches!(database, Database::Postgres(_));
        let table = if is_postgres { TABLE_ON_POSTGRES } else { TABLE_ON_SQLITE };
        on!(&database, pool => async { sqlx::raw_sql(table).execute(pool).await.map(drop) })?;
        Ok(Self(database))
    }

    pub(crate) async fn all(&self) -> Result<Vec<Note>, NotesError> {
        let all = "SELECT id, owner, text FROM notes ORDER BY id";
        Ok(on!(&self.0, pool => sqlx::query_as(all).fetch_all(pool))?)
    }

    pub(crate) async fn of(&self, owner: &str) -> Result<Vec<Note>, NotesError> {
        let of = "SELECT id, owner, text FROM notes WHERE owner = $1 ORDER BY id";
        Ok(on!(&self.0, pool => sqlx::query_as(of).bind(owner).fetch_all(pool))?)
    }

    pub(crate) async fn owner(&self, id: i64) -> Result<Option<String>, NotesError> {
        let owner = "SELECT owner FROM notes WHERE id = $1";
        Ok(on!(&self.0, pool => sqlx::query_scalar(owner).bind(id).fetch_optional(pool))?)
    }

    pub(crate) async fn read(&self, id: i64) -> Result<Note, NotesError> {
        let read = "SELECT id, owner, text FROM notes WHERE id = $1";
        on!(&self.0, pool => sqlx::query_as(read).bind(id).fetch_optional(pool))?.ok_or(NotesError::Missing)
    }

    pub(crate) async fn add(&self, owner: &str, text: &str) -> Result<Note, NotesError> {
        let add = "INSERT INTO notes (owner, text) VALUES ($1, $2) RETURNING id, owner, text";
        Ok(on!(&self.0, pool => sqlx::query_as(add).bind(owner).bind(text).fetch_one(pool))?)
    }

    pub(crate) async fn delete(&self, id: i64) -> Result<(), NotesError> {
        let delete = "DELETE FROM notes WHERE id = $1 RETURNING id";
        let deleted: Option<i64> = on!(&self.0, pool => sqlx::query_scalar(delete).bind(id).fetch_optional(pool))?;
        deleted.map(drop).ok_or(NotesError::Missing)
    }
}

const TABLE_ON_SQLITE: &str =
    "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL) STRICT";

/// The lock lets processes that start at once create the table one after the other.
const TABLE_ON_POSTGRES: &str = "SELECT pg_advisory_xact_lock(hashtext('notes'));
    CREATE TABLE IF NOT EXISTS notes
        (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL)";

impl From<sqlx::Error> for NotesError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for NotesError {
    fn into_response(self) -> Response {
        match self {
            Self::Missing => Problem::new(StatusCode::NOT_FOUND, "no-note", "There is no such note.").into_response(),
            Self::Database(error) => {
                tracing::error!(%error, "the notes cannot be read or written");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The notes cannot be reached.")
                    .with_retry_after(Duration::from_secs(5))
                    .into_response()
            }
        }
    }
}
