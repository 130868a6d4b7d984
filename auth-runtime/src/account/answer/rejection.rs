use core::time::Duration;

use axum::{
    http::{StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
};

use crate::{
    auth::{Auth, Demand},
    error::{Problem, QUOTA_EXCEEDED, UNAVAILABLE},
};

use super::oauth::OAuthError;

/// The reason why a sign-in failed. Each endpoint turns it into its own kind of answer: a problem document or an OAuth
/// error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointRejection {
    /// The credentials are not valid. The answer is the same for every cause.
    Refused,
    /// The request asked for more scope than may be granted.
    Scope,
    /// Too many attempts. Holds the whole seconds until the next attempt is allowed.
    SlowDown(u64),
    /// Too many wrong passwords. Holds the whole seconds until the next one is verified.
    Locked(u64),
    /// The password is right, but the e-mail address must be verified first.
    Unverified,
    /// A part that sign-in needs does not answer. Holds the whole seconds after which the client may retry.
    Unavailable(u64),
}

impl EndpointRejection {
    /// Returns the answer of a JSON endpoint: 401 with a challenge, where OAuth answers 400.
    pub(crate) fn into_json(self, auth: &Auth) -> Response {
        let mut response = Problem::from(self).into_response();
        if response.status() == StatusCode::UNAUTHORIZED {
            let challenges = auth.challenges();
            let bearer = challenges.bearer(|| "/", Demand::Credential, None);
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
            for challenge in challenges.others(Demand::Credential) {
                response.headers_mut().append(WWW_AUTHENTICATE, challenge.clone());
            }
        }
        response
    }
}

impl From<EndpointRejection> for Problem {
    fn from(rejection: EndpointRejection) -> Self {
        match rejection {
            EndpointRejection::Refused => {
                Self::new(StatusCode::UNAUTHORIZED, "invalid-credentials", "The credentials are not valid.")
            }
            EndpointRejection::Scope => {
                Self::new(StatusCode::BAD_REQUEST, "invalid-scope", "The scope exceeds what may be granted.")
            }
            EndpointRejection::Unverified => {
                Self::new(StatusCode::FORBIDDEN, "email-unverified", "The e-mail address has to be verified first.")
            }
            EndpointRejection::SlowDown(seconds) | EndpointRejection::Locked(seconds) => {
                QUOTA_EXCEEDED.problem().with_retry_after(Duration::from_secs(seconds))
            }
            EndpointRejection::Unavailable(seconds) => {
                UNAVAILABLE.problem().with_retry_after(Duration::from_secs(seconds))
            }
        }
    }
}

impl From<EndpointRejection> for OAuthError {
    fn from(rejection: EndpointRejection) -> Self {
        match rejection {
            EndpointRejection::Refused => Self::InvalidGrant,
            EndpointRejection::Unverified => Self::Unverified,
            EndpointRejection::Scope => Self::InvalidScope,
            EndpointRejection::SlowDown(retry_after) | EndpointRejection::Locked(retry_after) => {
                Self::SlowDown { retry_after }
            }
            EndpointRejection::Unavailable(retry_after) => Self::Unavailable { retry_after },
        }
    }
}
