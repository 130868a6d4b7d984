use super::{Authenticator, AuthnError};
use crate::session::Found;

/// The credentials of a request, before any of them is looked up.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    pub(super) proof: Option<Proof<'a>>,
    pub(super) cookie: Found<'a>,
    /// Whether an authenticator of the application has found another credential that browsers attach automatically.
    pub(super) has_others: bool,
}

impl Presented<'_> {
    /// Returns whether the request has a credential that browsers attach automatically.
    ///
    /// Takes `self` by value, because a borrowed value would stay in the future of every guarded handler.
    pub(super) fn is_ambient(self) -> bool {
        self.has_others || !matches!(self.cookie, Found::Nothing)
    }
}

/// A credential that the client sends on purpose: a token or a key.
#[derive(Clone, Copy)]
pub(super) enum Proof<'a> {
    AccessToken(&'a str),
    Other(&'a dyn Authenticator, &'a str),
}

/// Refuses a second credential. No credential takes precedence.
pub(super) fn only<T>(found: &mut Option<T>, next: T) -> Result<(), AuthnError> {
    match found.replace(next) {
        None => Ok(()),
        Some(_) => Err(AuthnError::Malformed("two_credentials")),
    }
}
