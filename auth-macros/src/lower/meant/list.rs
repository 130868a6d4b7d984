use proc_macro2::TokenTree;
use syn::Lit;

use super::meaning::Noun;
use super::several::several_scopes;
use super::spelling::{is_upper, plain};
use crate::syntax::{flat, is_path, is_pattern, is_punct, pieces, spelled, split, stream};

/// Returns the names in a list, each as it is typed: strings, characters, numbers, paths, words, lists in brackets.
pub(in crate::lower) fn list(tokens: &[TokenTree], noun: Noun) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for part in split(tokens.iter().cloned()) {
        for name in one_or_more(&part, noun)? {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    (!names.is_empty()).then_some(names)
}

fn one_or_more(part: &[TokenTree], noun: Noun) -> Option<Vec<String>> {
    match part {
        [TokenTree::Literal(literal)] => text(&Lit::new(literal.clone()), noun),
        [TokenTree::Group(group)] => list(&flat(group.stream()), noun),
        // A comma is missing.
        [TokenTree::Literal(_), .., TokenTree::Literal(_)]
            if part.iter().all(|token| matches!(token, TokenTree::Literal(_))) =>
        {
            let names = part.iter().map(|name| one_or_more(std::slice::from_ref(name), noun));
            names.collect::<Option<Vec<_>>>().map(|names| names.concat())
        }
        [reference, rest @ ..] if is_punct(reference, '&') => one_or_more(rest, noun),
        [TokenTree::Ident(vec), bang, TokenTree::Group(group)] if vec == "vec" && is_punct(bang, '!') => {
            list(&flat(group.stream()), noun)
        }
        // `"admin".to_string()`, `Role::Admin.name()`
        [name @ .., dot, TokenTree::Ident(_), TokenTree::Group(none)]
            if is_punct(dot, '.') && none.stream().is_empty() =>
        {
            let is_name = matches!(name, [TokenTree::Literal(_)]) || is_path(name) && name.len() > 1;
            is_name.then(|| one_or_more(name, noun)).flatten()
        }
        [TokenTree::Ident(word)] if !is_upper(word) => Some(vec![format!("{:?}", plain(word))]),
        path if is_path(path) && noun == Noun::Role => Some(vec![spelled(stream(path))]),
        _ => None,
    }
}

/// Returns the names in a literal, if it is no pattern. One text may hold several roles: `"admin, user"`. Several
/// scopes in one text do not say how many are needed.
pub(super) fn text(literal: &Lit, noun: Noun) -> Option<Vec<String>> {
    let text = match literal {
        Lit::Str(text) => text.value(),
        Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok()?,
        Lit::CStr(text) => text.value().into_string().ok()?,
        Lit::Char(char) => char.value().to_string(),
        Lit::Int(number) => number.to_string(),
        _ => return None,
    };
    if is_pattern(&text) || noun == Noun::Scope && several_scopes(&text).is_some() {
        return None;
    }
    let names: Vec<String> = pieces(&text).into_iter().map(|name| format!("{name:?}")).collect();
    (!names.is_empty()).then_some(names)
}
