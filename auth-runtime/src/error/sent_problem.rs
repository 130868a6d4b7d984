use axum::{
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

/// A problem document that is about to be sent, for [`RewriteProblems`](super::RewriteProblems).
#[derive(Clone, Debug)]
pub struct SentProblem {
    pub(super) members: Map<String, Value>,
    pub(super) accept_language: Option<HeaderValue>,
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

    /// Returns the stable name of the rule that the member breaks. It is empty if the error has no code.
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

/// The type of a problem document.
pub(super) const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");
