use axum::{
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::guard::Explained;

/// An error of the token endpoint, in the shape of RFC 6749, section 5.2.
#[derive(Debug)]
pub(crate) enum OAuthError {
    InvalidRequest(&'static str),
    /// Holds no cause, so that all look the same: wrong password, unknown user, and used, expired or foreign refresh
    /// token.
    InvalidGrant,
    /// The address is not verified. Only a client that gave the right password gets this answer.
    Unverified,
    UnauthorizedClient(&'static str),
    UnsupportedGrantType,
    InvalidScope,
    /// Too many attempts for one account.
    SlowDown {
        retry_after: u64,
    },
    /// A store or the password pool cannot answer.
    Unavailable {
        retry_after: u64,
    },
}

#[derive(Serialize)]
struct Body {
    error: &'static str,
    error_description: &'static str,
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, error, error_description) = match self {
            Self::InvalidRequest(what) => (StatusCode::BAD_REQUEST, "invalid_request", what),
            Self::InvalidGrant => (StatusCode::BAD_REQUEST, "invalid_grant", "The credentials are not valid."),
            Self::Unverified => {
                (StatusCode::BAD_REQUEST, "invalid_grant", "The e-mail address has to be verified first.")
            }
            Self::UnauthorizedClient(why) => (StatusCode::BAD_REQUEST, "unauthorized_client", why),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "The grant type is neither password nor refresh_token.",
            ),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope", "The scope exceeds what may be granted."),
            Self::SlowDown { .. } => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "Too many attempts."),
            Self::Unavailable { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "The service cannot answer at the moment.")
            }
        };
        let mut response = (status, axum::Json(Body { error, error_description })).into_response();
        if let Self::SlowDown { retry_after } | Self::Unavailable { retry_after } = self {
            response.headers_mut().insert(RETRY_AFTER, retry_after.into());
        }
        response
    }
}

/// Turns a problem document of a guard or an extractor into the shape that OAuth clients read. The status and the
/// header fields stay.
pub(crate) async fn in_oauth_shape(response: Response) -> Response {
    if response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let (mut parts, _problem) = response.into_parts();
    let (error, described) = refusal(parts.status, &parts.headers);
    let error_description = parts.extensions.get::<Explained>().map_or(described, |Explained(fault)| fault);
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, axum::Json(Body { error, error_description }).into_response().into_body())
}

/// Returns the error code and the description of a refusal. A client that asks about tokens with an invalid token, or
/// without the scope, gets the codes of RFC 6750 (RFC 7662, section 2.3), as in the challenge. Without a credential,
/// the code is that of a client that did not authenticate.
fn refusal(status: StatusCode, headers: &HeaderMap) -> (&'static str, &'static str) {
    let challenge = headers.get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match status {
        StatusCode::BAD_REQUEST => ("invalid_request", "The credential is malformed, or there are several."),
        StatusCode::UNAUTHORIZED if challenge.contains(r#"error="invalid_token""#) => {
            ("invalid_token", "The credential is invalid or has expired.")
        }
        StatusCode::UNAUTHORIZED => ("invalid_client", "This needs a credential."),
        StatusCode::FORBIDDEN if challenge.contains(r#"error="insufficient_scope""#) => {
            ("insufficient_scope", "The credential lacks a scope that is needed.")
        }
        StatusCode::FORBIDDEN => ("access_denied", "The caller may not do this."),
        StatusCode::REQUEST_TIMEOUT => ("invalid_request", "The body did not arrive in time."),
        StatusCode::TOO_MANY_REQUESTS => ("temporarily_unavailable", "Too many requests."),
        StatusCode::SERVICE_UNAVAILABLE => ("temporarily_unavailable", "The service cannot answer at the moment."),
        status if status.is_server_error() => ("server_error", "The service failed."),
        _ => ("invalid_request", "This endpoint takes a posted form."),
    }
}

/// Forbids caches to keep any answer of the endpoints (RFC 6749, section 5.1), refusals by a guard included.
pub(crate) async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;
    use crate::error::Problem;

    #[tokio::test]
    async fn a_credential_that_may_not_ask_is_denied_access() {
        let refused =
            Problem::new(StatusCode::FORBIDDEN, "credential-kind", "This kind of credential is not accepted.");
        let answer = in_oauth_shape(refused.into_response()).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        let body = to_bytes(answer.into_body(), 1_000).await.unwrap();
        assert_eq!(&body[..], br#"{"error":"access_denied","error_description":"The caller may not do this."}"#);
    }
}
