use super::User;

/// The reason why a user who was looked up may not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotActive {
    /// The user does not exist.
    Gone,
    /// The user is deactivated.
    Deactivated,
}

/// Returns the user whom a look-up found, if that user may act. Each layer gives the two reasons its own answers.
pub(crate) fn active<U: User>(found: Option<U>) -> Result<U, NotActive> {
    match found {
        Some(user) if user.is_active() => Ok(user),
        Some(_) => Err(NotActive::Deactivated),
        None => Err(NotActive::Gone),
    }
}
