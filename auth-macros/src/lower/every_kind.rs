//! `via = any`: words for every kind of credential, which is what holds without `via`.

use proc_macro2::TokenTree;

/// Why `via` can be left out.
pub(super) const EVERY_KIND: &str = "without `via`, every kind of credential is accepted";

/// Returns whether the value of `via` is a word for every kind of credential.
pub(super) fn names_every_kind(value: &[TokenTree]) -> bool {
    let words = ["any", "all", "every", "everything", "*"];
    matches!(value, [word] if words.contains(&word.to_string().trim_matches('"')))
}
