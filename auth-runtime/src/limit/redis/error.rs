use core::{error::Error, fmt};

use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The reason why counters on Redis did not answer.
///
/// It is the source of the [`StoreError`](crate::error::StoreError) that the store returns. No text contains a
/// password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedisLimitsError {
    /// There is no connection, or it broke.
    Unreachable(String),
    /// No answer came in time.
    TimedOut,
    /// The server refused the user or the password.
    WrongPassword,
    /// The server is older than Redis 6.0. The text is its version, if it said one.
    TooOld(Option<String>),
    /// The server is a replica, or the cluster has no primary at the moment.
    NoPrimary,
    /// The Sentinels know no primary of the name in the URL.
    UnknownPrimary,
    /// The server is of another kind than the URL says.
    OtherKind(&'static str),
    /// The server is still loading its data.
    Loading,
    /// The server's memory is full.
    Full,
    /// The server is busy with another script.
    Busy,
    /// The server's user may not run what the counters need. The text is the server's.
    NotPermitted(String),
    /// The server answered with another error. The text is the server's.
    Refused(String),
    /// The counters' script gives no answer of this form.
    Unintelligible,
}

impl RedisLimitsError {
    /// Returns whether the connection is of no use any more, so that the next call needs another one.
    pub(super) fn ends_connection(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::NoPrimary | Self::Unintelligible)
    }

    /// Returns the reason why a connection was not made. Only the code of a server's answer is kept: some servers
    /// repeat the command that they refuse, and with it the password.
    pub(super) fn of_connecting(error: &RedisError) -> Self {
        match (error.kind(), error.code()) {
            (ErrorKind::AuthenticationFailed, _) | (_, Some("NOAUTH" | "WRONGPASS")) => Self::WrongPassword,
            (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => Self::Loading,
            (_, Some(code)) => Self::Refused(code.to_owned()),
            (ErrorKind::InvalidClientConfig, _) => Self::Unreachable("the address cannot be used".to_owned()),
            _ => Self::Unreachable(error.to_string()),
        }
    }
}

/// Takes over the answer to a command that has no secret in it.
impl From<RedisError> for RedisLimitsError {
    fn from(error: RedisError) -> Self {
        let said = || error.detail().unwrap_or("without a reason").to_owned();
        match error.kind() {
            ErrorKind::Io => Self::Unreachable(error.to_string()),
            ErrorKind::Server(kind) => match kind {
                ServerErrorKind::BusyLoading => Self::Loading,
                ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::ClusterDown => {
                    Self::NoPrimary
                }
                ServerErrorKind::NoPerm => Self::NotPermitted(said()),
                // Before version 7, an error inside a script has its code inside the text.
                _ if said().contains("-OOM ") => Self::Full,
                _ if said().contains("-READONLY ") => Self::NoPrimary,
                _ => Self::Refused(said()),
            },
            _ => match error.code() {
                Some("OOM") => Self::Full,
                Some("BUSY") => Self::Busy,
                Some("NOAUTH" | "WRONGPASS") => Self::WrongPassword,
                Some(code) => Self::Refused(format!("{code} {}", said())),
                None => Self::Unintelligible,
            },
        }
    }
}

impl fmt::Display for RedisLimitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "Redis cannot be reached: {reason}"),
            Self::TimedOut => f.write_str("Redis did not answer in time"),
            Self::WrongPassword => f.write_str("Redis refused the user or the password of the URL"),
            Self::TooOld(Some(version)) => {
                write!(f, "Redis {version} is too old; version 6.0 is the oldest that works")
            }
            Self::TooOld(None) => f.write_str("this Redis is too old; version 6.0 is the oldest that works"),
            Self::NoPrimary => f.write_str("the server takes no writes: it is a replica, or there is no primary now"),
            Self::UnknownPrimary => f.write_str("the Sentinels know no primary of the name in the URL"),
            Self::OtherKind(advice) => f.write_str(advice),
            Self::Loading => f.write_str("Redis is loading its data"),
            Self::Full => f.write_str("the memory of Redis is full"),
            Self::Busy => f.write_str("Redis is busy with another script"),
            Self::NotPermitted(reason) => write!(f, "the user of the URL lacks a permission: {reason}"),
            Self::Refused(reason) => write!(f, "Redis answered with an error: {reason}"),
            Self::Unintelligible => f.write_str("the server's answer is not one of this script"),
        }
    }
}

impl Error for RedisLimitsError {}
