use axum::http::StatusCode;

use crate::{
    account::answer::{error_response::ErrorResponse, report::Report as _},
    error::{FieldError, Problem},
    store::ApiKeyError,
};

/// Turns mistakes in the body into one problem.
pub(crate) fn check(faults: Vec<FieldError>) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let title = "The API key cannot be made like this.";
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", title).with_errors(faults))
}

/// Answers that the key does not exist. The answer is the same for another user's key, so the caller cannot tell.
pub(crate) fn unknown() -> ErrorResponse {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "You have no such API key.").into()
}

impl From<ApiKeyError> for ErrorResponse {
    fn from(error: ApiKeyError) -> Self {
        let conflict = |code, title: &str| Problem::new(StatusCode::CONFLICT, code, title).into();
        match error {
            ApiKeyError::Unknown => unknown(),
            ApiKeyError::Ended => conflict("api-key-ended", "The API key has ended or was rotated already."),
            ApiKeyError::TooMany => {
                conflict("too-many-api-keys", "You have as many API keys as one may. Revoke one first.")
            }
            ApiKeyError::Store(error) => error.report().into(),
        }
    }
}
