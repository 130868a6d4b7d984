use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use tracing::Level;

use crate::error::Problem;

use super::bad_request;

/// Where the extractors' events can be subscribed to.
const TARGET: &str = "auth_runtime::extract";

/// The parameters of the route's path. One that does not fit `T` is 400; a `T` that does not fit the route is 500, with an
/// event that says why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                tracing::event!(
                    target: TARGET, Level::ERROR, http.route = route(parts), error = rejection.body_text(),
                );
                Err(Problem::new(rejection.status(), "internal", "The service failed."))
            }
            Err(_) => Err(bad_request("A part of the path is not of the expected form.")),
        }
    }
}

/// The route's pattern: the path itself is the client's.
fn route(parts: &Parts) -> &str {
    parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str)
}
