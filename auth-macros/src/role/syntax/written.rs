//! The options as tokens, before their values are read.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta};

use crate::diag::{Code, Problem, Sink, problem};
use crate::syntax::{Argument, flat, is_punct, split, stream};

/// One option as written: its name and its value.
pub(super) struct Written {
    pub(super) name: Ident,
    pub(super) value: Value,
    /// The tokens of the option.
    pub(super) whole: TokenStream,
    /// The tokens that disappear with the option: the whole attribute if it has no other.
    pub(super) removable: TokenStream,
}

pub(super) enum Value {
    Missing,
    /// `= tokens`
    Assigned(TokenStream),
    /// `(tokens)`
    Listed(TokenStream),
}

impl Written {
    pub(super) fn assigned(&self) -> Option<&TokenStream> {
        match &self.value {
            Value::Assigned(value) if !value.is_empty() => Some(value),
            _ => None,
        }
    }
}

/// Reads the options of all `#[role(..)]` attributes.
pub(super) fn written(attributes: &[Attribute], on_variant: bool, sink: &mut Sink) -> Vec<Written> {
    let mut all = Vec::new();
    for attribute in ours(attributes) {
        let list = match &attribute.meta {
            Meta::List(list) if !list.tokens.is_empty() => list,
            Meta::List(_) => {
                sink.push(malformed(attribute, "`#[role()]` says nothing").remove());
                continue;
            }
            Meta::Path(_) => {
                sink.push(malformed(attribute, "`#[role]` says nothing").remove());
                continue;
            }
            Meta::NameValue(pair) => {
                let value = pair.value.to_token_stream();
                let wrong = malformed(attribute, "`#[role]` wants options in parentheses");
                sink.push(match on_variant {
                    true => wrong.write(format_args!("#[role(rename = {value})]")),
                    false => wrong.remove(),
                });
                continue;
            }
        };
        let parts = split(list.tokens.clone());
        let is_only = parts.len() == 1;
        for part in parts {
            let removable = if is_only { attribute.to_token_stream() } else { stream(&part) };
            all.extend(named(part, removable, on_variant, sink));
        }
    }
    all
}

/// Returns the `#[role(..)]` attributes.
fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("role"))
}

fn named(part: Vec<TokenTree>, removable: TokenStream, on_variant: bool, sink: &mut Sink) -> Option<Written> {
    let whole = stream(&part);
    let written = |name, value| Some(Written { name, value, whole: whole.clone(), removable });
    match Argument::read(part) {
        Argument::Word(name) => written(name, Value::Missing),
        Argument::Set { name, value, .. } => written(name, Value::Assigned(stream(&value))),
        Argument::Call { name, arguments } => written(name, Value::Listed(arguments.stream())),
        other => {
            sink.push(unnamed(&other, on_variant));
            None
        }
    }
}

fn unnamed(option: &Argument, on_variant: bool) -> Problem {
    let tokens = flat(option.to_token_stream());
    if tokens.iter().all(|token| is_punct(token, ',')) {
        let stray = malformed(option, "no option stands before this comma");
        return if tokens.len() > 1 { stray.write(",") } else { stray.remove() };
    }
    let wrong = malformed(option, "an option of `#[role(..)]` has a name");
    match option {
        Argument::Text(name) if on_variant => wrong.write(format_args!("rename = {:?}", name.value())),
        _ if on_variant => wrong.advice("a variant takes `implies = …` and `rename = \"…\"`"),
        _ => wrong.advice("an enum takes `crate = …`; its variants, `implies` and `rename`"),
    }
}

pub(super) fn malformed(at: impl ToTokens, message: &str) -> Problem {
    problem(at, Code::RoleOption, message)
}
