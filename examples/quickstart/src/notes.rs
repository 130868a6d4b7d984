use core::time::Duration;

use auth_runtime::error::Problem;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use sqlx::SqlitePool;

/// The notes, in the same database as the accounts.
#[derive(Clone)]
pub(crate) struct Notes(SqlitePool);

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

impl Notes {
    pub(crate) async fn open(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        sqlx::query(
            "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL) STRICT",
        )
        .execute(&pool)
        .await?;
        Ok(Self(pool))
    }

    pub(crate) async fn all(&self) -> Result<Vec<Note>, NotesError> {
        Ok(sqlx::query_as("SELECT id, owner, text FROM notes ORDER BY id").fetch_all(&self.0).await?)
    }

    pub(crate) async fn of(&self, owner: &str) -> Result<Vec<Note>, NotesError> {
        let query = sqlx::query_as("SELECT id, owner, text FROM notes WHERE owner = ? ORDER BY id");
        Ok(query.bind(owner).fetch_all(&self.0).await?)
    }

    pub(crate) async fn owner(&self, id: i64) -> Result<Option<String>, NotesError> {
        Ok(sqlx::query_scalar("SELECT owner FROM notes WHERE id = ?").bind(id).fetch_optional(&self.0).await?)
    }

    pub(crate) async fn read(&self, id: i64) -> Result<Note, NotesError> {
        let query = sqlx::query_as("SELECT id, owner, text FROM notes WHERE id = ?").bind(id);
        query.fetch_optional(&self.0).await?.ok_or(NotesError::Missing)
    }

    pub(crate) async fn add(&self, owner: &str, text: &str) -> Result<Note, NotesError> {
        let query = sqlx::query_as("INSERT INTO notes (owner, text) VALUES (?, ?) RETURNING id, owner, text");
        Ok(query.bind(owner).bind(text).fetch_one(&self.0).await?)
    }

    pub(crate) async fn delete(&self, id: i64) -> Result<(), NotesError> {
        match sqlx::query("DELETE FROM notes WHERE id = ?").bind(id).execute(&self.0).await?.rows_affected() {
            0 => Err(NotesError::Missing),
            _ => Ok(()),
        }
    }
}

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
