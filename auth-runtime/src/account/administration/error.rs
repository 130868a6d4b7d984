use core::{error::Error, fmt};

use crate::{
    account::{InviteError, grant::GrantError},
    error::StoreError,
};

/// The reason why [`Administration`](super::Administration) did not change an account, or found no account.
///
/// A handler may return it: it answers with the statuses and codes of the endpoints of
/// [`administration`](super::administration()).
#[derive(Debug)]
#[non_exhaustive]
pub enum AdministrationError {
    /// The account does not exist.
    Unknown,
    /// The user has no such live session.
    UnknownSession,
    /// The user has no such API key.
    UnknownApiKey,
    /// The account is the last active superuser. Without it, no administrator could make another one.
    LastSuperuser,
    /// The account waits for its owner: an invitation was not accepted, or a registration not finished. Its owner
    /// chooses the user name and the password. For another address, delete the account and invite that address.
    Pending,
    /// The account was changed at the same moment, or so were the rights of the administrator. This call has not
    /// changed the account. What a change ends before its write may have ended:
    ///
    /// - the one-time tokens of the account, before a change of its address,
    /// - its sessions, before a forced reset,
    /// - the earlier invitation of the address, before another one.
    Overtaken,
    /// The text is not a user name. The rule is that of registration.
    Username {
        /// The rule, for people: "must be …".
        rule: &'static str,
    },
    /// The text is not an e-mail address.
    Email,
    /// Another account has this user name, or had it before.
    UsernameTaken,
    /// Another account has this e-mail address.
    EmailTaken,
    /// The roles or scopes cannot be used.
    Grant(GrantError),
    /// A store failed. The account may already be changed then; calling the function again completes the change.
    Store(StoreError),
}

impl fmt::Display for AdministrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no such account",
            Self::UnknownSession => "the user has no such live session",
            Self::UnknownApiKey => "the user has no such API key",
            Self::LastSuperuser => "the account is the last active superuser",
            Self::Pending => "the account waits for its owner: delete it, or invite another address",
            Self::Overtaken => "the account or the administrator's rights changed at the same moment",
            Self::Email => "the text is not an e-mail address",
            Self::UsernameTaken => "the user name is taken",
            Self::EmailTaken => "the e-mail address is taken",
            Self::Username { rule } => return write!(f, "the user name {rule}"),
            Self::Grant(error) => return error.fmt(f),
            Self::Store(error) => return error.fmt(f),
        })
    }
}

impl Error for AdministrationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Grant(error) => error.source(),
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl From<StoreError> for AdministrationError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<GrantError> for AdministrationError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Store(error) => Self::Store(error),
            error => Self::Grant(error),
        }
    }
}

impl From<InviteError> for AdministrationError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NoAddress => Self::Email,
            InviteError::HasAccount => Self::EmailTaken,
            InviteError::Overtaken => Self::Overtaken,
            InviteError::Grant(error) => error.into(),
            InviteError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_store_is_one_error_however_it_came() {
        let failed = || StoreError::new("accounts", "lost");
        for error in [AdministrationError::from(failed()), GrantError::Store(failed()).into()] {
            assert!(matches!(error, AdministrationError::Store(_)), "{error:?}");
            assert!(error.source().is_some());
        }
        let refused = AdministrationError::from(GrantError::Twice("admin".to_owned()));
        assert_eq!(refused.to_string(), "\"admin\" is given twice");
    }
}
