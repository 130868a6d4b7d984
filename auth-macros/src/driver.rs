//! Calls the stages. Only this module turns mistakes into tokens.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{Code, Sink, problem};
use crate::expand;
use crate::lower;
use crate::syntax::{Clause, Item, Stray, clauses};

/// Builds the guarded handler from the clauses of all its attributes.
///
/// If there are mistakes, the handler keeps its signature for the rest of the program, but admits no caller. An
/// attribute that was renamed on import, and so comes later, leaves such a handler alone.
pub(crate) fn finish(written: TokenStream, handler: Item) -> TokenStream {
    let function = handler.function();
    if function.as_ref().is_some_and(lower::is_refused) {
        return quote!(#handler);
    }
    let mut sink = Sink::default();
    let clauses = readable(written, &mut sink);
    let policy = lower::policy(&clauses, &mut sink);
    let handler = lower::handler(handler, function, &clauses, &mut sink);
    let errors = sink.into_error();
    let handler = match (handler, policy.filter(|_| errors.is_none())) {
        (Ok(handler), Some(policy)) => expand::guarded(handler, &policy),
        (Ok(handler), None) => expand::refused(handler),
        (Err(replaced), _) => expand::stand_in(replaced),
    };
    quote!(#errors #handler)
}

/// Returns the clauses. Only a marker written by hand contains other tokens.
fn readable(written: TokenStream, sink: &mut Sink) -> Vec<Clause> {
    let stray = |Stray(tokens)| {
        problem(tokens, Code::StrayToken, "the hidden marker is not written by hand")
            .advice("a handler has `#[public]`, `#[protected]` or another access attribute")
    };
    clauses(written).into_iter().filter_map(|clause| sink.keep(clause.map_err(stray))).collect()
}

#[cfg(test)]
mod tests;
