use core::{error::Error, fmt};

/// The reason why PostgreSQL did not count a request.
#[derive(Debug)]
pub(super) enum PostgresLimitsError {
    /// The server did not answer in time, or all connections were in use.
    TimedOut,
    /// The server failed, refused, or could not be reached.
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
            Self::Failed(_) => "the server has not counted",
            Self::Unintelligible => "the server's answer is not that of the function which counts",
            Self::Ended => "the task that asks the server has ended",
        })
    }
}

impl Error for PostgresLimitsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Self::Failed(error) = self { Some(error) } else { None }
    }
}

impl From<sqlx::Error> for PostgresLimitsError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) { Self::TimedOut } else { Self::Failed(error) }
    }
}
