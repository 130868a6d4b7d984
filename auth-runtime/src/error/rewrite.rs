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
        HeaderMap, HeaderValue,
        header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use tower_layer::Layer;
use tower_service::Service;

/// A layer through which the application rewrites all problem documents in one place: their texts in another language,
/// their `type`, or the whole body in a form of its own.
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

/// A problem document that is about to be sent, for [`RewriteProblems`].
#[derive(Clone, Debug)]
pub struct SentProblem {
    members: Map<String, Value>,
    accept_language: Option<HeaderValue>,
}

impl SentProblem {
    /// Returns the stable code. It is empty if the document has no code; those of this crate have one.
    pub fn code(&self) -> &str {
        self.text("code").unwrap_or_default()
    }

    /// Returns the title.
    pub fn title(&self) -> &str {
        self.text("title").unwrap_or_default()
    }

    /// Returns the explanation of this occurrence.
    pub fn detail(&self) -> Option<&str> {
        self.text("detail")
    }

    /// Returns the request's identifier, if the document has one.
    pub fn request_id(&self) -> Option<&str> {
        self.text("request_id")
    }

    /// Returns all members of the document.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Returns the languages that the client reads: its `Accept-Language` field. An answer that depends on it has
    /// `Vary: Accept-Language`.
    pub fn accept_language(&self) -> Option<&str> {
        self.accept_language.as_ref()?.to_str().ok()
    }

    /// Replaces the URI of this kind of problem.
    #[must_use]
    pub fn with_type(self, uri: impl Into<String>) -> Self {
        self.with("type", uri.into())
    }

    /// Replaces the title.
    #[must_use]
    pub fn with_title(self, title: impl Into<String>) -> Self {
        self.with("title", title.into())
    }

    /// Replaces the explanation.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        self.with("detail", detail.into())
    }

    /// Removes the explanation, which may be in another language than the new title.
    #[must_use]
    pub fn without_detail(mut self) -> Self {
        self.members.remove("detail");
        self
    }

    /// Returns the errors in the members of the request's body.
    pub fn errors(&self) -> impl Iterator<Item = SentFieldError<'_>> {
        let errors = self.members.get("errors").and_then(Value::as_array);
        errors.into_iter().flatten().filter_map(Value::as_object).map(SentFieldError)
    }

    /// Replaces the messages of the errors in members. An error keeps its message where the function returns `None`.
    ///
    /// ```
    /// # use auth_runtime::error::SentProblem;
    /// fn in_german(problem: SentProblem) -> SentProblem {
    ///     problem.with_messages(|error| match error.code() {
    ///         "missing" => Some("fehlt".to_owned()),
    ///         "length" => Some(format!("darf höchstens {} Zeichen haben", error.param("max")?)),
    ///         _ => None,
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn with_messages(mut self, message: impl Fn(SentFieldError<'_>) -> Option<String>) -> Self {
        let errors = self.members.get_mut("errors").and_then(Value::as_array_mut);
        for error in errors.into_iter().flatten().filter_map(Value::as_object_mut) {
            if let Some(message) = message(SentFieldError(error)) {
                error.insert("message".to_owned(), Value::String(message));
            }
        }
        self
    }

    fn with(mut self, member: &str, text: String) -> Self {
        self.members.insert(member.to_owned(), Value::String(text));
        self
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.members.get(member)?.as_str()
    }
}

/// An error in one member of the request's body, as [`SentProblem`] sends it.
#[derive(Clone, Copy, Debug)]
pub struct SentFieldError<'a>(&'a Map<String, Value>);

impl<'a> SentFieldError<'a> {
    /// Returns the position of the member, as a JSON pointer.
    pub fn pointer(&self) -> &'a str {
        self.text("pointer")
    }

    /// Returns the stable name of the rule that the member breaks. It is empty if the error has none.
    pub fn code(&self) -> &'a str {
        self.text("code")
    }

    /// Returns the description of the error.
    pub fn message(&self) -> &'a str {
        self.text("message")
    }

    /// Returns a parameter of the rule, for example `max`.
    pub fn param(&self, name: &str) -> Option<&'a Value> {
        self.0.get("params")?.get(name)
    }

    fn text(&self, member: &str) -> &'a str {
        self.0.get(member).and_then(Value::as_str).unwrap_or_default()
    }
}

impl IntoResponse for SentProblem {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, PROBLEM)], Value::Object(self.members).to_string()).into_response()
    }
}

const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

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
