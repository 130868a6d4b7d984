use core::time::Duration;
use std::borrow::Cow;

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};

/// An error as a client sees it: a problem document (RFC 9457), `application/problem+json`.
///
/// It contains only text that the client may read: never an internal error, a file name, an SQL statement or a secret.
///
/// ```
/// use auth_runtime::error::Problem;
/// use axum::http::StatusCode;
///
/// let problem = Problem::new(StatusCode::CONFLICT, "note-locked", "The note is locked.");
/// assert_eq!(problem.code(), "note-locked");
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Members>);

/// The members of the document. They are boxed because problems travel in the error of a `Result`.
#[derive(Clone, Debug, Serialize)]
struct Members {
    r#type: String,
    title: String,
    #[serde(serialize_with = "status_number")]
    status: StatusCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

/// The error in one member of the request's body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The position of the member, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// The stable name of the rule that the member breaks, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'static, str>>,
    /// The description of the error. It does not repeat the value.
    pub message: String,
    /// The rule's parameters by name, for example `min` and `max`.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
}

impl FieldError {
    /// Describes an error in the member at this JSON pointer.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: None, message: message.into(), params: Map::new() }
    }

    /// Sets the stable name of the rule that the member breaks.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds a parameter of the rule.
    #[must_use]
    pub(crate) fn with_param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Sets the rule's parameters. They must not contain the value of the member.
    #[must_use]
    pub fn with_params(mut self, params: Map<String, Value>) -> Self {
        self.params = params;
        self
    }
}

impl Problem {
    /// Creates a problem with a stable `code` and a title, which is one sentence for people.
    ///
    /// The code is a constant of the program, for example `"out-of-stock"`: clients decide by it. What differs between
    /// two occurrences belongs into [`with_detail`](Self::with_detail) or [`with_errors`](Self::with_errors).
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self(Box::new(Members {
            r#type: format!("urn:auth-runtime:problem:{code}"),
            title: title.into(),
            status,
            detail: None,
            code,
            request_id: None,
            errors: Vec::new(),
            retry_after_seconds: None,
        }))
    }

    /// Sets the stable URI of this kind of problem. By default it is derived from the code.
    #[must_use]
    pub fn with_type(mut self, uri: impl Into<String>) -> Self {
        self.0.r#type = uri.into();
        self
    }

    /// Sets an explanation of this occurrence.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Sets the request's identifier, for support.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Sets the errors in the members of the body.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// Sets the time after which the client may retry: the `Retry-After` field (RFC 9110, section 10.2.3). The field
    /// holds whole seconds, so the time is rounded up.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        let has_fraction = wait.subsec_nanos() > 0;
        self.0.retry_after_seconds = Some(wait.as_secs().saturating_add(u64::from(has_fraction)));
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Returns the title, one sentence for people.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// Returns the explanation of this occurrence.
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Returns the errors in the members of the body: a page can show them beside its fields.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // The document has only strings and numbers, so serialization cannot fail. An empty body would still carry the
        // status.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (self.0.status, [(CONTENT_TYPE, json)], body).into_response();
        if let Some(seconds) = self.0.retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn status_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}
