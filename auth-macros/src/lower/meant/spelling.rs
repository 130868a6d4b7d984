//! Words without regard to how they are spelled.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;

/// Returns whether a word names callers who are not signed in. It must not be taken for its opposite.
pub(in crate::lower) fn is_negative(word: &str) -> bool {
    ["unauth", "notauth", "nonauth", "notlogged", "notsigned", "isnot", "guest"].iter().any(|not| word.contains(not))
}

pub(super) fn is_negation(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if ["not", "unless", "except", "without"].iter().any(|not| word == not))
}

pub(in crate::lower) fn is_upper(word: &Ident) -> bool {
    plain(word).starts_with(char::is_uppercase)
}

/// Returns whether a word is spelled as Rust spells constants: in capitals, digits and underscores.
pub(in crate::lower) fn is_constant(word: &Ident) -> bool {
    let word = plain(word);
    word.contains(char::is_uppercase) && !word.contains(char::is_lowercase)
}

/// Returns the word without the mark of raw identifiers.
pub(in crate::lower) fn plain(word: &Ident) -> String {
    word.unraw().to_string()
}

/// Returns the word in lower case without underscores, so that `has_role` and `hasRole` are one.
pub(in crate::lower) fn squeezed(word: &Ident) -> String {
    plain(word).replace('_', "").to_lowercase()
}
