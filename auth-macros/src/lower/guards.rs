//! Attributes of NestJS and ASP.NET that name a login: `AuthGuard("jwt")`, `AuthenticationSchemes = "Bearer"`.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::expression_errors::all_of;
use super::foreign_value::{credential, credentials, inner, string};
use super::meant::{is_upper, squeezed};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, problem};
use crate::syntax::{Argument, Clause, flat, is_punct, spelled, split, stream};

/// Words the problem of an `#[authorize]` that names guards or schemes. Returns `None` if it names none.
pub(super) fn problem_of(clause: &Clause) -> Option<Problem> {
    schemes(clause).or_else(|| guards(clause))
}

/// Words the problem of `AuthenticationSchemes = "Bearer", Roles = "Admin"`.
fn schemes(clause: &Clause) -> Option<Problem> {
    let scheme = |part: &TokenStream| match Argument::read(flat(part.clone())) {
        Argument::Set { name, value, .. } if SCHEMES.contains(&squeezed(&name).as_str()) => credentials(&value),
        _ => None,
    };
    let (at, kinds) = clause.parts.iter().enumerate().find_map(|(at, part)| Some((at, scheme(part)?)))?;
    let rest: Vec<TokenStream> = [&clause.parts[..at], &clause.parts[at + 1..]].concat();
    let message = format_args!("`{}` is no condition", spelled(clause.parts[at].clone()));
    let wrong = problem(&clause.name, Code::UnknownPredicate, message);
    let protected = format!("#[protected(via({kinds}))]");
    let line = match (rest.is_empty(), all_of(&rest)) {
        (true, _) => Some(protected.clone()),
        (false, Some(meant)) => Some(format!("{protected} #[authorize({})]", meant.alone())),
        (false, None) => None,
    };
    Some(match line.filter(|_| !clause.beside.contains(&Attribute::Protected)) {
        Some(line) => wrong.write(line),
        None => wrong.advice(format_args!("it belongs in `{protected}`")),
    })
}

const SCHEMES: &[&str] = &["authenticationschemes", "authenticationscheme", "schemes", "scheme", "security"];

fn guards(clause: &Clause) -> Option<Problem> {
    let parts: Vec<Vec<TokenTree>> = clause.parts.iter().map(|part| flat(part.clone())).collect();
    let guards: Vec<Vec<TokenTree>> = parts.iter().flat_map(|part| listed(part)).collect();
    if !guards.iter().any(|part| names_guard(part)) {
        return None;
    }
    let written: Vec<String> = parts.iter().map(|part| spelled(stream(part))).collect();
    let message = format_args!("`{}` is no condition", written.join(", "));
    let wrong = problem(&clause.name, Code::UnknownPredicate, message);
    Some(match guards.as_slice() {
        [only] if let Some(line) = login(only) => wrong.write(line),
        _ => wrong.advice(
            "a login is asked by `#[protected]`, a role by `#[require_role(\"admin\")]`, and anything else by a check",
        ),
    })
}

/// Returns the guards in `UseGuards(A, B)`, or the part itself.
fn listed(part: &[TokenTree]) -> Vec<Vec<TokenTree>> {
    match part {
        [at, rest @ ..] if is_punct(at, '@') => listed(rest),
        [TokenTree::Ident(name), TokenTree::Group(list)] if squeezed(name) == "useguards" => split(flat(list.stream())),
        part => vec![part.to_vec()],
    }
}

/// Returns whether a guard is among the operands. A path like `Role::Guard` is not a guard.
fn names_guard(part: &[TokenTree]) -> bool {
    let is_part_of_path = |at: usize| {
        [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .any(|at| part.get(at).is_some_and(|token| is_punct(token, ':')))
    };
    part.iter()
        .enumerate()
        .any(|(at, token)| matches!(token, TokenTree::Ident(word) if is_guard(word)) && !is_part_of_path(at))
}

fn is_guard(word: &Ident) -> bool {
    is_upper(word) && squeezed(word).strip_suffix("guard").is_some_and(|kind| !kind.is_empty())
}

/// Returns the attribute that asks for the same login: of `AuthGuard("jwt")`, of `JwtAuthGuard`.
fn login(guard: &[TokenTree]) -> Option<String> {
    let (name, arguments) = match guard {
        [TokenTree::Ident(name)] => (name, Vec::new()),
        [TokenTree::Ident(name), TokenTree::Group(list)] => (name, inner(&flat(list.stream()))),
        _ => return None,
    };
    let word = squeezed(name);
    let kind = word.strip_suffix("guard")?;
    let kind = kind.strip_suffix("auth").unwrap_or(kind);
    let kind = match arguments.as_slice() {
        [] => kind.to_owned(),
        [only] if kind.is_empty() => string(only)?,
        _ => return None,
    };
    match kind.as_str() {
        "" => Some("#[protected]".to_owned()),
        kind => credential(kind).map(|kind| format!("#[protected(via({}))]", kind.name())),
    }
}
