use core::fmt;

use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::{
    error::{FieldError, Problem},
    guard::{CsrfFormRejection, GuardRejection},
};

use super::tree::{escaped, is_within};

/// Why [`Valid`](super::Valid) refuses a form or a query, with all that a page needs to show the form again. It has the
/// messages of each field, and the values that were typed.
///
/// As an answer it is the problem document, without any value. A handler that takes the `Result` answers with a page:
///
/// ```
/// use auth_runtime::{prelude::*, validate::Invalid};
/// use axum::response::{Html, IntoResponse, Response};
/// use serde::Deserialize;
/// use validator::Validate;
///
/// #[derive(Deserialize, Validate)]
/// struct Comment {
///     #[validate(length(min = 1, max = 2_000, message = "write 1 to 2,000 characters"))]
///     text: String,
/// }
///
/// #[protected]
/// async fn comment(sent: Result<Valid<Form<Comment>>, Invalid>) -> Response {
///     match sent {
///         Ok(Valid(Form(comment))) => Html(format!("{} bytes are saved", comment.text.len())).into_response(),
///         Err(invalid) => {
///             let messages: Vec<_> = invalid.messages("text").collect();
///             // A template escapes `invalid.typed("text")`.
///             (invalid.problem().status(), Html(messages.join(", "))).into_response()
///         }
///     }
/// }
/// ```
///
/// It also holds other reasons: a body of another type, or a body that is too large. These have no fields.
#[derive(Clone)]
pub struct Invalid {
    problem: Problem,
    typed: Vec<(String, String)>,
}

impl Invalid {
    /// Returns the answer for programs. Its title is a message for the whole form.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Returns the messages of a field, for people. The name is the form's. The empty name returns the messages of the
    /// form as a whole.
    ///
    /// Values of the request are not in the messages, as they are not in the document.
    pub fn messages(&self, field: &str) -> impl Iterator<Item = &str> {
        let pointer = if field.is_empty() { String::new() } else { format!("/{}", escaped(field)) };
        let is_of = move |error: &&FieldError| {
            error.pointer == pointer || !pointer.is_empty() && is_within(&error.pointer, &pointer)
        };
        self.problem.errors().iter().filter(is_of).map(|error| error.message.as_str())
    }

    /// Returns the value that was typed into a field, to show it again. A template must escape it. Returns an empty
    /// text if the field was not sent.
    ///
    /// Passwords have no value here: neither a field of the type [`Password`](super::Password), nor one with `passw` or
    /// `secret` in its name. No field has a value if the form could not be read to its end, or if its type is no struct
    /// or has a flattened field.
    pub fn typed(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    /// Adds the value of a field, for [`typed`](Self::typed). A handler that finds a fault of its own, such as a name
    /// that is taken, begins with [`from`](Self::from) a [`Problem`] and adds what the page shows again.
    #[must_use]
    pub fn with_typed(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        let field = field.into();
        if !has_secret_name(&field) {
            self.typed.push((field, value.into()));
        }
        self
    }

    /// Adds all fields of a form, except those at the pointers.
    pub(super) fn with_all_typed(self, form: Value, secrets: &[String]) -> Self {
        let Value::Object(fields) = form else { return self };
        fields.into_iter().fold(self, |invalid, (name, value)| match value {
            Value::String(value) if !secrets.contains(&format!("/{}", escaped(&name))) => {
                invalid.with_typed(name, value)
            }
            _ => invalid,
        })
    }
}

/// Returns whether a name says that its value is a secret.
fn has_secret_name(field: &str) -> bool {
    let lower = field.to_lowercase();
    ["passw", "secret"].iter().any(|word| lower.contains(word))
}

/// What people type is not for logs.
impl fmt::Debug for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invalid").field("problem", &self.problem).finish_non_exhaustive()
    }
}

impl From<Problem> for Invalid {
    fn from(problem: Problem) -> Self {
        Self { problem, typed: Vec::new() }
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        invalid.problem
    }
}

impl IntoResponse for Invalid {
    fn into_response(self) -> Response {
        self.problem.into_response()
    }
}

/// Why `Valid<CsrfForm<T>>` refuses a form.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidCsrfForm {
    /// The caller is unknown, or the form carries no token of the caller's session. Answer with it.
    GuardRejection(GuardRejection),
    /// The form carries a token, and cannot be read or breaks rules. A page can show it again.
    Invalid(Invalid),
}

impl From<CsrfFormRejection> for InvalidCsrfForm {
    fn from(rejection: CsrfFormRejection) -> Self {
        match rejection {
            CsrfFormRejection::GuardRejection(denied) => Self::GuardRejection(denied),
            CsrfFormRejection::Unreadable(problem) => Self::Invalid(problem.into()),
        }
    }
}

impl From<Invalid> for InvalidCsrfForm {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl IntoResponse for InvalidCsrfForm {
    fn into_response(self) -> Response {
        match self {
            Self::GuardRejection(denied) => denied.into_response(),
            Self::Invalid(invalid) => invalid.into_response(),
        }
    }
}
