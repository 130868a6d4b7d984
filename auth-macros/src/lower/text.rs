use proc_macro2::TokenTree;
use syn::{Lit, LitStr};

use super::names;
use super::options::Given;
use crate::diag::{Code, Problem, problem};
use crate::syntax::flat;

/// Returns an option's text. It must be neither empty nor padded.
pub(super) fn text(given: &Given, what: &str) -> Result<LitStr, Problem> {
    match flat(given.tokens()).as_slice() {
        [TokenTree::Literal(literal)] => match Lit::new(literal.clone()) {
            Lit::Str(text) if text.value().trim().is_empty() => {
                Err(problem(&given.at, Code::EmptyName, format_args!("{what} is empty")).remove())
            }
            Lit::Str(text) => names::proper(&text, what).map(|()| text),
            _ => Err(given.malformed("a string belongs here")),
        },
        _ => Err(given.malformed("a string belongs here")),
    }
}
