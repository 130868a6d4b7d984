use redis::{ErrorKind, RedisError, ServerErrorKind};

use super::{RedisLimitsError, url::Address};

/// Why a server did not answer a call as the call asked.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The server does not know the script by its name: it was restarted, or its cache was flushed.
    NoScript,
    /// Another node answers for the slot from now on. Nothing was carried out.
    Moved(Address),
    /// Another node answers for these keys already. Nothing was carried out.
    Ask(Address),
    /// Some keys of the slot are on this node and some on another. Nothing was carried out.
    TryAgain,
    Failed(RedisLimitsError),
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
        Self::Failed(error.into())
    }

    /// Returns the failure, where there is no one to follow the redirection.
    pub(super) fn into_error(self) -> RedisLimitsError {
        match self {
            Self::Failed(failure) => failure,
            Self::NoScript => RedisLimitsError::Refused("the server keeps no script".to_owned()),
            Self::Moved(_) | Self::Ask(_) | Self::TryAgain => RedisLimitsError::NoPrimary,
        }
    }
}

/// Reads host and port. An IPv6 address stands here without brackets.
fn node(text: &str) -> Option<Address> {
    let (host, port) = text.rsplit_once(':')?;
    Some(Address::Tcp(host.to_owned(), port.parse().ok()?)).filter(|_| !host.is_empty())
}

impl From<RedisLimitsError> for Refusal {
    fn from(failure: RedisLimitsError) -> Self {
        Self::Failed(failure)
    }
}
