//! Turns a check into tokens. This module refuses nothing. Every path begins at `::`, so that the user's scope does not
//! change its meaning.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;

use super::model::{Check, StandIn};
use crate::diag::at;

/// Writes the type with the function's name, and the requirements of the function.
///
/// The implementation names the user's types once more, and allows the lints that the function allows.
pub(super) fn implementation(check: &Check, runtime: &TokenStream) -> TokenStream {
    let Check { name, arguments, lints, .. } = check;
    let named = named_type(check);
    let private = quote!(#runtime::__private);
    let locals: Vec<_> = (0..arguments.len()).map(|place| format_ident!("__auth_runtime_argument_{place}")).collect();
    let extracted = arguments.iter().zip(&locals).map(|(ty, local)| extracted(ty, &private, local));
    let answer = answer_at(&check.answer);
    let outcome = at(&check.answer, quote!(#private::CheckOutcome::outcome), quote!(#answer));
    let paths = (!arguments.is_empty()).then(|| paths(check, &private));
    let reads_no_body = arguments.iter().map(|ty| super::body::refused(check, ty, &private));
    let ty = named_by(check);
    quote! {
        #named

        #(#lints)*
        const _: () = {
            #(#reads_no_body)*

            #paths

            #[automatically_derived]
            impl<__AuthRuntimeState> #private::Check<__AuthRuntimeState> for #ty
            where
                __AuthRuntimeState: ::core::marker::Send + ::core::marker::Sync,
                #(#arguments: #private::FromRequestParts<__AuthRuntimeState>,)*
            {
                async fn run(
                    __auth_runtime_parts: &mut #private::Parts,
                    __auth_runtime_state: &__AuthRuntimeState,
                ) -> ::core::result::Result<::core::primitive::bool, #private::CheckRejection> {
                    #(#extracted)*
                    let #answer = #name(#(#locals),*).await;
                    #outcome
                }
            }
        };
    }
}

/// Writes the requirements of the arguments on a route's path and on the caller's credential. They come from the types,
/// so an alias does not hide them.
fn paths(check: &Check, private: &TokenStream) -> TokenStream {
    let (ty, arguments) = (named_by(check), &check.arguments);
    quote! {
        #[automatically_derived]
        impl #private::CheckPaths for #ty {
            const PATHS: &'static [::core::option::Option<#private::PathFit>] = {
                use #private::Blanket as _;
                &[#(#private::Probe::<#arguments>::PATH),*]
            };
            const NEEDS_COOKIE: ::core::primitive::bool = {
                use #private::Blanket as _;
                false #(|| #private::Probe::<#arguments>::NEEDS_COOKIE)*
            };
        }
    }
}

/// Writes a type that always refuses, for a check with mistakes.
pub(super) fn stand_in(stand_in: &StandIn, runtime: &TokenStream) -> TokenStream {
    let (named, ty) = match stand_in {
        StandIn::Function(check) => (Some(named_type(check)), named_by(check)),
        StandIn::Type(name) => (None, ours(name).into_token_stream()),
    };
    let private = quote!(#runtime::__private);
    let answer = quote!(::core::result::Result<::core::primitive::bool, #private::CheckRejection>);
    quote! {
        #named

        #[automatically_derived]
        impl<__AuthRuntimeState> #private::Check<__AuthRuntimeState> for #ty {
            fn run(
                _: &mut #private::Parts,
                _: &__AuthRuntimeState,
            ) -> impl ::core::future::Future<Output = #answer> + ::core::marker::Send {
                ::core::future::ready(::core::result::Result::Ok(false))
            }
        }
    }
}

/// Writes the type. Functions and types have separate namespaces, so both can have the same name, and one import brings
/// both.
///
/// The policy of a public handler names the type of a private check, and the traits of a public type must not name a
/// private one. So the type itself is public, in a module, and only its alias has the function's visibility.
fn named_type(check: &Check) -> TokenStream {
    let Check { name, visibility, .. } = check;
    let (name, module) = (ours(name), module(name));
    if is_public(check) {
        return quote! {
            #[doc(hidden)]
            pub enum #name {}
        };
    }
    quote! {
        #[doc(hidden)]
        mod #module {
            pub enum #name {}
        }
        #[doc(hidden)]
        #visibility type #name = #module::#name;
    }
}

/// Returns the path of the type. Its alias in this place would count as a use of the check.
fn named_by(check: &Check) -> TokenStream {
    let (name, module) = (ours(&check.name), module(&check.name));
    if is_public(check) { quote!(#name) } else { quote!(#module::#name) }
}

fn is_public(check: &Check) -> bool {
    check.visibility.to_string() == "pub"
}

fn module(name: &Ident) -> Ident {
    format_ident!("__{}", name.unraw(), span = Span::call_site())
}

/// Returns the name at the place where the user wrote it, but as a word of the macro's, so that lints ignore it.
fn ours(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(Span::call_site().located_at(name.span()));
    name
}

/// Returns the variable for the function's result. It has the location of the return type, so that a message about the
/// type points there.
fn answer_at(ty: &TokenStream) -> Ident {
    Ident::new(
        "__auth_runtime_answer",
        ty.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span()),
    )
}

fn extracted(ty: &TokenStream, private: &TokenStream, local: &Ident) -> TokenStream {
    let extractor = quote!(#private::FromRequestParts<__AuthRuntimeState>);
    quote! {
        let #local = match <#ty as #extractor>::from_request_parts(__auth_runtime_parts, __auth_runtime_state).await {
            ::core::result::Result::Ok(__auth_runtime_argument) => __auth_runtime_argument,
            ::core::result::Result::Err(__auth_runtime_rejection) => {
                return ::core::result::Result::Err(#private::CheckRejection::argument(__auth_runtime_rejection));
            }
        };
    }
}
