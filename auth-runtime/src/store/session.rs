use core::{fmt, str::FromStr};

use super::{Ended, ParseNameError};
use crate::clock::UnixTime;

/// One sign-in on one device. Users see their sessions in a list and can end each of them.
///
/// A bearer session continues by a chain of refresh tokens, each of which works once. A browser session continues by
/// one cookie.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionRecord {
    /// The session's name, in lists and as the `sid` of access tokens. It is neither a secret nor a credential.
    pub id: String,
    /// The session's owner.
    pub user_id: String,
    /// The client application that the session was opened for. No other client may continue it.
    pub client_id: String,
    /// The granted scope, separated by spaces (RFC 6749, section 3.3). A cookie session has every scope that its user
    /// may have.
    pub scope: String,
    /// The kind of credential that continues the session.
    pub kind: SessionKind,
    /// The client that last used the session.
    pub client: ClientLabel,
    /// When the user signed in.
    pub created_at: UnixTime,
    /// When the session was last continued, exact to about a minute.
    pub last_used_at: UnixTime,
    /// When the user last authenticated (`auth_time` of RFC 9068).
    pub auth_time: UnixTime,
    /// How the user authenticated: values of RFC 8176, separated by spaces, for example `pwd otp`. Empty if it is not
    /// known, as for sessions of earlier releases.
    pub amr: String,
    /// The first second in which the session is over, unless it is used before.
    pub idle_expires_at: UnixTime,
    /// The first second in which the session is over, no matter how much it is used.
    pub absolute_expires_at: UnixTime,
    /// How often changed roles or scopes made the session's access tokens outdated. A token carries the generation that
    /// was current before its roles were looked up. A token with a lower number than the session's is refused.
    pub generation: u32,
    /// When and why the session was ended; `None` if it was not.
    pub ended: Option<Ended>,
}

impl SessionRecord {
    /// Describes a session that starts at `created_at`, with an empty scope, an empty label, an empty
    /// `amr` and generation 0.
    ///
    /// The user signed in at `created_at`, and the session was last used then. The session has expired until the caller
    /// sets both [`idle_expires_at`](Self::idle_expires_at) and [`absolute_expires_at`](Self::absolute_expires_at). A
    /// store that loads a session from a row calls this first, and then sets every remaining field.
    pub fn new(
        id: impl Into<String>,
        user_id: impl Into<String>,
        client_id: impl Into<String>,
        kind: SessionKind,
        created_at: UnixTime,
    ) -> Self {
        Self {
            id: id.into(),
            user_id: user_id.into(),
            client_id: client_id.into(),
            scope: String::new(),
            kind,
            client: ClientLabel::default(),
            created_at,
            last_used_at: created_at,
            auth_time: created_at,
            amr: String::new(),
            idle_expires_at: created_at,
            absolute_expires_at: created_at,
            generation: 0,
            ended: None,
        }
    }
}

// The identifiers find rows, and the client's address is personal.
impl fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRecord")
            .field("user_id", &self.user_id)
            .field("client_id", &self.client_id)
            .field("kind", &self.kind)
            .field("created_at", &self.created_at)
            .field("idle_expires_at", &self.idle_expires_at)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// The kind of credential that continues a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionKind {
    /// Refresh tokens.
    Bearer,
    /// A cookie.
    Cookie,
}

impl SessionKind {
    /// Returns the name under which stores keep the kind.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }
}

impl FromStr for SessionKind {
    type Err = ParseNameError;

    fn from_str(name: &str) -> Result<Self, ParseNameError> {
        [Self::Bearer, Self::Cookie].into_iter().find(|kind| kind.name() == name).ok_or(ParseNameError)
    }
}

/// The label by which a user recognises a device in a list. The client provides it, so no decision may depend on it.
///
/// `Debug` shows no part of it, since all of it is personal.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientLabel {
    /// The `User-Agent` header, cut off after 200 bytes.
    pub user_agent: String,
    /// The client's address; empty when it is unknown.
    pub address: String,
    /// The client's name for itself, for example "Anna's telephone", cut off after 100 bytes.
    pub device: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for kind in [SessionKind::Bearer, SessionKind::Cookie] {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("Bearer".parse::<SessionKind>(), Err(ParseNameError));
    }
}
