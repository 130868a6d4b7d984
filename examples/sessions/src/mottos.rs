use core::time::Duration;

use auth_runtime::error::Problem;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::SqlitePool;

/// The users' mottos, in the same database as the accounts.
#[derive(Clone)]
pub(crate) struct Mottos(SqlitePool);

pub(crate) enum MottosError {
    TooLong,
    Database(sqlx::Error),
}

impl Mottos {
    pub(crate) async fn open(pool: SqlitePool) -> Result<Self, sqlx::Error> {
        let table = "CREATE TABLE IF NOT EXISTS mottos (user TEXT PRIMARY KEY, motto TEXT NOT NULL) STRICT";
        sqlx::query(table).execute(&pool).await?;
        Ok(Self(pool))
    }

    /// Returns the user's motto; empty if the user has not set one.
    pub(crate) async fn of(&self, user: &str) -> Result<String, MottosError> {
        let query = sqlx::query_scalar("SELECT motto FROM mottos WHERE user = ?").bind(user);
        Ok(query.fetch_optional(&self.0).await?.unwrap_or_default())
    }

    pub(crate) async fn set(&self, user: &str, motto: &str) -> Result<(), MottosError> {
        if motto.len() > MOST_BYTES {
            return Err(MottosError::TooLong);
        }
        sqlx::query("INSERT OR REPLACE INTO mottos (user, motto) VALUES (?, ?)")
            .bind(user)
            .bind(motto)
            .execute(&self.0)
            .await?;
        Ok(())
    }
}

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
