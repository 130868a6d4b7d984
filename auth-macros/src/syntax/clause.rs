use proc_macro2::{Ident, TokenStream, TokenTree};

use super::tokens::{is_punct, is_word};
use super::{Argument, flat, split, stream};
use crate::attribute::Attribute;

/// One attribute of this crate on the handler: `require_role("admin")`.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) attribute: Attribute,
    /// The attribute's name. Its span points at the attribute in the source.
    pub(crate) name: Ident,
    /// Whether the arguments stand behind `=`: `#[require_role = "admin"]`.
    pub(crate) is_assigned: bool,
    /// The path in `crate = path`, if there is one.
    pub(crate) runtime: Option<TokenStream>,
    /// The other comma-separated parts of its arguments.
    pub(crate) parts: Vec<TokenStream>,
    /// The other attributes of this crate on the handler.
    pub(crate) beside: Vec<Attribute>,
}

impl Clause {
    /// Returns the parts by their form. Do not use it for an expression, where invisible groups matter.
    pub(crate) fn arguments(&self) -> Vec<Argument> {
        self.parts.iter().map(|part| Argument::read(flat(part.clone()))).collect()
    }
}

/// Tokens of the marker that are not a clause.
#[derive(Debug)]
pub(crate) struct Stray(pub(crate) TokenStream);

/// Returns the clauses in the marker's arguments: `protected(), require_role("admin")`.
pub(crate) fn clauses(tokens: TokenStream) -> Vec<Result<Clause, Stray>> {
    let mut clauses: Vec<_> =
        split(tokens).into_iter().map(|part| clause(&part).ok_or_else(|| Stray(stream(&part)))).collect();
    let all: Vec<Option<Attribute>> =
        clauses.iter().map(|clause| clause.as_ref().ok().map(|clause| clause.attribute)).collect();
    for (at, clause) in clauses.iter_mut().enumerate() {
        if let Ok(clause) = clause {
            clause.beside = [&all[..at], &all[at + 1..]].concat().into_iter().flatten().collect();
        }
    }
    clauses
}

fn clause(part: &[TokenTree]) -> Option<Clause> {
    let (name, is_assigned, arguments) = match part {
        [TokenTree::Ident(name), TokenTree::Group(arguments)] => (name, false, arguments.stream()),
        [TokenTree::Ident(name), equals, value @ ..] if is_punct(equals, '=') => (name, true, stream(value)),
        _ => return None,
    };
    let attribute = Attribute::from_name(name)?;
    let mut runtime = None;
    let mut parts = Vec::new();
    for part in split(arguments) {
        match runtime_in(&part) {
            Some(path) if runtime.is_none() => runtime = Some(path),
            _ => parts.push(stream(&part)),
        }
    }
    Some(Clause { attribute, name: name.clone(), is_assigned, runtime, parts, beside: Vec::new() })
}

/// Returns the path in `crate = path` among an attribute's arguments.
pub(crate) fn runtime_of(arguments: TokenStream) -> Option<TokenStream> {
    split(arguments).iter().find_map(|part| runtime_in(part))
}

fn runtime_in(part: &[TokenTree]) -> Option<TokenStream> {
    match part {
        [name, equals, path @ ..] if is_word(name, "crate") && is_punct(equals, '=') => {
            let path = flat(stream(path));
            super::is_path(&path).then(|| stream(&path))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn clauses_keep_their_parts_and_runtime() {
        let read = clauses(quote!(protected(), rate_limit(10 / min, crate = a::b, by = user)));
        let [Ok(protected), Ok(limit)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!(protected.attribute, Attribute::Protected);
        assert!(protected.parts.is_empty() && protected.runtime.is_none());
        assert_eq!(limit.parts.len(), 2);
        assert_eq!(
            (protected.beside.as_slice(), limit.beside.as_slice()),
            (&[limit.attribute][..], &[protected.attribute][..])
        );
        assert_eq!(limit.runtime.as_ref().unwrap().to_string(), quote!(a::b).to_string());
    }

    #[test]
    fn arguments_may_stand_behind_an_equals_sign() {
        let read = clauses(quote!(require_role = "admin", protected()));
        let [Ok(role), Ok(protected)] = read.as_slice() else { panic!("{read:?}") };
        assert!(role.is_assigned && !protected.is_assigned);
        assert_eq!(role.parts[0].to_string(), "\"admin\"");
    }

    #[test]
    fn a_path_in_crate_is_no_runtime() {
        assert!(runtime_of(quote!(crate::Role::Admin)).is_none());
        assert!(runtime_of(quote!(crate = "a")).is_none());
        assert!(runtime_of(quote!(crate = crate)).is_some());
    }

    #[test]
    fn tokens_that_are_no_clause_are_stray() {
        assert!(matches!(clauses(quote!(other())).as_slice(), [Err(Stray(_))]));
        assert!(matches!(clauses(quote!(public)).as_slice(), [Err(Stray(_))]));
    }
}
