use redis::{ErrorKind, RedisError, ServerErrorKind};

use super::{RedisLimitsError, url::Address};
use crate::error::{Extent, StoreError};

/// Why a server did not answer a call as the call asked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The server does not know the script by its name: it was restarted, or its cache was flushed.
    NoScript,
    /// Another node answers for the slot now. Nothing was carried out.
    Moved(Address),
    /// Another node answers for these keys already. Nothing was carried out.
    Ask(Address),
    /// Some keys of the slot are on this node and some on another. Nothing was carried out.
    TryAgain,
    Failed(Failure),
}

/// A failure, and its meaning for the calls beside it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: RedisLimitsError,
    pub(super) extent: Extent,
}

impl Refusal {
    pub(super) fn of(error: RedisError) -> Self {
        let other = || node(error.redirect_node()?.0);
        match error.kind() {
            ErrorKind::Server(ServerErrorKind::NoScript) => return Self::NoScript,
            ErrorKind::Server(ServerErrorKind::TryAgain) => return Self::TryAgain,
            ErrorKind::Server(ServerErrorKind::Moved) => {
                if let Some(node) = other() {
                    return Self::Moved(node);
                }
            }
            ErrorKind::Server(ServerErrorKind::Ask) => {
                if let Some(node) = other() {
                    return Self::Ask(node);
                }
            }
            _ => {}
        }
        RedisLimitsError::from(error).into()
    }

    /// Returns the failure, where redirections are not followed.
    pub(super) fn into_failure(self) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::NoScript => RedisLimitsError::Refused("the server keeps no script".to_owned()).into(),
            Self::Moved(_) | Self::Ask(_) | Self::TryAgain => RedisLimitsError::NoPrimary.into(),
        }
    }
}

impl Failure {
    /// Creates the failure of all calls for which there is no connection.
    pub(super) fn of_connection(error: RedisLimitsError) -> Self {
        Self { error, extent: Extent::Connection }
    }

    /// Returns the failure for the limiter.
    pub(super) fn into_store_error(self) -> StoreError {
        StoreError::new("redis limits", self.error).with_extent(self.extent)
    }
}

/// A failure that ends the connection is the failure of all calls on it.
impl From<RedisLimitsError> for Failure {
    fn from(error: RedisLimitsError) -> Self {
        let extent = if error.ends_connection() { Extent::Connection } else { Extent::Call };
        Self { error, extent }
    }
}

/// Reads host and port. An IPv6 address stands here without brackets.
fn node(text: &str) -> Option<Address> {
    let (host, port) = text.rsplit_once(':')?;
    Some(Address::Tcp(host.to_owned(), port.parse().ok()?)).filter(|_| !host.is_empty())
}

impl From<RedisLimitsError> for Refusal {
    fn from(error: RedisLimitsError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
