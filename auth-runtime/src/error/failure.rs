use core::{error::Error, fmt::Write as _};

use axum::response::{IntoResponse, Response};

use super::{
    INTERNAL, Problem, StoreError, UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS, document::RetryAfter, event::TARGET,
    request_id::request_id,
};

/// The error of a handler: any error of the application, as an answer without internals.
///
/// `?` turns every error into a `Failure`: of `sqlx`, of `anyhow`, boxed ones, or text. The client gets 500 with a
/// problem document that names the request. The error with all its causes is an event of the level `ERROR`, with the
/// same `request_id`. If one of the causes is a [`StoreError`], the answer is 503 with `Retry-After`.
///
/// A [`Problem`] becomes a `Failure`, too, and is sent as it is.
///
/// ```
/// use auth_runtime::error::{Failure, Problem};
/// use axum::http::StatusCode;
///
/// async fn page() -> Result<String, Failure> {
///     let number: u64 = std::fs::read_to_string("number.txt")?.trim().parse()?;
///     if number == 0 {
///         Err(Problem::new(StatusCode::NOT_FOUND, "no-page", "There is no such page."))?;
///     }
///     Ok(number.to_string())
/// }
/// # assert!(tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(page()).is_err());
/// ```
///
/// Inside [`CatchPanics`](super::CatchPanics) or `web::RequestIds`, the identifier is the request's `X-Request-Id`, if
/// it has one of the usual form. `web::hardened` brings both layers, and `serve` the first. Otherwise the identifier is
/// random.
#[derive(Debug)]
pub struct Failure(Cause);

#[derive(Debug)]
enum Cause {
    Error(Box<dyn Error + Send + Sync>),
    Problem(Problem),
}

impl Failure {
    /// Returns the problem that is sent as it is, if this is one.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        match &self.0 {
            Cause::Problem(problem) => Some(problem),
            Cause::Error(_) => None,
        }
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Cause::Error(error.into()))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(Cause::Problem(problem))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = match self.0 {
            Cause::Error(error) => error,
            Cause::Problem(problem) => return problem.into_response(),
        };
        let id = request_id();
        // A text in quotes keeps line ends of an error from looking like lines of the log.
        tracing::error!(target: TARGET, request_id = id, error = ?chain(&*error), "a handler failed");
        if is_outage(&*error) {
            let response = UNAVAILABLE.problem().with_request_id(id).into_response();
            return response.with_retry_after(UNAVAILABLE_RETRY_SECONDS);
        }
        INTERNAL.problem().with_request_id(id).into_response()
    }
}

/// Returns the error and its causes, one after the other.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in causes(error).skip(1) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, ": {cause}");
    }
    text
}

fn is_outage(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| cause.is::<StoreError>())
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    core::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, http::StatusCode};
    use serde_json::Value;

    use super::*;

    async fn answer(failure: Failure) -> (StatusCode, Option<String>, Value) {
        let response = failure.into_response();
        let wait = response.headers().get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
        let status = response.status();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, wait, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn an_error_shows_no_internals() {
        let (status, wait, body) = answer("SELECT secret FROM /etc/passwd".into()).await;
        assert_eq!((status.as_u16(), wait), (500, None));
        assert!(!body.to_string().contains("secret"), "{body}");
        assert_eq!(body["code"], "internal");
        assert_eq!(body["request_id"].as_str().unwrap().len(), 32);
    }

    #[tokio::test]
    async fn an_outage_among_the_causes_is_503() {
        #[derive(Debug)]
        struct Wrapped(StoreError);
        impl core::fmt::Display for Wrapped {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("the page failed")
            }
        }
        impl Error for Wrapped {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&self.0)
            }
        }
        let outage = Wrapped(StoreError::new("notes", "refused"));
        assert_eq!(chain(&outage), "the page failed: the store `notes` failed: refused");
        let (status, wait, body) = answer(outage.into()).await;
        assert_eq!((status.as_u16(), wait.as_deref(), &body["code"]), (503, Some("5"), &"unavailable".into()));
        assert!(body["request_id"].is_string() && !body.to_string().contains("notes"), "{body}");
    }

    #[tokio::test]
    async fn a_problem_is_sent_as_it_is() {
        let (status, _, body) = answer(Problem::new(StatusCode::GONE, "gone", "It is gone.").into()).await;
        assert_eq!(status, StatusCode::GONE);
        assert_eq!((&body["code"], body.get("request_id")), (&"gone".into(), None));
    }
}
