use axum::http::StatusCode;

use crate::error::{FieldError, Problem};

/// Returns the answer that another account has the name or address at this place of the body, or had the name.
pub(crate) fn taken(pointer: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "taken", "Somebody has this name or address already.")
        .with_errors(vec![FieldError::new(pointer, "is taken").with_code("taken")])
}
