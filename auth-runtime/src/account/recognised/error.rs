use core::{error::Error, fmt};

use axum::{
    http::{HeaderValue, StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};

use crate::{
    account::answer::rejection::EndpointRejection,
    auth::Auth,
    error::Problem,
    guard::{GuardRejection, Rejection},
};

/// The error of a sign-in that the application finishes. It is an answer: a problem document, as of `/auth/session`.
///
/// | [`failure`](Self::failure) | answer |
/// |---|---|
/// | `NotBegun` | 403 `sign-in-not-begun` |
/// | `BadToken` | 400 `invalid-one-time-token` |
/// | `CrossSite` | 403 `cross-site` |
/// | `Refused` | 401 `invalid-credentials` |
/// | `EmailUnverified` | 403 `email-unverified` |
/// | `TooManyAttempts` | 429 `quota-exceeded` |
/// | `Unavailable` | 503 `unavailable` |
/// | `Misconfigured` | 500 `internal` |
#[derive(Debug)]
pub struct SignInError(Cause);

#[derive(Debug)]
enum Cause {
    NotBegun,
    BadToken(Box<Problem>),
    CrossSite { reason: &'static str, auth: Auth },
    Misconfigured { fault: &'static str, auth: Auth },
    Endpoint { rejection: EndpointRejection, auth: Auth },
}

/// The reason why a sign-in failed, for an application that shows a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInFailure {
    /// This client did not begin the sign-in, or has finished it, or ten minutes have passed.
    NotBegun,
    /// The token of the link is malformed, used, expired or replaced by another.
    BadToken,
    /// The request is no `POST`, or another site caused it.
    CrossSite,
    /// The account does not exist, is not active, or has another address than the proof.
    Refused,
    /// The account's e-mail address has to be verified first. The owner has been sent another token.
    EmailUnverified,
    /// Too many sign-ins from this address.
    TooManyAttempts,
    /// A store or the source of randomness does not answer.
    Unavailable,
    /// The application gave no valid proof. An event names the fault.
    Misconfigured,
}

impl SignInError {
    pub(super) fn not_begun() -> Self {
        Self(Cause::NotBegun)
    }

    pub(super) fn bad_token(problem: Problem) -> Self {
        Self(Cause::BadToken(Box::new(problem)))
    }

    pub(super) fn cross_site(reason: &'static str, auth: &Auth) -> Self {
        Self(Cause::CrossSite { reason, auth: auth.clone() })
    }

    pub(super) fn misconfigured(fault: &'static str, auth: &Auth) -> Self {
        Self(Cause::Misconfigured { fault, auth: auth.clone() })
    }

    pub(super) fn endpoint(rejection: EndpointRejection, auth: &Auth) -> Self {
        Self(Cause::Endpoint { rejection, auth: auth.clone() })
    }

    /// Returns the reason.
    pub fn failure(&self) -> SignInFailure {
        match &self.0 {
            Cause::NotBegun => SignInFailure::NotBegun,
            Cause::BadToken(_) => SignInFailure::BadToken,
            Cause::CrossSite { .. } => SignInFailure::CrossSite,
            Cause::Misconfigured { .. } => SignInFailure::Misconfigured,
            Cause::Endpoint { rejection, .. } => match rejection {
                EndpointRejection::Refused | EndpointRejection::Scope => SignInFailure::Refused,
                EndpointRejection::Unverified => SignInFailure::EmailUnverified,
                EndpointRejection::SlowDown(_) | EndpointRejection::Locked(_) => SignInFailure::TooManyAttempts,
                EndpointRejection::Unavailable(_) => SignInFailure::Unavailable,
            },
        }
    }
}

impl IntoResponse for SignInError {
    fn into_response(self) -> Response {
        let mut response = match self.0 {
            Cause::NotBegun => not_begun().into_response(),
            Cause::BadToken(problem) => problem.into_response(),
            Cause::CrossSite { reason, auth } => {
                GuardRejection::new(Rejection::CrossSite(reason), &auth).into_response()
            }
            Cause::Misconfigured { fault, auth } => {
                GuardRejection::new(Rejection::Misconfigured(fault), &auth).into_response()
            }
            Cause::Endpoint { rejection, auth } => rejection.into_json(&auth),
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn not_begun() -> Problem {
    let title = "This client has begun no sign-in, or it is over. Begin it again.";
    Problem::new(StatusCode::FORBIDDEN, "sign-in-not-begun", title)
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure() {
            SignInFailure::NotBegun => "this client has begun no sign-in, or it is over",
            SignInFailure::BadToken => "the link is not valid, or not any more",
            SignInFailure::CrossSite => "the request is no POST of a page of this service",
            SignInFailure::Refused => "the account may not be signed in to",
            SignInFailure::EmailUnverified => "the e-mail address has to be verified first",
            SignInFailure::TooManyAttempts => "too many sign-ins from this address",
            SignInFailure::Unavailable => "a part that sign-in needs does not answer",
            SignInFailure::Misconfigured => "the application gave no valid proof",
        })
    }
}

impl Error for SignInError {}
