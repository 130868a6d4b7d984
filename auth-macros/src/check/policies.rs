//! Refuses a check that has a policy of its own: a policy runs checks.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::attribute::Attribute;
use crate::model::hidden_name;
use crate::syntax::{Function, Item, Outer, flat, runtime_of, stream};

/// Returns the item with `#[check]` moved below the attributes that may belong to this crate and declare a policy. Only
/// the compiler knows whether they do, and their effect on the function shows after their expansion. Returns `None`
/// when there are no such attributes.
pub(super) fn first(arguments: &TokenStream, item: &Item) -> Option<TokenStream> {
    let last = item.attributes.iter().rposition(may_declare_policy)?;
    let (before, after) = item.attributes.split_at(last + 1);
    let runtime = runtime_of(arguments.clone()).unwrap_or_else(|| quote!(::auth_runtime));
    let rest = stream(&item.tokens);
    Some(quote!(#(#before)* #[#runtime::check(#arguments)] #(#after)* #rest))
}

fn may_declare_policy(attribute: &Outer) -> bool {
    attribute.path().last().is_some_and(|name| Attribute::from_name(&name.to_string()).is_some() || name == "policy")
}

/// Returns whether a policy put its guard in front of the function's parameters.
pub(super) fn guards(function: &Function) -> bool {
    let policy = hidden_name(&function.name);
    let is_policy = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if *word == policy);
    function.parameters.first().is_some_and(|first| flat(stream(&first.ty)).iter().any(is_policy))
}
