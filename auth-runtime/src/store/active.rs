use super::User;

/// The reason why a user who was looked up may not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotActive {
    /// The user does not exist.
    Gone,
    /// The user is deactivated.
    Deactivated,
}

/// Returns the user whom a look-up found, if that user may act.
///
/// Each layer gives the two reasons its own answers:
///
/// | layer | deactivated | gone |
/// |---|---|---|
/// | `CurrentUser`, `SuperUser` | 403 | 401; 403 for a caller of another issuer |
/// | account endpoints of a signed-in caller | 403 | 401 |
/// | a session's cookie | counts as absent | counts as absent |
/// | an API key | 401 | 401 |
/// | sign-in and re-authentication | 401, like a wrong password | 401, like a wrong password |
/// | refresh | 401 | 401 |
/// | introspection | `"active": false` | `"active": false` |
/// | a one-time token | like an unknown token | like an unknown token |
/// | a request for a reset | 202 without mail | 202 without mail |
///
/// The token endpoint answers 400 `invalid_grant` instead of 401 to a sign-in and a refresh.
pub(crate) fn active<U: User>(found: Option<U>) -> Result<U, NotActive> {
    match found {
        Some(user) if user.is_active() => Ok(user),
        Some(_) => Err(NotActive::Deactivated),
        None => Err(NotActive::Gone),
    }
}
