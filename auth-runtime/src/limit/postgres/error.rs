use core::{error::Error, fmt};

use crate::error::{Extent, StoreError};

/// The reason why PostgreSQL did not count a request.
#[derive(Debug)]
pub(super) enum PostgresLimitsError {
    /// The server did not answer in time.
    TimedOut,
    /// No connection was made in time, or all were in use.
    NoConnection,
    /// The server could not be reached, or refused the connection.
    Unreachable(sqlx::Error),
    /// The server failed or refused.
    Failed(sqlx::Error),
    /// The answer is not of the function that counts.
    Unintelligible,
    /// The runtime ended.
    Ended,
}

impl fmt::Display for PostgresLimitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TimedOut => "the server has not answered in time",
            Self::NoConnection => "no connection to the server was free or made in time",
            Self::Unreachable(_) => "the server cannot be reached",
            Self::Failed(_) => "the server has not counted",
            Self::Unintelligible => "the server's answer is not that of the function which counts",
            Self::Ended => "the task that asks the server has ended",
        })
    }
}

impl Error for PostgresLimitsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Self::Failed(error) | Self::Unreachable(error) = self { Some(error) } else { None }
    }
}

impl From<sqlx::Error> for PostgresLimitsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

impl PostgresLimitsError {
    /// Returns the reason why there is no connection.
    pub(super) fn of_connecting(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) { Self::NoConnection } else { Self::Unreachable(error) }
    }

    /// Returns the error of the store. A missing connection fails all requests of the moment by one cause.
    pub(super) fn into_store_error(self) -> StoreError {
        let extent = match self {
            Self::NoConnection | Self::Unreachable(_) => Extent::Connection,
            Self::TimedOut | Self::Failed(_) | Self::Unintelligible | Self::Ended => Extent::Call,
        };
        StoreError::new("postgres limits", self).with_extent(extent)
    }
}
