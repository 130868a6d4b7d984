//! Calls the stages. Only this module turns mistakes into tokens.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{Code, Problem, Sink, problem};
use crate::expand;
use crate::lower;
use crate::marker::marker;
use crate::syntax::{Clause, Item, Stray, clauses, is_punct, is_word, stream};

/// Builds the guarded handler from the clauses of all its attributes.
///
/// If there are mistakes, the handler keeps its signature for the rest of the program, but admits no caller. An
/// attribute that was renamed on import, and so comes later, leaves that handler alone.
pub(crate) fn finish(written: TokenStream, handler: Item) -> TokenStream {
    if is_waiting(&written) {
        return waited(written, &handler);
    }
    let function = handler.function();
    if function.as_ref().is_some_and(lower::is_refused) {
        return quote!(#handler);
    }
    let mut sink = Sink::default();
    let clauses = readable(written.clone(), &mut sink);
    let policy = lower::policy(&clauses, &mut sink);
    let waits = sink.has_only(Code::NoAccess) && !handler.attributes.is_empty();
    if let Some(waiting) = waits.then(|| waiting(written, handler.clone(), &clauses)).flatten() {
        return waiting;
    }
    let handler = lower::handler(handler, function, &clauses, &mut sink);
    let errors = sink.into_error();
    let handler = match (handler, policy.filter(|_| errors.is_none())) {
        (Ok(handler), Some(policy)) => expand::guarded(handler, &policy),
        (Ok(handler), None) => expand::refused(handler),
        (Err(replaced), _) => expand::stand_in(replaced),
    };
    quote!(#errors #handler)
}

/// Returns the handler without access, refused, and with the marker behind its other attributes. The marker reports the
/// mistake, unless one of those attributes is from this crate under another name and reports that. Returns `None` if
/// the handler has other mistakes.
fn waiting(written: TokenStream, mut handler: Item, clauses: &[Clause]) -> Option<TokenStream> {
    let runtime = clauses.iter().find_map(|clause| clause.runtime.clone());
    handler.attributes.push(marker(quote!(waiting, #written), runtime));
    let mut sink = Sink::default();
    let function = handler.function();
    let handler = lower::handler(handler, function, clauses, &mut sink).ok().filter(|_| sink.is_empty())?;
    Some(expand::refused(handler))
}

/// Returns whether a marker's tokens begin as [`waiting`] writes them.
pub(crate) fn is_waiting(written: &TokenStream) -> bool {
    let mut tokens = written.clone().into_iter();
    let (first, second) = (tokens.next(), tokens.next());
    first.is_some_and(|first| is_word(&first, "waiting")) && second.is_some_and(|comma| is_punct(&comma, ','))
}

/// Reports what the marker waited with. The handler is refused already.
fn waited(written: TokenStream, handler: &Item) -> TokenStream {
    let mut sink = Sink::default();
    let clauses = readable(written.into_iter().skip(2).collect(), &mut sink);
    let _ = lower::policy(&clauses, &mut sink);
    if sink.is_empty() || !handler.function().as_ref().is_some_and(lower::is_refused) {
        sink.push(by_hand(stream(&handler.tokens)));
    }
    let errors = sink.into_error();
    quote!(#errors #handler)
}

/// Reports an attribute that the attributes above it did not see. The handler is refused already.
pub(crate) fn unseen(clause: TokenStream, handler: &Item) -> TokenStream {
    let mut sink = Sink::default();
    readable(clause, &mut sink).iter().for_each(|clause| sink.push(lower::unseen(clause)));
    let errors = sink.into_error();
    quote!(#errors #handler)
}

/// Returns the clauses. Only a marker written by hand contains other tokens.
fn readable(written: TokenStream, sink: &mut Sink) -> Vec<Clause> {
    let stray = |Stray(tokens)| by_hand(tokens);
    clauses(written).into_iter().filter_map(|clause| sink.keep(clause.map_err(stray))).collect()
}

fn by_hand(tokens: TokenStream) -> Problem {
    problem(tokens, Code::StrayToken, "the hidden marker is not written by hand")
        .advice("a handler has `#[public]`, `#[protected]` or another access attribute")
}

#[cfg(test)]
mod tests;
