use core::time::Duration;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    auth::Demand,
    authn::AuthnError,
    body::TOO_LARGE,
    error::{
        Document, INTERNAL, QUOTA_EXCEEDED, RetryAfter as _, StoreError, UNAVAILABLE, UNAVAILABLE_RETRY_SECONDS, fixed,
    },
    limit::LimitRejection,
};

use super::{CheckRejection, cross_site_problem, outcome::Refusal};

/// The reason why a request was refused. The client sees status, challenge and code; [`reason`](Self::reason) is for
/// the operator.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// The handler requires a caller and no credential came: 401 without an error code. A session's cookie that
    /// continues no live session does not count as a credential.
    Anonymous,
    /// The credential is not well-formed, or there are two: 400.
    Malformed(&'static str),
    /// The credential is forged, expired, revoked, or of a user who is gone: 401, the same for all causes.
    BadCredential(&'static str),
    /// The credential is valid, but of a kind that this handler does not accept: 403. There is no challenge, because
    /// another credential of the same kind would not help.
    WrongKind,
    /// The credential is valid, but none of the issuers that this handler accepts vouches for the caller: 403.
    OtherIssuer,
    /// The login is older than the handler accepts: 401 with the challenge of RFC 9470.
    StaleLogin {
        /// The maximum accepted age of the login.
        max_age: Duration,
    },
    /// The caller lacks scopes that would have admitted it: 403.
    InsufficientScope(Vec<&'static str>),
    /// Another site caused the request, and the credential is a session's cookie: 403.
    CrossSite(&'static str),
    /// The caller is known and lacks permission: 403.
    Forbidden,
    /// The caller's authenticator names no issuer, and does not declare the caller a user of this service: 403.
    NoIssuer,
    /// The user is deactivated: 403.
    Inactive,
    /// A check could not decide, and refuses with its own response.
    CheckFailed(CheckRejection),
    /// The caller has reached a limit: 429.
    Limited(Box<LimitRejection>),
    /// The request announces a longer body than the handler takes: 413.
    BodyTooLarge,
    /// A store or an issuer does not answer: 503.
    Unavailable(StoreError),
    /// The application is configured wrongly: 500. The text is for the operator.
    Misconfigured(&'static str),
    /// The request needs a client address and lacks it: 500. The text is for the operator.
    NoAddress(&'static str),
}

impl Rejection {
    /// Returns a stable word for events and metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Malformed(reason) | Self::BadCredential(reason) | Self::CrossSite(reason) => reason,
            Self::WrongKind => "credential_kind",
            Self::OtherIssuer => "other_issuer",
            Self::StaleLogin { .. } => "stale_login",
            Self::InsufficientScope(_) => "insufficient_scope",
            Self::Forbidden => "forbidden",
            Self::NoIssuer => "no_issuer",
            Self::Inactive => "inactive_user",
            Self::CheckFailed(_) => "check_failed",
            Self::Limited(_) => "rate_limited",
            Self::BodyTooLarge => "body_too_large",
            Self::Unavailable(_) => "unavailable",
            Self::Misconfigured(_) => "misconfigured",
            Self::NoAddress(_) => "no_address",
        }
    }

    /// Returns what the challenge demands, or `None` when the response carries no challenge.
    pub(super) fn demand(&self) -> Option<Demand<'_>> {
        match self {
            Self::Anonymous => Some(Demand::Credential),
            Self::Malformed(_) => Some(Demand::WellFormed),
            Self::BadCredential(_) => Some(Demand::Valid),
            Self::StaleLogin { max_age } => Some(Demand::RecentLogin(*max_age)),
            Self::InsufficientScope(scopes) => Some(Demand::Scopes(scopes)),
            _ => None,
        }
    }

    /// Returns the same response, and adds what the operator has to change. Used only on a developer's machine.
    pub(super) fn into_explained_body(self) -> Response {
        match self {
            Self::Misconfigured(fault) | Self::NoAddress(fault) => {
                let mut response = INTERNAL.problem().with_detail(fault).into_response();
                response.extensions_mut().insert(Explained(fault));
                response
            }
            Self::CheckFailed(ref failure) if let Some(fault) = failure.fault() => {
                INTERNAL.problem().with_detail(fault).into_response()
            }
            other => other.into_body(),
        }
    }

    /// Returns what a layer may know of the refusal. `explains` says whether the body does.
    pub(super) fn refusal(&self, explains: bool) -> Refusal {
        let document = match self {
            Self::CheckFailed(failure) if explains && failure.fault().is_some() => Some(INTERNAL),
            Self::CheckFailed(failure) => (!is_error(failure.status())).then_some(FORBIDDEN),
            other => Some(other.document()),
        };
        let status = match (document, self) {
            (None, Self::CheckFailed(failure)) => failure.status(),
            (document, _) => document.map_or(StatusCode::INTERNAL_SERVER_ERROR, Document::status),
        };
        Refusal { reason: self.reason(), status, document }
    }

    pub(super) fn into_body(self) -> Response {
        match self {
            Self::CheckFailed(failure) => refusing(failure.into_response()),
            Self::Limited(ref refusal) => {
                let mut response = self.document().into_response().with_retry_after(refusal.retry_after().as_secs());
                refusal.write(response.headers_mut());
                response
            }
            Self::Unavailable(ref error) => {
                let seconds = error.retry_after().map_or(UNAVAILABLE_RETRY_SECONDS, u64::from);
                self.document().into_response().with_retry_after(seconds)
            }
            other => other.document().into_response(),
        }
    }

    fn document(&self) -> Document {
        match self {
            Self::Anonymous => fixed!(401, "unauthenticated", "This needs a credential."),
            Self::Malformed(_) => {
                fixed!(400, "invalid-request", "The credential is malformed, or there are several.")
            }
            Self::BadCredential(_) => fixed!(401, "invalid-token", "The credential is invalid or has expired."),
            Self::WrongKind => fixed!(403, "credential-kind", "This kind of credential is not accepted here."),
            Self::OtherIssuer => fixed!(403, "other-issuer", "Callers of this issuer are not accepted here."),
            Self::StaleLogin { .. } => fixed!(401, "stale-login", "A more recent login is needed."),
            Self::InsufficientScope(_) => {
                fixed!(403, "insufficient-scope", "The credential lacks a scope that is needed.")
            }
            Self::CrossSite(reason) => cross_site_problem::document(reason),
            Self::Forbidden | Self::NoIssuer | Self::CheckFailed(_) => FORBIDDEN,
            Self::Inactive => fixed!(403, "inactive-user", "The account is not active."),
            Self::Limited(_) => QUOTA_EXCEEDED,
            Self::BodyTooLarge => TOO_LARGE,
            Self::Unavailable(_) => UNAVAILABLE,
            Self::Misconfigured(_) | Self::NoAddress(_) => INTERNAL,
        }
    }
}

impl From<AuthnError> for Rejection {
    fn from(error: AuthnError) -> Self {
        match error {
            AuthnError::Malformed(reason) => Self::Malformed(reason),
            AuthnError::Invalid(reason) => Self::BadCredential(reason),
            AuthnError::CrossSite(reason) => Self::CrossSite(reason),
            AuthnError::Limited(refusal) => Self::Limited(refusal),
            AuthnError::Unavailable(error) => Self::Unavailable(error),
            AuthnError::Misconfigured(fault) => Self::Misconfigured(fault),
        }
    }
}

/// A description of a fault in the application, attached to a response that already contains it. Endpoints with another
/// response format read it.
#[derive(Clone, Copy)]
pub(crate) struct Explained(pub(crate) &'static str);

const FORBIDDEN: Document = fixed!(403, "forbidden", "The caller may not do this.");

/// Replaces a check's error response that has a success status, because it would hide the refusal.
fn refusing(response: Response) -> Response {
    if is_error(response.status()) { response } else { FORBIDDEN.into_response() }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}
