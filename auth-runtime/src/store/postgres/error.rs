use core::{error::Error, fmt};

use crate::error::{Extent, StoreError};

/// Returns the error of this store for an error of the database.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    let extent = if is_of_connection(&error) { Extent::Connection } else { Extent::Call };
    let failure = match error {
        sqlx::Error::Database(error) => StoreError::new("postgres", Refused::of(&*error)),
        error => StoreError::new("postgres", error),
    };
    failure.with_extent(extent)
}

/// Returns the error for a server that does not answer in time.
pub(super) fn silent() -> StoreError {
    StoreError::new("postgres", Silent).with_extent(Extent::Connection)
}

/// Returns whether the server did not answer: there is no connection, the server ends it (`admin_shutdown`,
/// `crash_shutdown`), or it starts (`cannot_connect_now`).
fn is_of_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03")),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Configuration(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// The server's answer to a statement that failed.
///
/// The answer also has details, which name the values of the row, for example the hash of a password. They are left
/// out, since an application may print its errors with all that they hold.
#[derive(Debug)]
struct Refused {
    code: String,
    message: String,
}

impl Refused {
    fn of(error: &dyn sqlx::error::DatabaseError) -> Self {
        Self { code: error.code().unwrap_or_default().into_owned(), message: error.message().to_owned() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error returned from database: {} ({})", self.message, self.code)
    }
}

impl Error for Refused {}

/// The error for a server that does not answer.
#[derive(Debug)]
struct Silent;

impl fmt::Display for Silent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server did not answer in time")
    }
}

impl Error for Silent {}
