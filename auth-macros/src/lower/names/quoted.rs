//! Names in quotes: texts that are no name, or more than one.

use quote::ToTokens;
use syn::LitStr;

use super::place::word;
use crate::diag::{Code, Problem, problem};
use crate::lower::meant::{self, Noun};
use crate::syntax::{flat, is_code, is_pattern, is_placeholder, is_quoted_path, is_several};

pub(super) const EVERY_CALLER: &str = "to admit every signed-in caller, write `#[protected]`";

/// Refuses texts that have a meaning elsewhere, and here are the name of nothing: `"admin*"`, `"!banned"`, `"$role"`,
/// `"any"`.
pub(super) fn single(name: &LitStr, noun: Noun) -> Result<(), Problem> {
    no_pattern(name, noun)?;
    no_code(name, noun)?;
    // A scope may have this name, and has no other way to be written.
    match noun {
        Noun::Role if name.value().eq_ignore_ascii_case("any") => {
            let message = format_args!("`{:?}` names no role", name.value());
            Err(problem(name, Code::NotAName, message)
                .advice(EVERY_CALLER)
                .note("for a role of this name, write the path of its variant, such as `Role::Any`"))
        }
        _ => Ok(()),
    }
}

/// Refuses `"admin*"` and `"*"`, which hold for no caller.
fn no_pattern(name: &LitStr, noun: Noun) -> Result<(), Problem> {
    let value = name.value();
    if !is_pattern(&value) {
        return Ok(());
    }
    let message = format_args!("`{value:?}` is a pattern, and a {} is compared as a whole", word(noun));
    let wrong = problem(name, Code::NameSeparator, message);
    Err(match noun {
        _ if value.trim_matches('*').is_empty() => wrong.advice(EVERY_CALLER),
        Noun::Role => wrong.advice("name each role, or let `#[derive(Role)]` imply one role of them all and name that"),
        Noun::Scope => wrong.advice("name each scope that is needed"),
    })
}

/// Refuses `"!banned"`, `"$role"` and `"Role::Admin"`, which are names of nothing with the quotes around them.
fn no_code(name: &LitStr, noun: Noun) -> Result<(), Problem> {
    let value = name.value();
    let wrong = |what| problem(name, Code::NotAName, format_args!("`{value:?}` is {what}, and no {}", word(noun)));
    match noun {
        _ if is_code(&value) => {
            Err(wrong("an expression")
                .advice("write conditions without quotes, as in `#[authorize(!role(\"banned\"))]`"))
        }
        _ if is_placeholder(&value) => {
            Err(wrong("a placeholder").advice(format_args!("in `macro_rules!`, write it without quotes: `{value}`")))
        }
        Noun::Role if is_quoted_path(&value) => Err(wrong("a path").write(value)),
        _ => Ok(()),
    }
}

/// Refuses a string that holds several roles: `"admin, user"`, `"admin or user"`.
pub(super) fn one_role(name: &LitStr) -> Result<(), Problem> {
    if !is_several(&name.value()) {
        return Ok(());
    }
    let names = meant::list(&flat(name.to_token_stream()), Noun::Role).unwrap_or_default();
    let wrong = problem(name, Code::NameSeparator, "one string holds several roles");
    Err(match names.as_slice() {
        [] => wrong.remove(),
        names => wrong.write(names.join(", ")),
    })
}
