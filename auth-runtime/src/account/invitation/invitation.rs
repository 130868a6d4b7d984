use core::fmt;

use secrecy::SecretString;

use crate::clock::UnixTime;

/// An invitation that is to be sent, for [`Administration::invite`](crate::account::Administration::invite).
///
/// ```
/// use auth_runtime::account::NewInvitation;
///
/// let mut invitation = NewInvitation::new("alice@example.org");
/// invitation.roles = vec!["editor".to_owned()];
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewInvitation {
    /// The address of the person. Only an account with this address can be opened.
    pub email: String,
    /// The roles of the account; none by default. The defaults of `Registration` do not apply.
    pub roles: Vec<String>,
    /// The scopes of the account; none by default. The defaults of `Registration` do not apply.
    pub scopes: Vec<String>,
}

impl NewInvitation {
    /// Describes the invitation of a person to an account without roles or scopes.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), roles: Vec::new(), scopes: Vec::new() }
    }
}

// The address is personal.
impl fmt::Debug for NewInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewInvitation")
            .field("roles", &self.roles)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// An invitation that waits for its person. Its `Debug` shows no token.
#[derive(Clone)]
#[non_exhaustive]
pub struct Invited {
    /// The identifier of the pending account, which the opened account keeps.
    pub id: String,
    /// The first second in which the invitation is no longer valid.
    pub expires_at: UnixTime,
    /// The token, where the service sends no mail itself; `None` where it does.
    ///
    /// Send it to the invited address and to no other: the account's address counts as verified when the token is
    /// used. The person posts it as `invitation` to `/auth/register`.
    pub token: Option<SecretString>,
}

impl fmt::Debug for Invited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invited").field("id", &self.id).field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
