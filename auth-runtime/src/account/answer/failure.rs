use core::{error::Error, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
};

use crate::{
    auth::Auth,
    error::{Problem, StoreError},
    guard::UNAVAILABLE_RETRY_SECONDS,
    password::PasswordError,
};

use super::oauth::OAuthError;

/// The reason why a sign-in failed. Each endpoint turns it into its own kind of answer: a problem document or an OAuth
/// error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
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

impl Failure {
    /// Logs a store's error, and returns the failure for it.
    pub(crate) fn store(error: &StoreError) -> Self {
        tell_operator(error);
        Self::Unavailable(UNAVAILABLE_RETRY_SECONDS)
    }

    /// Returns the failure for a password that cannot be hashed or verified, and logs it where the operator can act.
    pub(crate) fn hashing(error: &PasswordError) -> Self {
        match error {
            PasswordError::TooLong => Self::Refused,
            PasswordError::Busy { retry_after } => {
                tracing::warn!(target: TARGET, "the password queue is full");
                Self::Unavailable(retry_after.as_secs().max(1))
            }
            error => {
                tracing::error!(target: TARGET, error = error as &dyn Error, "passwords cannot be checked");
                Self::Unavailable(UNAVAILABLE_RETRY_SECONDS)
            }
        }
    }

    /// Logs that a token cannot be minted, and returns the failure for it.
    pub(crate) fn minting(error: &(dyn Error + 'static)) -> Self {
        tracing::error!(target: TARGET, error, "a token could not be minted");
        Self::Unavailable(UNAVAILABLE_RETRY_SECONDS)
    }

    /// Returns the answer of a JSON endpoint: 401 with a challenge, where OAuth answers 400.
    pub(crate) fn into_json(self, auth: &Auth) -> Response {
        let mut response = Problem::from(self).into_response();
        if response.status() == StatusCode::UNAUTHORIZED {
            let challenge: HeaderValue = auth.realm().clone();
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Logs a store's error. Only the operator learns why the store does not answer.
pub(crate) fn tell_operator(error: &StoreError) {
    tracing::error!(target: TARGET, store = error.store(), error = error as &dyn Error, "a store failed");
}

/// The target of the account endpoints' events, for subscribers.
pub(crate) const TARGET: &str = "auth_runtime::account";

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused => {
                Self::new(StatusCode::UNAUTHORIZED, "invalid-credentials", "The credentials are not valid.")
            }
            Failure::Scope => {
                Self::new(StatusCode::BAD_REQUEST, "invalid-scope", "The scope exceeds what may be granted.")
            }
            Failure::Unverified => {
                Self::new(StatusCode::FORBIDDEN, "email-unverified", "The e-mail address has to be verified first.")
            }
            Failure::SlowDown(seconds) | Failure::Locked(seconds) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "quota-exceeded", "Too many requests.")
                    .with_retry_after(Duration::from_secs(seconds))
            }
            Failure::Unavailable(seconds) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The service cannot answer at the moment.")
                    .with_retry_after(Duration::from_secs(seconds))
            }
        }
    }
}

impl From<Failure> for OAuthError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused => Self::InvalidGrant,
            Failure::Unverified => Self::Unverified,
            Failure::Scope => Self::InvalidScope,
            Failure::SlowDown(retry_after) | Failure::Locked(retry_after) => Self::SlowDown { retry_after },
            Failure::Unavailable(retry_after) => Self::Unavailable { retry_after },
        }
    }
}
