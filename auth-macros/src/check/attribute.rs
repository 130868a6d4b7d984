use proc_macro2::TokenStream;
use quote::quote;

use super::{expand, lower, policies};
use crate::diag::Sink;
use crate::syntax;

/// Returns the function as written, and its type. When the function has mistakes, it reports all of them and returns a
/// type that refuses. So policies that use the check show no errors of their own.
pub(crate) fn attribute(arguments: TokenStream, tokens: TokenStream) -> TokenStream {
    let item = syntax::item(tokens.clone());
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
    quote!(#tokens #addition)
}
