use axum::response::{IntoResponse, Response};

use crate::{error::Problem, guard::GuardRejection};

use super::rejection::EndpointRejection;

/// The answer of an endpoint that refused a request: the guard's answer, or a problem.
pub(crate) struct ErrorResponse(Box<Response>);

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<GuardRejection> for ErrorResponse {
    fn from(denied: GuardRejection) -> Self {
        Self(Box::new(denied.into_response()))
    }
}

impl From<Problem> for ErrorResponse {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem.into_response()))
    }
}

impl From<EndpointRejection> for ErrorResponse {
    fn from(rejection: EndpointRejection) -> Self {
        Problem::from(rejection).into()
    }
}
