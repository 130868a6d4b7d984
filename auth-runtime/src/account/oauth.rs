use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An error of the token endpoint, in the shape of RFC 6749, section 5.2.
#[derive(Debug)]
pub(super) enum OAuthError {
    InvalidRequest(&'static str),
    /// Every cause looks the same: wrong password, unknown user, used, expired or foreign refresh token.
    InvalidGrant,
    /// Told only to whoever gave the right password.
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

/// Nothing that the endpoints say of accounts and tokens may be kept (RFC 6749, section 5.1), refusals by a guard included.
pub(super) async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
