use proc_macro2::{Group, TokenStream};
use quote::{quote, quote_spanned};

use super::{assertions::assertions, policy::constant};
use crate::model::{Access, Handler, Policy, hidden_name};

/// Clippy complains above this many parameters; the guard must not be the one too many.
const MOST_PARAMETERS: usize = 7;

/// The handler with the guard as its first parameter, and the type that holds its policy.
pub(crate) fn guarded(handler: &Handler, policy: &Policy) -> TokenStream {
    let function = function(handler);
    let policy_type = policy_type(handler, policy);
    let assertions = assertions(handler, policy);
    quote!(#function #policy_type #assertions)
}

fn function(handler: &Handler) -> TokenStream {
    let Handler { runtime, name, before, after, parameters, .. } = handler;
    let hidden = hidden_name(name);
    let given = parameters.stream();
    let guard = quote_spanned!(hidden.span()=> _: #runtime::Guard<#hidden>,);
    let mut all = Group::new(parameters.delimiter(), quote!(#guard #given));
    all.set_span(parameters.span());
    let lint = (handler.parameter_count == MOST_PARAMETERS).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote!(#lint #(#before)* #all #(#after)*)
}

fn policy_type(handler: &Handler, policy: &Policy) -> TokenStream {
    let Handler { runtime, name, visibility, lints, .. } = handler;
    let hidden = hidden_name(name);
    let value = constant(handler, policy);
    let checks = checks(policy);
    quote! {
        #[doc(hidden)]
        #visibility struct #hidden;

        #(#lints)*
        impl #runtime::HasPolicy for #hidden {
            const POLICY: #runtime::Policy = #value;
            type Checks = #checks;
        }
    }
}

/// `(first, (second, ()))`
fn checks(policy: &Policy) -> TokenStream {
    let Access::Protected(protection) = &policy.access else { return quote!(()) };
    protection.checks.iter().rev().fold(quote!(()), |rest, check| {
        let path = &check.path;
        quote!((#path, #rest))
    })
}
