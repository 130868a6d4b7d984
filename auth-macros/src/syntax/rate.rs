use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Lit, LitInt, LitStr};

use super::tokens::is_punct;

/// `10/min`, `10/5 min`, `10/5min`
#[derive(Clone)]
pub(crate) struct Rate {
    pub(crate) count: LitInt,
    pub(crate) window: TimeSpan,
}

/// `min`, `5 min`, `5min`
#[derive(Clone)]
pub(crate) struct TimeSpan {
    pub(crate) amount: Option<LitInt>,
    pub(crate) unit: Unit,
}

/// A unit of time as typed, on its own or behind a number.
#[derive(Clone)]
pub(crate) struct Unit {
    pub(crate) word: String,
    pub(crate) at: TokenStream,
}

impl Rate {
    pub(crate) fn read(tokens: &[TokenTree]) -> Option<Self> {
        let [TokenTree::Literal(count), slash, window @ ..] = tokens else { return None };
        let count = integer(count).filter(|count| count.suffix().is_empty())?;
        is_punct(slash, '/').then_some(())?;
        Some(Self { count, window: TimeSpan::read(window)? })
    }
}

impl TimeSpan {
    pub(crate) fn read(tokens: &[TokenTree]) -> Option<Self> {
        match tokens {
            [TokenTree::Ident(unit)] => Some(Self { amount: None, unit: Unit::new(&unit.to_string(), unit) }),
            [TokenTree::Literal(both)] => {
                let amount = integer(both).filter(|amount| !amount.suffix().is_empty())?;
                Some(Self { unit: Unit::new(amount.suffix(), both), amount: Some(amount) })
            }
            [TokenTree::Literal(amount), TokenTree::Ident(unit)] => {
                let amount = integer(amount).filter(|amount| amount.suffix().is_empty())?;
                Some(Self { amount: Some(amount), unit: Unit::new(&unit.to_string(), unit) })
            }
            _ => None,
        }
    }
}

impl TimeSpan {
    /// Reads an amount in a string: `"10 s"`, `"2 MiB"`. Messages point at the string.
    pub(crate) fn quoted(text: &LitStr) -> Option<Self> {
        let value = text.value();
        let (amount, unit) = value.split_at(value.find(|char: char| char.is_ascii_alphabetic())?);
        let (amount, unit) = (amount.trim(), unit.trim());
        let is_number = amount.starts_with(|char: char| char.is_ascii_digit())
            && amount.chars().all(|char| char.is_ascii_digit() || char == '_');
        // `1e` begins a float, and `0b` a number of another base.
        let is_unit = unit.chars().all(|char| char.is_ascii_alphabetic())
            && !unit.starts_with(['e', 'E'])
            && !(amount == "0" && unit.starts_with(['b', 'o', 'x']));
        (is_number && is_unit).then(|| Self {
            amount: Some(LitInt::new(&format!("{amount}{unit}"), text.span())),
            unit: Unit::new(unit, text),
        })
    }
}

/// Writes the tokens at which messages point.
impl ToTokens for TimeSpan {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let unit = &self.unit.at;
        match &self.amount {
            Some(amount) if amount.suffix().is_empty() => tokens.extend(quote!(#amount #unit)),
            _ => unit.to_tokens(tokens),
        }
    }
}

impl Unit {
    fn new(word: &str, at: impl ToTokens) -> Self {
        Self { word: word.to_owned(), at: at.into_token_stream() }
    }
}

/// Returns a literal as an integer with any suffix.
pub(crate) fn integer(literal: &Literal) -> Option<LitInt> {
    match Lit::new(literal.clone()) {
        Lit::Int(integer) => Some(integer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::flat;

    #[test]
    fn rates_are_read_in_every_form() {
        for (tokens, amount, unit) in [
            (quote!(10 / min), None, "min"),
            (quote!(10 / 5 min), Some("5"), "min"),
            (quote!(10 / 5min), Some("5"), "min"),
            (quote!(1_0 / 2hours), Some("2"), "hours"),
        ] {
            let rate = Rate::read(&flat(tokens)).unwrap();
            assert_eq!(rate.count.base10_digits(), "10");
            assert_eq!(rate.window.amount.as_ref().map(LitInt::base10_digits), amount);
            assert_eq!(rate.window.unit.word, unit);
        }
    }

    #[test]
    fn amounts_in_strings_are_read() {
        let quoted = |text: &str| TimeSpan::quoted(&LitStr::new(text, proc_macro2::Span::call_site()));
        for (text, amount, unit) in [("10 s", "10", "s"), ("2MiB", "2", "MiB"), (" 1_000  B ", "1000", "B")] {
            let read = quoted(text).unwrap();
            assert_eq!(read.amount.unwrap().base10_digits(), amount);
            assert_eq!(read.unit.word, unit);
        }
        for text in ["", "10", "MiB", "1.5 MiB", "-1 s", "1 e", "1e5", "0b", "0x B", "1 s s", "1 s2", "1 µs", "_1 s"] {
            assert!(quoted(text).is_none(), "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_rate_are_not_read() {
        for tokens in [
            quote!(10),
            quote!(10min),
            quote!(10 min),
            quote!(10 / ),
            quote!(10 / 60),
            quote!(1.5 / min),
            quote!(10u32 / min),
            quote!("10/min"),
            quote!(min / 10),
            quote!(10 / 5 5 min),
            quote!(-10 / min),
        ] {
            assert!(Rate::read(&flat(tokens.clone())).is_none(), "{tokens}");
        }
    }
}
