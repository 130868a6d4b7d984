//! Turns a check into tokens. This module refuses nothing. Every path begins at `::`, so that the user's scope does not
//! change its meaning.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::model::Check;
use crate::diag::at;

/// Writes the type with the function's name, and the requirements of the function.
pub(super) fn implementation(check: &Check, runtime: &TokenStream) -> TokenStream {
    let Check { name, arguments, .. } = check;
    let (named, module) = (named_type(check), module(check));
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
            impl<__S> #private::Check<__S> for #module::#name
            where
                __S: ::core::marker::Send + ::core::marker::Sync,
                #(#arguments: #private::FromRequestParts<__S>,)*
            {
                #[allow(unused_variables)]
                async fn run(
                    __parts: &mut #private::Parts,
                    __state: &__S,
                ) -> ::core::result::Result<::core::primitive::bool, #private::CheckRejection> {
                    #(#extracted)*
                    let #answer = #name(#(#locals),*).await;
                    #outcome
                }
            }
        };
    }
}

/// Writes the requirements of the arguments on a route's path. They come from the types, so an alias does not hide
/// them.
fn paths(check: &Check, private: &TokenStream) -> TokenStream {
    let Check { name, arguments, .. } = check;
    let module = module(check);
    quote! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications)]
        impl #private::CheckPaths for #module::#name {
            const PATHS: &'static [::core::option::Option<#private::PathFit>] = {
                #[allow(unused_imports)]
                use #private::Blanket as _;
                &[#(#private::Probe::<#arguments>::PATH),*]
            };
        }
    }
}

/// Writes a type with the function's name that always refuses, for a check with mistakes.
pub(super) fn stand_in(check: &Check, runtime: &TokenStream) -> TokenStream {
    let name = &check.name;
    let (named, module) = (named_type(check), module(check));
    let private = quote!(#runtime::__private);
    let answer = quote!(::core::result::Result<::core::primitive::bool, #private::CheckRejection>);
    quote! {
        #named

        #[automatically_derived]
        impl<__S> #private::Check<__S> for #module::#name {
            fn run(
                _: &mut #private::Parts,
                _: &__S,
            ) -> impl ::core::future::Future<Output = #answer> + ::core::marker::Send {
                ::core::future::ready(::core::result::Result::Ok(false))
            }
        }
    }
}

/// Writes the type. Functions and types have separate namespaces, so both can have the same name, and one import brings
/// both.
///
/// The type is public inside a private module, because the policy of a public handler names it, and the traits of a
/// public type must not name a private one. Its alias has the function's visibility. So a private check stays in its
/// module, and the compiler warns about the function when no policy asks the check.
fn named_type(check: &Check) -> TokenStream {
    let Check { visibility, .. } = check;
    let (name, module) = (type_name(check), module(check));
    quote! {
        #[doc(hidden)]
        mod #module {
            #[allow(non_camel_case_types, unreachable_pub, missing_debug_implementations)]
            pub enum #name {}
        }
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #visibility type #name = #module::#name;
    }
}

/// Returns the function's name as a token of this macro, so that the warning about an unused check is for the function
/// alone.
fn type_name(check: &Check) -> Ident {
    let mut name = check.name.clone();
    name.set_span(Span::call_site().located_at(name.span()));
    name
}

fn module(check: &Check) -> Ident {
    format_ident!("__{}_check", check.name.unraw(), span = type_name(check).span())
}

/// Returns the variable for the function's result. It has the location of the return type, so that a message about the
/// type points there.
fn answer_at(ty: &TokenStream) -> Ident {
    Ident::new("__answer", ty.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span()))
}

fn extracted(ty: &TokenStream, private: &TokenStream, local: &Ident) -> TokenStream {
    quote! {
        let #local = match <#ty as #private::FromRequestParts<__S>>::from_request_parts(__parts, __state).await {
            ::core::result::Result::Ok(__argument) => __argument,
            ::core::result::Result::Err(__rejection) => {
                return ::core::result::Result::Err(#private::CheckRejection::argument(__rejection));
            }
        };
    }
}
