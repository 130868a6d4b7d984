//! The condition that tokens probably mean: `role != "banned"`, `hasRole("ADMIN")`, `user.is_admin()`.

mod calls;
mod extreme;
mod list;
mod meaning;
mod read;
mod several;
mod spelling;
mod words;

pub(super) use extreme::Extreme;
pub(super) use list::list;
pub(super) use meaning::{Meant, Noun};
pub(super) use read::condition;
pub(super) use several::{Several, several_scopes, unsaid, unsaid_in};

use proc_macro2::TokenTree;

pub(super) use spelling::{is_constant, is_negative, is_upper, plain, squeezed};
use words::checks;

/// Returns the condition that the arguments of a `#[check(..)]` mean, where a path is a check.
pub(crate) fn of_check(arguments: &[TokenTree]) -> Option<String> {
    checks(arguments).or_else(|| condition(arguments, Noun::Role)).map(|meant| meant.alone())
}

#[cfg(test)]
mod tests;
