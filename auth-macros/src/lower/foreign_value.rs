//! What a value in the wrong form says. The replacements keep the user's own words and numbers.

mod lists;
mod reading;
mod time;

use proc_macro2::TokenTree;
use quote::ToTokens;

use super::size;
use crate::syntax::{Argument, spelled, stream};

pub(super) use lists::{credential, credentials, listed};
pub(super) use reading::{inner, letters, string};

use reading::number;

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
    use crate::syntax::flat;

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
