//! Several scopes in one string. It does not say whether all are needed or one is enough.

use std::borrow::Cow;

use proc_macro2::TokenTree;
use syn::Lit;

use super::meaning::Meant;
use crate::syntax::flat;

/// The scopes that one string holds.
pub(in crate::lower) enum Several {
    /// `"a|b"`
    Either(Meant),
    /// `"a b"`, `"a, b"`
    Unsaid(Vec<String>),
    /// `"orders:{read,write}"`
    Unclear,
}

/// Returns the scopes of a string that holds more than one, each as it is typed.
pub(in crate::lower) fn several_scopes(text: &str) -> Option<Several> {
    let text = &with_signs(text);
    let is_separator = |char: char| matches!(char, ',' | ';' | '|') || char.is_whitespace() || char.is_control();
    let mut names: Vec<String> = Vec::new();
    for name in text.split(is_separator).filter(|name| !name.is_empty()).map(|name| format!("{name:?}")) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    // Spaces around a bar mean nothing.
    let is_either = text.split('|').all(|name| !name.trim().contains(is_separator));
    match names.len() {
        0 | 1 => None,
        // `orders:{read,write}` is no list of scopes.
        _ if !text.chars().all(|char| is_separator(char) || is_plain(char)) => Some(Several::Unclear),
        _ if is_either => {
            Some(Several::Either(Meant::any(names.into_iter().map(|name| Meant::Scopes(vec![name])).collect())))
        }
        _ => Some(Several::Unsaid(names)),
    }
}

/// Returns the text with a bar for each word "or", and without each "and".
fn with_signs(text: &str) -> Cow<'_, str> {
    let (is_or, is_and) = (|word: &str| word.eq_ignore_ascii_case("or"), |word: &str| word.eq_ignore_ascii_case("and"));
    if !text.split_whitespace().any(|word| is_or(word) || is_and(word)) {
        return text.into();
    }
    let words = text.split_whitespace().filter(|word| !is_and(word)).map(|word| if is_or(word) { "|" } else { word });
    words.collect::<Vec<_>>().join(" ").into()
}

fn is_plain(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '.' | '_' | '-' | ':' | '/')
}

/// Words both meanings of scopes in one string: that all are needed, and that one is enough.
pub(in crate::lower) fn unsaid(all: &str, names: &[String], either: impl Fn(&Meant) -> String) -> String {
    let each = names.iter().map(|name| Meant::Scopes(vec![name.clone()])).collect();
    format!("if all are needed, write `{all}`; if one is enough, `{}`", either(&Meant::any(each)))
}

/// Returns the names in `can:a,b` and `permission:a,b`.
fn without_lead(text: &str) -> &str {
    ["can:", "permission:"].iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text)
}

/// Returns the scopes of the only string in the tokens that holds several and does not say how many are needed.
pub(in crate::lower) fn unsaid_in(tokens: &[TokenTree]) -> Option<Vec<String>> {
    let mut found = tokens.iter().filter_map(|token| match token {
        TokenTree::Group(group) => unsaid_in(&flat(group.stream())),
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => match several_scopes(without_lead(&text.value()))? {
                Several::Unsaid(names) => Some(names),
                Several::Either(_) | Several::Unclear => None,
            },
            _ => None,
        },
        _ => None,
    });
    found.next().filter(|_| found.next().is_none())
}
