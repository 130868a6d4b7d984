//! The problem documents of refusals, written at compile time. A flood of refused requests therefore costs no
//! serialization.

use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};

/// A problem document (RFC 9457) without variable members.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document {
    pub(crate) status: u16,
    pub(crate) body: &'static str,
}

/// Builds a [`Document`] from a status, a code, a title and, optionally, a detail. Their characters must not need
/// escapes in JSON.
macro_rules! fixed {
    ($status:literal, $code:literal, $title:literal $(, $detail:literal)?) => {
        $crate::error::Document {
            status: $status,
            body: concat!(
                r#"{"type":"urn:auth-runtime:problem:"#,
                $code,
                r#"","title":""#,
                $title,
                r#"","status":"#,
                $status,
                $(r#","detail":""#, $detail, r#"""#,)?
                r#","code":""#,
                $code,
                r#""}"#
            ),
        }
    };
}
pub(crate) use fixed;

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        // The statuses are constants of this crate. An invalid one would still refuse the request, with 500.
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// A response to which a `Retry-After` field can be added.
pub(crate) trait RetryAfter {
    fn with_retry_after(self, seconds: u64) -> Self;
}

impl RetryAfter for Response {
    fn with_retry_after(mut self, seconds: u64) -> Self {
        self.headers_mut().insert(RETRY_AFTER, seconds.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::error::Problem;

    use super::*;

    #[tokio::test]
    async fn a_fixed_document_is_the_one_that_would_be_serialised() {
        let fixed = fixed!(403, "forbidden", "The caller may not do this.");
        let problem = Problem::new(StatusCode::FORBIDDEN, "forbidden", "The caller may not do this.").into_response();
        let body = axum::body::to_bytes(problem.into_body(), usize::MAX).await.unwrap();
        assert_eq!(fixed.body.as_bytes(), body);
        let fixed = fixed!(403, "forbidden", "The caller may not do this.", "It is `closed`.");
        let problem = Problem::new(StatusCode::FORBIDDEN, "forbidden", "The caller may not do this.");
        let problem = problem.with_detail("It is `closed`.").into_response();
        let body = axum::body::to_bytes(problem.into_body(), usize::MAX).await.unwrap();
        assert_eq!(fixed.body.as_bytes(), body);
    }
}
