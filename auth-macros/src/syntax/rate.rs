use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Lit, LitInt};

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
