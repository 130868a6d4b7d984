//! Words before the names of a list: `roles = [..]`.

use proc_macro2::Ident;

use crate::lower::meant;

/// Returns whether `word = ..` states the names of the list: `roles = ["admin"]`.
pub(in crate::lower) fn introduces_names(word: &Ident) -> bool {
    const WORDS: &[&str] = &["role", "roles", "scope", "scopes", "name", "names", "value", "any", "anyof", "allowed"];
    WORDS.contains(&meant::squeezed(word).as_str())
}
