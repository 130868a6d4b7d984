//! Attributes of other crates below ours.

use proc_macro2::TokenTree;
use quote::{ToTokens, quote};

use crate::diag::{Code, Sink, problem};
use crate::runtime::Runtime;
use crate::syntax::{Function, Item, Outer, Parameter, flat, spelled, stream};

/// Refuses axum's `#[debug_handler]` without the state, where nothing else tells it: it would take `()`, which has no
/// `Auth`. The attribute stays with a state that fits, so that it reports nothing else.
pub(super) fn state_of_debug_handler(item: &mut Item, function: &Function, runtime: &Runtime, sink: &mut Sink) {
    let takes_state = function.parameters.iter().any(is_state);
    for outer in item.attributes.iter_mut().filter(|outer| is_debug_handler(outer)) {
        let contents = flat(outer.group.stream());
        let path: Vec<_> = contents.iter().take_while(|token| !matches!(token, TokenTree::Group(_))).collect();
        let is_told = contents[path.len()..].iter().any(|token| !is_empty(token));
        if takes_state || is_told {
            continue;
        }
        let path = quote!(#(#path)*);
        let written = spelled(path.clone());
        sink.push(
            problem(
                outer.to_token_stream(),
                Code::DebugHandlerState,
                format_args!("`#[{written}]` does not know the router's state"),
            )
            .write(format_args!("#[{written}(state = App)]"))
            .because("`App` stands for the type of the state"),
        );
        *outer = outer.with_contents(quote!(#path(state = #runtime::Auth)));
    }
}

pub(super) fn is_debug_handler(outer: &Outer) -> bool {
    outer.path().last().is_some_and(|name| name == "debug_handler")
}

fn is_empty(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.stream().is_empty())
}

/// Returns whether `debug_handler` can read the state off the parameter.
fn is_state(parameter: &Parameter) -> bool {
    flat(stream(&parameter.ty)).iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "State"))
}
