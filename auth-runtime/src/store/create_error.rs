use core::{error::Error, fmt};

use crate::error::StoreError;

/// The reason why an account was not created, or did not get another name.
#[derive(Debug)]
#[non_exhaustive]
pub enum CreateError {
    /// Another account has this identifier.
    IdTaken,
    /// Another account signs in with this user name, or gave it up.
    UsernameTaken,
    /// Another account signs in with this e-mail address, or gave it up as its user name.
    EmailTaken,
    /// The store, or the source of randomness for the identifier, failed.
    Store(StoreError),
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdTaken => "the identifier is taken",
            Self::UsernameTaken => "the user name is taken",
            Self::EmailTaken => "the e-mail address is taken",
            Self::Store(_) => "the account could not be stored",
        })
    }
}

impl Error for CreateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
