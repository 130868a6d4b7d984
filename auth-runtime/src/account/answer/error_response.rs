use axum::response::{IntoResponse, Response};

use crate::{error::Problem, guard::Denied};

use super::failure::Failure;

/// The answer of an endpoint that refused a request: the guard's answer, or a problem.
pub(crate) struct ErrorResponse(Response);

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

impl From<Denied> for ErrorResponse {
    fn from(denied: Denied) -> Self {
        Self(denied.into_response())
    }
}

impl From<Problem> for ErrorResponse {
    fn from(problem: Problem) -> Self {
        Self(problem.into_response())
    }
}

impl From<Failure> for ErrorResponse {
    fn from(failure: Failure) -> Self {
        Problem::from(failure).into()
    }
}
