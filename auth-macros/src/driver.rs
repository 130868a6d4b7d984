//! Calls the stages. Only this module turns mistakes into tokens.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{Code, Sink, problem};
use crate::expand;
use crate::lower;
use crate::model::Policy;
use crate::syntax::{Clause, Item, Stray, clauses};

/// Builds the guarded handler from the clauses of all its attributes.
///
/// If there are mistakes, the handler keeps its signature for the rest of the program, but admits no caller.
pub(crate) fn finish(written: TokenStream, handler: Item) -> TokenStream {
    let mut sink = Sink::default();
    let clauses = readable(written, &mut sink);
    let policy = lower::policy(&clauses, &mut sink);
    let handler = lower::handler(handler, &clauses, &mut sink);
    let errors = sink.into_error();
    let policy = policy.filter(|_| errors.is_none()).unwrap_or_else(Policy::nobody);
    let handler = handler.map_or_else(|as_written| as_written, |handler| expand::guarded(handler, &policy));
    quote!(#errors #handler)
}

/// Returns the clauses. Only a marker written by hand contains other tokens.
fn readable(written: TokenStream, sink: &mut Sink) -> Vec<Clause> {
    let stray = |Stray(tokens)| {
        problem(tokens, Code::StrayToken, "the hidden marker is not written by hand")
            .advice("write `#[public]`, `#[protected]` and their like")
    };
    clauses(written).into_iter().filter_map(|clause| sink.keep(clause.map_err(stray))).collect()
}

#[cfg(test)]
mod tests;
