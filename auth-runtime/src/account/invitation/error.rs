use core::{error::Error, fmt};

use crate::{account::grant::GrantError, error::StoreError};

/// The reason why an invitation failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum InviteError {
    /// The text is no e-mail address.
    NoAddress,
    /// An account has this address, or a person is registering it at this moment.
    HasAccount,
    /// The rights of the administrator who invites, or the invitation that would be replaced, changed at this moment.
    /// The earlier invitation of the address may have ended.
    Overtaken,
    /// No account can have these roles or scopes.
    Grant(GrantError),
    /// The store, or the source of randomness for the token, failed.
    Store(StoreError),
}

impl fmt::Display for InviteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("the text is no e-mail address"),
            Self::HasAccount => f.write_str("an account has this e-mail address"),
            Self::Overtaken => {
                f.write_str("the administrator's rights or the earlier invitation changed at this moment")
            }
            Self::Grant(error) => error.fmt(f),
            Self::Store(_) => f.write_str("the invitation could not be stored"),
        }
    }
}

impl Error for InviteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Grant(error) => error.source(),
            Self::Store(error) => Some(error),
            Self::NoAddress | Self::HasAccount | Self::Overtaken => None,
        }
    }
}

impl From<StoreError> for InviteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
