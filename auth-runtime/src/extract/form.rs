use axum::{
    extract::{FromRequest, Request, rejection::FormRejection},
    http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::error::Problem;

use super::{bad_request, too_large, wrong_type};

/// An `application/x-www-form-urlencoded` body, or the query of a `GET`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Form::<T>::from_request(request, state).await {
            Ok(axum::Form(value)) => Ok(Self(value)),
            Err(FormRejection::InvalidFormContentType(_)) => Err(not_a_form()),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_large()),
            Err(FormRejection::FailedToDeserializeForm(_) | FormRejection::FailedToDeserializeFormBody(_)) => {
                Err(Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid-body",
                    "The form does not have the expected fields.",
                ))
            }
            Err(_) => Err(bad_request("The body could not be read.")),
        }
    }
}

/// Refuses a request with a body of another content type than a form's, with the message of [`Form`].
pub(crate) fn expect_form(request: &Parts) -> Result<(), Problem> {
    let takes_query = request.method == Method::GET;
    if takes_query || is_form(&request.headers) { Ok(()) } else { Err(not_a_form()) }
}

/// Returns whether the request says that its body is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn not_a_form() -> Problem {
    wrong_type("The body must be `application/x-www-form-urlencoded`.")
}

#[cfg(test)]
mod tests;
