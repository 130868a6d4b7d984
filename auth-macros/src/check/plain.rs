//! Arguments of a check that are values, not extractors: `id: u32`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::model::Check;
use crate::diag::{Code, Problem, panic_at, problem};
use crate::syntax::{is_punct, spelled};

const PLAIN: [&str; 19] = [
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64", "bool",
    "char", "Vec", "HashMap", "HashSet",
];

/// Returns whether the type's name says that it is a value. The error is then the only one.
pub(super) fn is_known(ty: &[TokenTree]) -> bool {
    let end = ty.iter().position(|token| is_punct(token, '<')).unwrap_or(ty.len());
    let (path, inner) = ty.split_at(end);
    if !path.iter().all(|token| matches!(token, TokenTree::Ident(_)) || is_punct(token, ':')) {
        return false;
    }
    let named =
        |names: &[&str]| matches!(path, [.., TokenTree::Ident(name)] if names.iter().any(|plain| name == plain));
    match inner {
        [_, inner @ .., _] if named(&["Option"]) => is_known(inner),
        _ => named(&PLAIN),
    }
}

/// Words the problem of an argument that no request holds.
pub(super) fn problem_of(name: &Ident, ty: &TokenStream) -> Problem {
    let written = spelled(ty.clone());
    problem(ty, Code::CheckPlainArgument, format!("the check `{name}` takes a `{written}`, which is no extractor"))
        .advice(format!(
            "name the part of the request that holds it: `Path(id): Path<{written}>` for the route `/{{id}}`, or `Query(..)`"
        ))
        .note("the guard calls the check with the request")
}

/// Writes a condition that is true when the type is such a value, and then panics. The constant reads the type, so an
/// alias does not hide it.
pub(super) fn refused(check: &Check, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let panic = panic_at(ty, &problem_of(&check.name, ty).text());
    quote!(if #private::Probe::<#ty>::IS_PLAIN { #panic })
}
