//! `#[check(owns_post)]` on a handler, which asks a check in its policy.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;

use crate::attribute::Attribute;
use crate::collect::{add, whole};
use crate::diag::{Code, Sink, problem};
use crate::lower::{is_guarded, is_refused, meant_condition};
use crate::syntax::{Item, flat, is_word, runtime_of, spelled, split, stream};

/// Returns the error and the handler, if the attribute stands on a handler and names a condition. The handler admits no
/// caller.
pub(super) fn on_handler(arguments: &TokenStream, item: &Item) -> Option<TokenStream> {
    let parts: Vec<_> =
        split(arguments.clone()).into_iter().filter(|part| runtime_of(stream(part)).is_none()).collect();
    let function = item.function().filter(|function| function.has_body)?;
    let answers = flat(stream(&function.tail)).iter().any(|token| is_word(token, "bool"));
    if parts.is_empty() || answers {
        return None;
    }
    let condition = meant_condition(&flat(arguments.clone()))?;
    let line = format!("#[authorize({condition})]");
    let name = whole("check", item.tokens.first().map_or_else(Span::call_site, TokenTree::span));
    let message = format!("`#[check({})]` on a handler asks no check", spelled(arguments.clone()));
    let wrong = problem(name, Code::CheckArguments, message);
    let has = |attribute: Attribute| {
        item.attributes.iter().any(|outer| outer.path().last().and_then(Attribute::from_name) == Some(attribute))
    };
    let wrong =
        if has(Attribute::Authorize) { wrong.advice(format!("it belongs in `{line}`")) } else { wrong.write(line) };
    let mut sink = Sink::default();
    sink.push(wrong.note("`#[check]` stands on the function that decides, and a policy asks it"));
    let errors = sink.into_error();
    // Without an access attribute, the handler would show errors of its own.
    let is_finished = is_guarded(&function) || is_refused(&function);
    let is_declared = Attribute::ALL.into_iter().any(|attribute| attribute.declares_access() && has(attribute));
    if is_finished || is_declared {
        return Some(quote!(#errors #item));
    }
    let name = whole(Attribute::Authorize.name(), Span::call_site());
    let handler = add(quote!(#name(authenticated)), None, item.clone());
    Some(quote!(#errors #handler))
}
