use std::error::Error;

use auth_runtime::error::StoreError;
use axum::{
    Json,
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// The errors of the application's own handlers, in the shape that its clients have always got. Refusals by the guard
/// and the account endpoints are problem documents.
pub(crate) enum AppError {
    NoSuchMember,
    Database(Box<dyn Error + Send + Sync>),
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.into())
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            Self::NoSuchMember => (StatusCode::NOT_FOUND, Json(json!({ "error": "no such member" }))).into_response(),
            Self::Database(error) => {
                tracing::error!(error, "the database cannot be read or written");
                let body = Json(json!({ "error": "try again later" }));
                (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")], body).into_response()
            }
        }
    }
}
