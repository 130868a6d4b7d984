//! Roles and scopes: the forms in which issuers write them.

use crate::token::{List, Span};

/// The value of a claim that has roles or scopes.
#[derive(Clone, Copy, Default)]
pub(super) enum Words {
    #[default]
    Absent,
    /// A string that has several, separated.
    Text(Span),
    /// An array.
    List(List),
}

/// Returns the roles of a text: they are separated by commas.
pub(in crate::remote) fn roles(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(|role| role.trim_matches(' ')).filter(|role| !role.is_empty())
}

/// Returns the scopes of a text: they are separated by spaces (RFC 6749, section 3.3).
pub(super) fn scopes(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|scope| !scope.is_empty())
}

/// Returns whether the element of an array is one scope. With a space in it, it would become several.
pub(super) fn is_scope(text: &str) -> bool {
    !text.is_empty() && !text.contains(' ')
}
