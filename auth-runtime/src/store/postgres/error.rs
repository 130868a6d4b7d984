use core::{error::Error, fmt};

use crate::error::StoreError;

/// Returns the error of this store for an error of the database.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) => StoreError::new("postgres", Refused::of(&*error)),
        error => StoreError::new("postgres", error),
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
pub(super) struct Silent;

impl fmt::Display for Silent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server did not answer in time")
    }
}

impl Error for Silent {}
