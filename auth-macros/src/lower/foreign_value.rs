//! What a value in the wrong form says. The replacements keep the user's own words and numbers.

mod lists;
mod time;

use proc_macro2::{Delimiter, TokenTree};
use quote::ToTokens;
use syn::Lit;

use super::size;
use crate::syntax::{Argument, flat, integer, spelled, stream};

pub(super) use lists::{credential, credentials, listed};

/// The kind of value that an option takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    Text,
    Number,
    Size,
    Time,
    Words(&'static [&'static str]),
    Credentials,
    Issuers,
}

/// Returns the value in the form that the option takes, or `None` if the tokens do not say it.
pub(super) fn meant(takes: Takes, value: &[TokenTree]) -> Option<String> {
    let value = inner(value);
    match takes {
        Takes::Nothing => None,
        Takes::Text => text(&value),
        Takes::Number => number(&value).map(|number| number.to_string()),
        Takes::Size => size::meant(&value),
        Takes::Time => time::time(&value),
        Takes::Words(words) => word(&value, words),
        Takes::Credentials => credentials(&value),
        Takes::Issuers => lists::issuers(&value),
    }
}

/// Returns a word in lower case, without separators: `hasAnyRole` and `has_any_role` are the same.
pub(super) fn letters(word: &str) -> String {
    word.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the tokens inside the brackets or parentheses around all of them.
pub(super) fn inner(value: &[TokenTree]) -> Vec<TokenTree> {
    match flat(stream(value)).as_slice() {
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::None => {
            inner(&group.stream().into_iter().collect::<Vec<_>>())
        }
        tokens => tokens.to_vec(),
    }
}

/// Returns the text of a string.
pub(super) fn string(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Writes words as the string that they were meant to be.
fn text(value: &[TokenTree]) -> Option<String> {
    let text = match value {
        [] => return None,
        [token] if string(token).is_some() => string(token)?,
        tokens if tokens.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_))) => {
            tokens.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty() && !text.contains('"')).then(|| format!("{text:?}"))
}

fn number(value: &[TokenTree]) -> Option<u32> {
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

fn word(value: &[TokenTree], words: &[&str]) -> Option<String> {
    let [.., last] = value else { return None };
    let typed = string(last).unwrap_or_else(|| last.to_string());
    words.iter().find(|word| letters(word) == letters(&typed)).map(|word| (*word).to_owned())
}

/// Returns an argument as text, as a message shows it.
pub(super) fn shown(argument: &Argument) -> String {
    match argument {
        Argument::Set { name, value, .. } => format!("{name} = {}", spelled(stream(value))),
        other => spelled(other.to_token_stream()),
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    pub(super) fn read(takes: Takes, tokens: TokenStream) -> Option<String> {
        meant(takes, &flat(tokens))
    }

    #[test]
    fn words_are_read_as_what_they_stand_for() {
        assert_eq!(read(Takes::Text, quote!(load balancer)).as_deref(), Some("\"load balancer\""));
        assert_eq!(read(Takes::Text, quote!(("x"))).as_deref(), Some("\"x\""));
        assert_eq!(read(Takes::Text, quote!(format!("x"))), None);
        assert_eq!(read(Takes::Number, quote!("3")).as_deref(), Some("3"));
        assert_eq!(read(Takes::Number, quote!(-3)), None);
        assert_eq!(read(Takes::Words(&["after_checks"]), quote!(Counts::AfterChecks)).as_deref(), Some("after_checks"));
        assert_eq!(read(Takes::Words(&["deny"]), quote!("deny")).as_deref(), Some("deny"));
    }
}
