use axum::{
    Json,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::json;

pub(crate) type Answer<T> = Result<T, Problem>;

/// An error as a problem document (RFC 9457).
pub(crate) struct Problem(StatusCode, &'static str);

impl Problem {
    pub(crate) const UNAUTHORIZED: Self = Self(StatusCode::UNAUTHORIZED, "unauthorized");
    pub(crate) const FORBIDDEN: Self = Self(StatusCode::FORBIDDEN, "forbidden");
    pub(crate) const NO_NOTE: Self = Self(StatusCode::NOT_FOUND, "no-note");
    pub(crate) const TAKEN: Self = Self(StatusCode::CONFLICT, "taken");
    pub(crate) const WEAK_PASSWORD: Self = Self(StatusCode::UNPROCESSABLE_ENTITY, "weak-password");
    pub(crate) const INTERNAL: Self = Self(StatusCode::INTERNAL_SERVER_ERROR, "internal");
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database cannot be read or written");
        Self(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self(status, code) = self;
        let document = json!({ "title": status.canonical_reason(), "status": status.as_u16(), "code": code });
        (status, [(CONTENT_TYPE, "application/problem+json")], Json(document)).into_response()
    }
}
