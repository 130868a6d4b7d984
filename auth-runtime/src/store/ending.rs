use core::str::FromStr;

use super::ParseNameError;
use crate::clock::UnixTime;

/// The arguments of [`SessionStore::end`](super::SessionStore::end) and its relatives: how sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// The reason.
    pub reason: EndReason,
    /// The current time.
    pub now: UnixTime,
    /// When the session's last access token has expired, so that the revocation can be forgotten.
    pub remember_until: UnixTime,
}

impl Ending {
    /// Describes an end at `now`. The store remembers its revocation until `remember_until`.
    pub const fn new(reason: EndReason, now: UnixTime, remember_until: UnixTime) -> Self {
        Self { reason, now, remember_until }
    }
}

/// The end of a session before it expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// The time of the end.
    pub at: UnixTime,
    /// The reason for the end.
    pub reason: EndReason,
}

impl Ended {
    /// Describes an end at this time, for this reason.
    pub const fn new(at: UnixTime, reason: EndReason) -> Self {
        Self { at, reason }
    }
}

/// The reason why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// The user signed out.
    SignedOut,
    /// The user ended the session from another session.
    EndedByUser,
    /// The client revoked its token (RFC 7009).
    Revoked,
    /// The password was changed or reset.
    PasswordChanged,
    /// A refresh token was used a second time, so two parties have a copy.
    TokenReuse,
    /// The account was deactivated.
    Deactivated,
    /// An administrator ended it.
    Administrator,
    /// The user signed in again and exceeded the number of sessions, and this session had been unused for longest.
    TooMany,
    /// The account was deleted.
    Deleted,
}

impl EndReason {
    const ALL: [Self; 9] = [
        Self::SignedOut,
        Self::EndedByUser,
        Self::Revoked,
        Self::PasswordChanged,
        Self::TokenReuse,
        Self::Deactivated,
        Self::Administrator,
        Self::TooMany,
        Self::Deleted,
    ];

    /// Returns the name under which stores keep the reason.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedByUser => "ended_by_user",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
            Self::TokenReuse => "token_reuse",
            Self::Deactivated => "deactivated",
            Self::Administrator => "administrator",
            Self::TooMany => "too_many",
            Self::Deleted => "deleted",
        }
    }
}

impl FromStr for EndReason {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        Self::ALL.into_iter().find(|reason| reason.name() == name).ok_or(ParseNameError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for reason in EndReason::ALL {
            assert_eq!(reason.name().parse(), Ok(reason));
        }
        assert_eq!("".parse::<EndReason>(), Err(ParseNameError));
    }
}
