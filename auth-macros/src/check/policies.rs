//! Refuses a check that has a policy of its own: a policy runs checks.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attribute::Attribute;
use crate::runtime::runtime_path;
use crate::syntax::{Item, Outer, runtime_of, stream};

/// Returns the item with `#[check]` moved below the attributes that may belong to this crate and declare a policy. Only
/// the compiler knows whether they do, and their effect on the function shows after their expansion. Returns `None`
/// when there are no such attributes.
pub(super) fn first(arguments: &TokenStream, item: &Item) -> Option<TokenStream> {
    let last = item.attributes.iter().rposition(may_declare_policy)?;
    let (before, after) = item.attributes.split_at(last + 1);
    let runtime = runtime_path(runtime_of(arguments.clone()));
    let rest = stream(&item.tokens);
    Some(quote!(#(#before)* #[#runtime::check(#arguments)] #(#after)* #rest))
}

fn may_declare_policy(attribute: &Outer) -> bool {
    attribute.path().last().is_some_and(|name| Attribute::from_name(name).is_some() || name == "policy")
}
