use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::rule::role_rule;
use crate::diag::{Code, panic_at, problem};
use crate::model::{Access, Handler, Policy, Probe, Role};

/// Assertions about what only the compiler knows: the types of parameters, the hierarchy of roles.
pub(super) fn assertions(handler: &Handler, policy: &Policy) -> TokenStream {
    let Handler { runtime, lints, probes, .. } = handler;
    match &policy.access {
        Access::Public { .. } => probes.iter().map(|probe| needs_no_identity(probe, lints, runtime)).collect(),
        Access::Protected(protection) => protection.apart.iter().map(|pair| are_apart(pair, lints, runtime)).collect(),
    }
}

/// `Identity` and its like refuse the callers whom `#[public]` lets in. Their types say so, whatever their names.
fn needs_no_identity(Probe { ty, cfgs }: &Probe, lints: &[TokenStream], runtime: &TokenStream) -> TokenStream {
    let message = "a `#[public]` handler takes an identity, which not every caller has";
    let text = problem(ty, Code::PublicTakesIdentity, message)
        .help("take an `Option<..>` of it, or write `#[protected]`")
        .text();
    let refused = panic_at(ty, &text);
    quote! {
        #(#cfgs)* #(#lints)*
        const _: () = {
            use #runtime::__private::Blanket as _;
            if #runtime::__private::Probe::<#ty>::NEEDS_IDENTITY {
                #refused
            }
        };
    }
}

/// In a list of which any is enough, a role that implies another of the list adds nobody.
fn are_apart((one, other): &(Role, Role), lints: &[TokenStream], runtime: &TokenStream) -> TokenStream {
    let message = format!("one of `{}` and `{}` implies the other", one.spelled(), other.spelled());
    let place = match other {
        Role::Named(name) => name.to_token_stream(),
        Role::Path { path, .. } => path.clone(),
    };
    let text = problem(&place, Code::RoleImplied, message)
        .help("keep the one that is implied: whoever holds the other holds it, too")
        .text();
    let (one, other) = (role_rule(one, runtime), role_rule(other, runtime));
    let refused = panic_at(&place, &text);
    quote!(#(#lints)* const _: () = if #one.overlaps(&#other) { #refused };)
}
