use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use tracing::Level;

use crate::error::{INTERNAL, Problem};

use super::bad_request;

/// The target for subscribers to the extractors' events.
const TARGET: &str = "auth_runtime::extract";

/// The parameters of the route's path. A parameter that does not fit `T` gets 400. A `T` that does not fit the route
/// gets 500, and an event states the reason.
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
                Err(INTERNAL.problem())
            }
            Err(_) => Err(bad_request("A part of the path is not of the expected form.")),
        }
    }
}

/// Returns the route's pattern: the client chooses the path itself.
fn route(parts: &Parts) -> &str {
    parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str)
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, body::to_bytes, http::Request, routing::get};
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    /// Returns the route's answer to this path, and the problem code when it refuses.
    async fn answer<T: DeserializeOwned + Send + 'static>(route: &str, uri: &str) -> (u16, String) {
        let app = Router::new().route(route, get(async |Path(_): Path<T>| "read"));
        let response = app.oneshot(Request::get(uri).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let text = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        if status == 200 {
            return (status, text);
        }
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["status"], status);
        assert!(!text.contains("canary") && !text.contains("u32"), "{text}");
        (status, problem["code"].as_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn a_parameter_that_fits_is_read() {
        assert_eq!(answer::<u32>("/{id}", "/7").await, (200, "read".to_owned()));
        assert_eq!(answer::<(String, u32)>("/{name}/{id}", "/a%20b/7").await, (200, "read".to_owned()));
    }

    #[tokio::test]
    async fn one_that_does_not_fit_is_400() {
        for uri in ["/canary", "/-1", "/4294967296", "/%ff", "/7%00"] {
            assert_eq!(answer::<u32>("/{id}", uri).await, (400, "bad-request".to_owned()), "{uri}");
        }
        assert_eq!(answer::<(String, u32)>("/{name}/{id}", "/7/canary").await, (400, "bad-request".to_owned()));
        assert_eq!(answer::<String>("/{name}", "/%ff").await, (400, "bad-request".to_owned()));
    }

    /// The developer wrote the route wrongly, and no client can correct that.
    #[tokio::test]
    async fn one_that_the_route_does_not_have_is_500() {
        assert_eq!(answer::<u32>("/canary", "/canary").await, (500, "internal".to_owned()));
        assert_eq!(answer::<(u32, u32)>("/{id}", "/7").await, (500, "internal".to_owned()));
        assert_eq!(answer::<u32>("/{id}/{part}", "/7/8").await, (500, "internal".to_owned()));
    }
}
