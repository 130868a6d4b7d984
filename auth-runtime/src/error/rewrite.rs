use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};
use std::sync::Arc;

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::Request,
    http::{
        HeaderMap,
        header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tower_layer::Layer;
use tower_service::Service;

use super::{SentProblem, sent_problem::PROBLEM};

/// A layer through which the application rewrites all problem documents in one place. It can change their texts to
/// another language, their `type`, or the whole body.
///
/// The function gets each problem document that a response carries. Its answer becomes the body. Status and headers
/// stay as they were, with the challenge and `Retry-After`. Only `Content-Type` and `Content-Language` come from the
/// answer, and its `Vary` is added.
///
/// ```
/// use auth_runtime::error::{RewriteProblems, SentProblem};
/// use axum::{Router, response::IntoResponse};
///
/// fn in_german(problem: SentProblem) -> impl IntoResponse {
///     let title = match problem.code() {
///         "unauthenticated" => "Bitte anmelden.",
///         "not-found" => "Hier ist nichts.",
///         _ => "Es ging nicht.",
///     };
///     let uri = format!("https://example.org/problems/{}", problem.code());
///     ([("content-language", "de")], problem.with_title(title).with_type(uri).without_detail())
/// }
///
/// let app: Router = Router::new().layer(RewriteProblems::new(in_german));
/// ```
///
/// For a form of its own, the function returns any other body:
///
/// ```
/// # use auth_runtime::error::{RewriteProblems, SentProblem};
/// use axum::Json;
/// use serde_json::json;
///
/// let layer = RewriteProblems::new(|problem: SentProblem| {
///     Json(json!({ "error": { "code": problem.code(), "message": problem.title() } }))
/// });
/// ```
///
/// A response is a problem document if its `Content-Type` is `application/problem+json` and its body is a JSON object
/// of at most 64 KiB. The errors of the OAuth endpoints stay as they are, since RFC 6749 sets their form.
pub struct RewriteProblems<F>(Arc<F>);

impl<F, R> RewriteProblems<F>
where
    F: Fn(SentProblem) -> R + Send + Sync + 'static,
    R: IntoResponse,
{
    /// Creates the layer.
    pub fn new(rewrite: F) -> Self {
        Self(Arc::new(rewrite))
    }
}

impl<F> Clone for RewriteProblems<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F> fmt::Debug for RewriteProblems<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RewriteProblems").finish_non_exhaustive()
    }
}

impl<S, F> Layer<S> for RewriteProblems<F> {
    type Service = RewriteProblemsService<S, F>;

    fn layer(&self, inner: S) -> Self::Service {
        RewriteProblemsService { inner, rewrite: self.clone() }
    }
}

/// The service that [`RewriteProblems`] creates.
#[derive(Debug)]
pub struct RewriteProblemsService<S, F> {
    inner: S,
    rewrite: RewriteProblems<F>,
}

impl<S: Clone, F> Clone for RewriteProblemsService<S, F> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), rewrite: self.rewrite.clone() }
    }
}

impl<S, F, R> Service<Request> for RewriteProblemsService<S, F>
where
    S: Service<Request>,
    S::Response: IntoResponse,
    S::Future: Send + 'static,
    F: Fn(SentProblem) -> R + Send + Sync + 'static,
    R: IntoResponse,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let accept_language = request.headers().get(ACCEPT_LANGUAGE).cloned();
        let rewrite = Arc::clone(&self.rewrite.0);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?.into_response();
            if !is_problem(&response) {
                return Ok(response);
            }
            let (mut parts, body) = response.into_parts();
            // The body is in memory already, so reading it neither waits nor fails.
            let body = to_bytes(body, MOST_BYTES).await.unwrap_or_default();
            let Ok(Value::Object(members)) = serde_json::from_slice(&body) else {
                return Ok(Response::from_parts(parts, Body::from(body)));
            };
            let (rewritten, body) = rewrite(SentProblem { members, accept_language }).into_response().into_parts();
            take_over(&mut parts.headers, &rewritten.headers);
            Ok(Response::from_parts(parts, body))
        })
    }
}

/// The longest body that is read.
const MOST_BYTES: usize = 64 * 1024;

fn is_problem(response: &Response) -> bool {
    let size = response.body().size_hint().exact();
    size.is_some_and(|size| size <= MOST_BYTES as u64) && response.headers().get(CONTENT_TYPE) == Some(&PROBLEM)
}

/// Takes over the fields that describe the new body.
fn take_over(headers: &mut HeaderMap, rewritten: &HeaderMap) {
    headers.remove(CONTENT_LENGTH);
    headers.remove(CONTENT_TYPE);
    for name in [CONTENT_TYPE, CONTENT_LANGUAGE] {
        if let Some(value) = rewritten.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    for value in rewritten.get_all(VARY) {
        headers.append(VARY, value.clone());
    }
}

#[cfg(test)]
mod tests;
