use core::time::Duration;

use axum::http::StatusCode;

use super::times::RETRY_SECONDS;
use crate::{identity::Identity, remote::fetch::FetchError, store::BoxFuture};

/// An issuer that can be asked about credentials.
pub(in crate::remote) trait Upstream: Send + Sync + 'static {
    /// Returns the `iss` of the issuer, for events.
    fn issuer(&self) -> &str;

    /// Asks the issuer. The caller bounds the time.
    fn ask<'a>(&'a self, kind: Kind, credential: &'a str) -> BoxFuture<'a, Result<Answer, Failure>>;
}

/// The place of a credential in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::remote) enum Kind {
    /// In `Authorization: Bearer`.
    Bearer,
    /// In a cookie.
    Cookie,
    /// In `X-API-Key`.
    ApiKey,
}

/// What an issuer said of a credential.
pub(in crate::remote) struct Answer {
    pub(in crate::remote) found: Found,
    /// For how many seconds the answer is true at most, if it is of a live credential.
    pub(in crate::remote) seconds: u64,
}

/// Whom a credential proves.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    Caller(Identity),
    /// No caller, for this reason.
    Refused(&'static str),
}

/// The reason why an issuer said nothing of a credential.
#[derive(Debug)]
pub(in crate::remote) struct Failure {
    pub(in crate::remote) error: FetchError,
    /// After how many seconds the client may try again.
    pub(in crate::remote) retry_after: Option<u32>,
    /// Whether only this credential is concerned.
    pub(in crate::remote) is_of_one: bool,
}

/// The reason why an issuer's word of a credential is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NotAsked {
    /// The issuer could not be asked. The client may try again after these seconds.
    Unavailable { retry_after: Option<u32> },
    /// The client's address has used up its share of questions for this time.
    Limited(Duration),
}

impl Answer {
    pub(in crate::remote) fn caller(identity: Identity, seconds: u64) -> Self {
        Self { found: Found::Caller(identity), seconds }
    }

    pub(in crate::remote) fn refused(reason: &'static str) -> Self {
        Self { found: Found::Refused(reason), seconds: 0 }
    }
}

impl Failure {
    /// Returns the failure that a status other than 200 means.
    pub(in crate::remote) fn of_status(status: StatusCode, retry_after: Option<u32>) -> Self {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => FetchError::NotFound.into(),
            StatusCode::TOO_MANY_REQUESTS => {
                let retry_after = Some(retry_after.unwrap_or(RETRY_SECONDS));
                Self { error: FetchError::TooManyRequests, retry_after, is_of_one: false }
            }
            status => FetchError::Status(status.as_u16()).into(),
        }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self { error, retry_after: None, is_of_one: false }
    }
}
