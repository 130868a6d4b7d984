use core::{fmt, time::Duration};

use secrecy::SecretString;

use crate::store::Account;

/// A person for whom an account is to be created, for
/// [`Administration::create`](crate::account::Administration::create).
///
/// ```
/// use auth_runtime::account::NewUser;
///
/// let mut bob = NewUser::new("bob@example.org");
/// bob.username = Some("bob".to_owned());
/// bob.roles = vec!["editor".to_owned()];
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewUser {
    /// The e-mail address, to which the token goes that sets a password.
    pub email: String,
    /// The user name; by default the address is the user name, too.
    pub username: Option<String>,
    /// The roles of the account; none by default. The defaults of `Registration` do not apply.
    pub roles: Vec<String>,
    /// The scopes of the account; none by default. The defaults of `Registration` do not apply.
    pub scopes: Vec<String>,
}

impl NewUser {
    /// Describes a person with this address, whose account has no roles and no scopes.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), username: None, roles: Vec::new(), scopes: Vec::new() }
    }
}

// The name and the address are personal.
impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("roles", &self.roles).field("scopes", &self.scopes).finish_non_exhaustive()
    }
}

/// An account that was created, and that has no password yet. Its `Debug` shows no token.
#[derive(Clone)]
#[non_exhaustive]
pub struct CreatedUser {
    /// The account.
    pub account: Account,
    /// How long the token is valid: a whole number of seconds.
    pub expires_in: Duration,
    /// The token that sets a password, where the service sends no mail itself; `None` where it does.
    ///
    /// Send it to the address of the account and to no other. The person posts it as `token` to `/auth/password/reset`.
    pub token: Option<SecretString>,
}

impl fmt::Debug for CreatedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedUser")
            .field("account", &self.account)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
