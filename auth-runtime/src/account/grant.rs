use core::{error::Error, fmt};
use std::collections::HashSet;

use crate::{
    auth::Auth,
    error::StoreError,
    store::{Account, AccountUpdate},
    token::{IssueError, MAX_ITEMS},
};

use super::session::tokens::longest_access_token;

/// The new roles or the new scopes of an account.
pub(super) enum Grant {
    Roles(Vec<String>),
    Scopes(Vec<String>),
}

impl Grant {
    /// Returns the kind of the grant, for events.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Roles(_) => "roles",
            Self::Scopes(_) => "scopes",
        }
    }

    /// Checks that the account can sign in with these roles or scopes, together with what it keeps.
    ///
    /// Removing names is never refused for size or form, so that an account which other code has overfilled can be
    /// emptied.
    pub(super) fn check(&self, auth: &Auth, account: &Account) -> Result<(), GrantError> {
        let (names, held) = match self {
            Self::Roles(roles) => (roles, &account.roles),
            Self::Scopes(scopes) => (scopes, &account.scopes),
        };
        if is_subset(names, held) {
            return check_twice(names);
        }
        let (roles, scopes) = match self {
            Self::Roles(roles) => (roles, &account.scopes),
            Self::Scopes(scopes) => (&account.roles, scopes),
        };
        match self {
            Self::Roles(roles) => check_roles(roles)?,
            Self::Scopes(scopes) => check_scopes(scopes)?,
        }
        fit(auth, &account.id, roles, scopes)
    }

    /// Returns the change of the record.
    pub(super) fn update(&self) -> AccountUpdate<'_> {
        match self {
            Self::Roles(roles) => AccountUpdate::Roles(roles),
            Self::Scopes(scopes) => AccountUpdate::Scopes(scopes),
        }
    }
}

/// As long as an identifier that a store creates, for an account that has none yet.
pub(super) const LIKE_A_FRESH_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Checks the roles and scopes of a new account.
///
/// # Errors
/// Returns the first fault that would keep the account from signing in.
pub(super) fn check_new(auth: &Auth, user_id: &str, roles: &[String], scopes: &[String]) -> Result<(), GrantError> {
    check_roles(roles)?;
    check_scopes(scopes)?;
    fit(auth, user_id, roles, scopes)
}

fn check_roles(roles: &[String]) -> Result<(), GrantError> {
    check_twice(roles)?;
    roles.iter().find(|role| !is_role(role)).map_or(Ok(()), |role| Err(GrantError::Role(role.clone())))
}

fn check_scopes(scopes: &[String]) -> Result<(), GrantError> {
    check_twice(scopes)?;
    scopes.iter().find(|scope| !is_scope(scope)).map_or(Ok(()), |scope| Err(GrantError::Scope(scope.clone())))
}

/// Returns an error when the list has a name twice.
pub(super) fn check_twice(names: &[String]) -> Result<(), GrantError> {
    let mut seen = HashSet::with_capacity(names.len());
    names.iter().find(|name| !seen.insert(*name)).map_or(Ok(()), |twice| Err(GrantError::Twice(twice.clone())))
}

fn is_subset(names: &[String], held: &[String]) -> bool {
    let held: HashSet<&String> = held.iter().collect();
    names.iter().all(|name| held.contains(name))
}

/// The most roles that a token may have. Eight of the verifier's items are left for authentication methods (`amr`).
const MOST_ROLES: usize = MAX_ITEMS - 8;
/// The longest name of a role or of a scope, in bytes.
const MOST_NAME_BYTES: usize = 255;

fn fit(auth: &Auth, user_id: &str, roles: &[String], scopes: &[String]) -> Result<(), GrantError> {
    if roles.len() > MOST_ROLES {
        return Err(GrantError::TooManyRoles { roles: roles.len(), max: MOST_ROLES });
    }
    let bytes = longest_access_token(auth, user_id, roles, scopes).map_err(GrantError::Token)?;
    let max = auth.access_token_bytes();
    if bytes > max { Err(GrantError::TokenTooLong { bytes, max }) } else { Ok(()) }
}

/// Returns whether a policy can name the role, and a token and an identity can hold it.
fn is_role(name: &str) -> bool {
    is_short(name) && name.trim() == name && !name.contains(char::is_control)
}

/// Returns whether the name is a `scope-token` of RFC 6749, section 3.3.
fn is_scope(name: &str) -> bool {
    is_short(name) && name.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
}

fn is_short(name: &str) -> bool {
    (1..=MOST_NAME_BYTES).contains(&name.len())
}

/// The reason why roles or scopes were not set.
#[derive(Debug)]
#[non_exhaustive]
pub enum GrantError {
    /// The text is not the name of a role. It is empty, longer than 255 bytes, has white space around it, or contains a
    /// control character.
    Role(String),
    /// The text is not the name of a scope (RFC 6749, section 3.3). It is empty, longer than 255 bytes, or contains a
    /// quotation mark, a backslash or a character that is not visible ASCII.
    Scope(String),
    /// The list contains the name twice.
    Twice(String),
    /// The roles are more than a token has room for.
    TooManyRoles {
        /// The number of roles that the account would have.
        roles: usize,
        /// The largest number of roles.
        max: usize,
    },
    /// An access token with the account's roles and scopes would be longer than
    /// [`AuthBuilder::access_token_bytes`](crate::auth::AuthBuilder::access_token_bytes) allows.
    TokenTooLong {
        /// The length in bytes of the longest token of the account.
        bytes: usize,
        /// The largest length in bytes.
        max: usize,
    },
    /// No access token can be minted at all.
    Token(IssueError),
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(f, "{name:?} is not the name of a role"),
            Self::Scope(name) => write!(f, "{name:?} is not a scope"),
            Self::Twice(name) => write!(f, "{name:?} is given twice"),
            Self::TooManyRoles { roles, max } => {
                write!(f, "{roles} roles are too many: at most {max} fit into a token")
            }
            Self::TokenTooLong { bytes, max } => {
                write!(
                    f,
                    "an access token with these roles and scopes would have {bytes} bytes: at most {max} are allowed"
                )
            }
            Self::Token(_) => f.write_str("no access token can be minted"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl Error for GrantError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            Self::Store(error) => error.source(),
            _ => None,
        }
    }
}

impl From<StoreError> for GrantError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
