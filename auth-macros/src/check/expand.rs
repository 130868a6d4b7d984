//! From a check to tokens. Nothing here refuses; every path begins at `::`, so that the user's scope changes nothing.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::model::Check;
use crate::diag::at;

/// The type of the function's name, and what it asks of the function.
pub(super) fn implementation(check: &Check, runtime: &TokenStream) -> TokenStream {
    let Check { name, arguments, .. } = check;
    let named = named_type(check);
    let private = quote!(#runtime::__private);
    let locals: Vec<_> = (0..arguments.len()).map(|place| format_ident!("__argument_{place}")).collect();
    let extracted = arguments.iter().zip(&locals).map(|(ty, local)| extracted(ty, &private, local));
    let answer = answer_at(&check.answer);
    let outcome = at(&check.answer, quote!(#private::CheckOutcome::outcome), quote!(#answer));
    let paths = (!arguments.is_empty()).then(|| paths(check, &private));
    let reads_no_body = arguments.iter().map(|ty| super::body::refused(check, ty, &private));
    quote! {
        #named

        const _: () = {
            #(#reads_no_body)*

            #paths

            #[automatically_derived]
            #[allow(deprecated, private_bounds, unused_qualifications)]
            impl<__S> #private::Check<__S> for #name
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                #(#arguments: #private::FromRequestParts<__S>,)*
            {
                #[allow(unused_variables)]
                async fn run(
                    __parts: &mut #private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<::core::primitive::bool, #private::CheckFailure> {
                    #(#extracted)*
                    let #answer = #name(#(#locals),*).await;
                    #outcome
                }
            }
        };
    }
}

/// What the arguments ask of a route's path. Their types say so, whatever their names.
fn paths(check: &Check, private: &TokenStream) -> TokenStream {
    let Check { name, arguments, .. } = check;
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications)]
        impl #private::CheckPaths for #name {
            const PATHS: &'static [::core::option::Option<#private::PathFit>] = {
                #[allow(unused_imports)]
                use #private::Blanket as _;
                &[#(#private::Probe::<#arguments>::PATH),*]
            };
        }
    }
}

/// A type of the function's name that refuses everywhere, for a check with mistakes.
pub(super) fn stand_in(check: &Check, runtime: &TokenStream) -> TokenStream {
    let name = &check.name;
    let named = named_type(check);
    let private = quote!(#runtime::__private);
    let answer = quote!(::core::result::Result<::core::primitive::bool, #private::CheckFailure>);
    quote! {
        #named

        #[automatically_derived]
        impl<__S> #private::Check<__S> for #name {
            fn run(
                _: &mut #private::Parts,
                _: &__S,
            ) -> impl ::core::future::Future<Output = #answer> + ::core::marker::Send {
                ::core::future::ready(::core::result::Result::Ok(false))
            }
        }
    }
}

/// Functions and types have names of their own, so both can have this one, and one import brings both.
///
/// The type is public whatever the function is: the policy of a public handler names it, and a public type's traits may
/// name no private one. It can be reached where its module can, and says nothing.
fn named_type(check: &Check) -> TokenStream {
    let name = &check.name;
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, unreachable_pub, missing_debug_implementations)]
        pub enum #name {}
    }
}

/// The variable for what the function returned. It stands where the return type does, so that a message about the type
/// points there.
fn answer_at(ty: &TokenStream) -> Ident {
    Ident::new("__answer", ty.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span()))
}

fn extracted(ty: &TokenStream, private: &TokenStream, local: &Ident) -> TokenStream {
    quote! {
        let #local = match <#ty as #private::FromRequestParts<__S>>::from_request_parts(__parts, __state).await {
            ::core::result::Result::Ok(__argument) => __argument,
            ::core::result::Result::Err(__rejection) => {
                return ::core::result::Result::Err(#private::CheckFailure::argument(__rejection));
            }
        };
    }
}
