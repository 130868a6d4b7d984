use axum::{
    http::{
        HeaderValue,
        header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::error::Failure;

/// A JSON answer that no browser takes for anything else: `application/json` with `nosniff`, in which `<`, `>`, `&` and
/// the line ends of JavaScript are written as escapes. A reader of JSON gets the same values.
///
/// For answers with texts of users on a route that a browser can open by a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InertJson<T>(pub T);

impl<T: Serialize> IntoResponse for InertJson<T> {
    fn into_response(self) -> Response {
        match json_for_script(&self.0) {
            Ok(text) => {
                let fields = [
                    (CONTENT_TYPE, HeaderValue::from_static("application/json")),
                    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                ];
                (fields, text).into_response()
            }
            Err(error) => Failure::from(error).into_response(),
        }
    }
}

/// Returns JSON that may stand inside a `<script>` element: no text of a user ends the element, or begins a comment.
///
/// It may not stand in an attribute, where a template escapes JSON like any text.
///
/// # Errors
/// Returns an error if the value cannot be written as JSON.
pub fn json_for_script<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    if !text.contains(is_special) {
        return Ok(text);
    }
    // Outside strings, JSON has none of these characters.
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            char => escaped.push(char),
        }
    }
    Ok(escaped)
}

fn is_special(char: char) -> bool {
    matches!(char, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn no_text_ends_the_script() {
        let value = json!({ "</script>": "<!--<script>", "b": "a & b\u{2028}\u{2029}" });
        let text = json_for_script(&value).unwrap();
        assert!(!text.contains(is_special), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(json_for_script(&[1, 2]).unwrap(), "[1,2]");
    }

    #[tokio::test]
    async fn the_answer_says_what_it_is() {
        let answer = InertJson("<html>").into_response();
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert_eq!(body, r#""\u003chtml\u003e""#);
    }
}
