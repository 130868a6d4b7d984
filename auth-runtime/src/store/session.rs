use core::{fmt, str::FromStr};

use crate::clock::UnixTime;

/// One sign-in on one device: what a person sees in the list of their sessions, and ends.
///
/// It is continued by a chain of refresh tokens, each used once (the bearer flow), or by one cookie (the browser flow).
#[derive(Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Names the session, in lists and as the `sid` of access tokens. Not a secret, and no credential.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// The client application that it was opened for, and that alone may continue it.
    pub client_id: String,
    /// The scope that was granted, separated by spaces (RFC 6749, section 3.3). A cookie has all that its user may have.
    pub scope: String,
    /// How it is continued.
    pub kind: SessionKind,
    /// Where it was last used.
    pub client: ClientLabel,
    /// When the person signed in.
    pub created_at: UnixTime,
    /// When it was last continued; exact to about a minute.
    pub last_used_at: UnixTime,
    /// When the person last proved who they are (`auth_time` of RFC 9068).
    pub auth_time: UnixTime,
    /// The first second in which it is over unless it is used before.
    pub idle_expires_at: UnixTime,
    /// The first second in which it is over, however much it is used.
    pub absolute_expires_at: UnixTime,
    /// How often its access tokens had to be issued anew, since its user's roles or scopes were changed. A token carries
    /// the number that there was before its roles were looked up; one with a lower number than the session's is refused.
    pub generation: u32,
    /// When and why it was ended, if somebody ended it.
    pub ended: Option<Ended>,
}

impl SessionRecord {
    /// Whether the session can be used at this time.
    pub fn is_live(&self, now: UnixTime) -> bool {
        self.ended.is_none() && now < self.idle_expires_at && now < self.absolute_expires_at
    }
}

// The identifiers find rows; where somebody was is personal.
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

/// What continues a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionKind {
    /// Refresh tokens.
    Bearer,
    /// A cookie.
    Cookie,
}

/// How a person recognises the device in a list. The client says so itself: for people to read, never to decide by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientLabel {
    /// The `User-Agent` field, cut off after 200 bytes.
    pub user_agent: String,
    /// The client's address, empty where it is not known.
    pub address: String,
    /// A name that the client gave itself, such as "Anna's telephone", cut off after 100 bytes.
    pub device: String,
}

/// The end of a session before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: UnixTime,
    /// Why.
    pub why: EndReason,
}

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from another session.
    EndedByUser,
    /// The client revoked its token (RFC 7009).
    Revoked,
    /// The password was changed or reset.
    PasswordChanged,
    /// A refresh token was used a second time: somebody has a copy.
    TokenReuse,
    /// The account was deactivated.
    Deactivated,
    /// An administrator ended it.
    Administrator,
    /// The person has signed in so often since that it was one too many, and the one unused for longest.
    TooMany,
}

impl EndReason {
    const ALL: [Self; 8] = [
        Self::SignedOut,
        Self::EndedByUser,
        Self::Revoked,
        Self::PasswordChanged,
        Self::TokenReuse,
        Self::Deactivated,
        Self::Administrator,
        Self::TooMany,
    ];

    /// The name under which stores keep it.
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
        }
    }
}

impl FromStr for EndReason {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|reason| reason.name() == name).ok_or(UnknownName)
    }
}

impl SessionKind {
    /// The name under which stores keep it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }
}

impl FromStr for SessionKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Bearer, Self::Cookie].into_iter().find(|kind| kind.name() == name).ok_or(UnknownName)
    }
}

/// A store holds a name that this version of the crate does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownName;

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store holds a name that this version does not know")
    }
}

impl core::error::Error for UnknownName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for reason in EndReason::ALL {
            assert_eq!(reason.name().parse(), Ok(reason));
        }
        for kind in [SessionKind::Bearer, SessionKind::Cookie] {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert_eq!("".parse::<EndReason>(), Err(UnknownName));
        assert_eq!("Bearer".parse::<SessionKind>(), Err(UnknownName));
    }
}
