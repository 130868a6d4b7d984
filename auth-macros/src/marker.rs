//! The hidden attribute that carries the clauses of a handler from one attribute to the next.

use proc_macro2::TokenStream;
use quote::quote;

use crate::runtime::runtime_path;
use crate::syntax::{Outer, take_outer};

/// Builds the hidden marker.
pub(crate) fn marker(clause: TokenStream, runtime: Option<TokenStream>) -> Outer {
    let runtime = runtime_path(runtime);
    let (mut attributes, _) = take_outer(quote!(#[#runtime::__private::policy(#clause)]));
    attributes.remove(0)
}
