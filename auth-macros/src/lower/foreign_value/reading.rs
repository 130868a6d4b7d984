//! Words, strings and numbers among the tokens of a value.

use proc_macro2::{Delimiter, TokenTree};
use syn::Lit;

use crate::syntax::{flat, integer, stream};

/// Returns a word in lower case, without separators: `hasAnyRole` and `has_any_role` are the same.
pub(in crate::lower) fn letters(word: &str) -> String {
    word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the tokens inside the brackets or parentheses around all of them.
pub(in crate::lower) fn inner(value: &[TokenTree]) -> Vec<TokenTree> {
    match flat(stream(value)).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::None => {
            inner(&group.stream().into_iter().collect::<Vec<_>>())
        }
        tokens => tokens.to_vec(),
    }
}

/// Returns the text of a string.
pub(in crate::lower) fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn number(value: &[TokenTree]) -> Option<u32> {
    match value {
        [token @ TokenTree::Literal(literal)] => {
            let typed = integer(literal).filter(|number| is_type(number.suffix()));
            let digits = typed.map(|number| number.base10_digits().to_owned());
            digits.or_else(|| string(token))?.trim().replace('_', "").parse().ok()
        }
        [left, TokenTree::Punct(times), right @ ..] if times.as_char() == '*' => {
            number(core::slice::from_ref(left))?.checked_mul(number(right)?)
        }
        _ => None,
    }
    .filter(|number| *number > 0)
}

fn is_type(suffix: &str) -> bool {
    suffix.is_empty() || suffix.starts_with(['u', 'i'])
}
