//! Writes the request's identifier into a problem document.

use axum::{
    body::{Body, HttpBody},
    http::header::{CONTENT_LENGTH, CONTENT_TYPE},
    response::Response,
};

use crate::guard::beginning;

/// A longer document stays as it is.
const MOST_BYTES: u64 = 16 * 1024;

/// Adds the member `request_id`, if the answer is a problem document that is in memory and does not have it.
pub(super) fn show(id: &str, response: &mut Response) {
    if response.headers().get(CONTENT_TYPE).is_none_or(|kind| !is_problem(kind.as_bytes())) {
        return;
    }
    let size = response.body().size_hint().exact();
    let document = beginning(response, MOST_BYTES);
    if u64::try_from(document.len()).ok() == size
        && let Some(document) = with_member(&document, id)
    {
        *response.body_mut() = Body::from(document);
        // The server writes the length of the new document.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
}

fn is_problem(kind: &[u8]) -> bool {
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/problem+json")
}

/// Returns the document with the member at its end. The member stands in the text already where the application has
/// written it, and a document without members is not a problem document.
fn with_member(document: &str, id: &str) -> Option<String> {
    let members = document.trim_end().strip_suffix('}')?;
    let has_members = members.trim_end().ends_with(['"', ']', '}']) || members.ends_with(|c: char| c.is_alphanumeric());
    let is_there = document.contains("\"request_id\"");
    (has_members && !is_there).then(|| format!("{members},\"request_id\":\"{id}\"}}"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    async fn shown(kind: &'static str, body: Body) -> String {
        let mut response = Response::new(body);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("1"));
        show("id-1", &mut response);
        String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_problem_document_gets_the_member_once() {
        let kind = "application/problem+json";
        assert_eq!(shown(kind, Body::from(r#"{"a":"b"}"#)).await, r#"{"a":"b","request_id":"id-1"}"#);
        assert_eq!(
            shown("Application/Problem+JSON; charset=utf-8", Body::from("{\"a\":1}\n")).await,
            r#"{"a":1,"request_id":"id-1"}"#
        );
        for other in [r#"{"request_id":"mine"}"#, "{}", "", "[1]", r#"{"a":"b""#, "{"] {
            assert_eq!(shown(kind, Body::from(other)).await, other);
        }
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(20_000));
        assert_eq!(shown(kind, Body::from(long.clone())).await, long);
        assert_eq!(shown("application/json", Body::from(r#"{"a":"b"}"#)).await, r#"{"a":"b"}"#);
    }
}
