use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{Code, panic_at, problem};
use crate::model::Named;
use crate::runtime::Runtime;

/// Asserts that each named policy can hold beside the handler's own. Only the compiler knows its bounds.
pub(super) fn fit_beside<'a>(
    named: &'a [Named],
    lints: &'a [TokenStream],
    runtime: &'a Runtime,
) -> impl Iterator<Item = TokenStream> + 'a {
    named.iter().map(move |Named { path, spelled }| {
        let refused = |what: &str, advice: &str| {
            let message = format_args!("the policy `{spelled}` {what}");
            panic_at(path, &problem(path, Code::NamedPolicyUnfit, message).advice(advice).text())
        };
        let public =
            refused("admits everyone", "name a policy that asks for a caller, such as one of `Policy::protected(..)`");
        let of_handlers = refused(
            "has a part that belongs on a handler",
            "leave its CSRF exemption, its bounds of the body and its Content Security Policy to the handlers",
        );
        let kind = quote!(#runtime::__private::Besides);
        quote! {
            #(#lints)*
            const _: () = match #kind::of(&<#path as #runtime::HasPolicy>::POLICY) {
                #kind::Fits => {}
                #kind::Public => #public,
                #kind::OfHandlers => #of_handlers,
            };
        }
    })
}
