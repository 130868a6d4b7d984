use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::{asked, expand, lower, policies};
use crate::diag::Sink;
use crate::syntax::{self, Item, flat, is_word};

/// Returns the function as written, and its type. When the function has mistakes, it reports all of them and returns a
/// type that refuses. So policies that use the check show no errors of their own.
pub(crate) fn attribute(arguments: TokenStream, tokens: TokenStream) -> TokenStream {
    let item = syntax::item(tokens);
    if let Some(handler) = asked::on_handler(&arguments, &item) {
        return handler;
    }
    if let Some(moved) = policies::first(&arguments, &item) {
        return moved;
    }
    let mut sink = Sink::default();
    let runtime = lower::runtime(arguments, &mut sink);
    let check = lower::check(&item, &mut sink);
    let addition = match sink.into_error() {
        None => check.map(|check| expand::implementation(&check, &runtime)),
        Some(errors) => {
            let stand_in = lower::stand_in(&item).map(|stand_in| expand::stand_in(&stand_in, &runtime));
            Some(quote!(#errors #stand_in))
        }
    };
    let function = function(item);
    quote!(#function #addition)
}

/// Returns the function as written, without the lints that the attribute itself would set off. A check is `async` even
/// if it waits for nothing, and its type uses it even if no policy does.
fn function(mut item: Item) -> TokenStream {
    let is_async = item.function().is_some_and(|function| function.qualifier("async").is_some());
    let allowance = is_async.then(|| quote!(#[allow(clippy::unused_async)]));
    for outer in &mut item.attributes {
        let contents: Vec<TokenTree> = flat(outer.group.stream());
        let [TokenTree::Ident(expect), TokenTree::Group(lints)] = contents.as_slice() else { continue };
        let expects_no_use = expect == "expect"
            && flat(lints.stream()).iter().any(|lint| is_word(lint, "dead_code") || is_word(lint, "unused"));
        if expects_no_use {
            *outer = outer.with_contents(quote!(allow #lints));
        }
    }
    quote!(#allowance #item)
}
