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

use super::Problem;

/// A problem document (RFC 9457) without variable members.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Document {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) body: &'static str,
}

/// Builds a [`Document`] from a status, a code, a title and, optionally, a detail. Their characters must not need
/// escapes in JSON.
macro_rules! fixed {
    ($status:literal, $code:literal, $title:literal $(, $detail:literal)?) => {
        $crate::error::Document {
            status: $status,
            code: $code,
            title: $title,
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

/// A limit refuses the request.
pub(crate) const QUOTA_EXCEEDED: Document = fixed!(429, "quota-exceeded", "Too many requests.");

/// A store or another part does not answer.
pub(crate) const UNAVAILABLE: Document = fixed!(503, "unavailable", "The service cannot answer at the moment.");

/// The application is at fault.
pub(crate) const INTERNAL: Document = fixed!(500, "internal", "The service failed.");

/// How long a client should wait before it retries a failing store, in seconds.
pub(crate) const UNAVAILABLE_RETRY_SECONDS: u64 = 5;

impl Document {
    /// Returns the document without its detail, to which members can be added.
    pub(crate) fn problem(self) -> Problem {
        Problem::new(self.status(), self.code, self.title)
    }

    /// Returns the status. The statuses are constants of this crate. An invalid one would still refuse the request,
    /// with 500.
    pub(crate) fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status();
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
    use super::*;

    #[tokio::test]
    async fn a_fixed_document_is_the_one_that_would_be_serialised() {
        let fixed = fixed!(403, "forbidden", "The caller may not do this.");
        let problem = fixed.problem().into_response();
        assert_eq!(problem.status(), StatusCode::FORBIDDEN);
        let body = axum::body::to_bytes(problem.into_body(), usize::MAX).await.unwrap();
        assert_eq!(fixed.body.as_bytes(), body);
        let fixed = fixed!(403, "forbidden", "The caller may not do this.", "It is `closed`.");
        let problem = fixed.problem().with_detail("It is `closed`.").into_response();
        let body = axum::body::to_bytes(problem.into_body(), usize::MAX).await.unwrap();
        assert_eq!(fixed.body.as_bytes(), body);
    }
}
