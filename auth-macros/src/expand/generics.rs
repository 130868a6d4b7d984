use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::TypeParameter;

/// The parameters of a generic handler's policy type, in the form for each position. All are empty for other handlers.
///
/// The type repeats no bound, because it only has to distinguish one choice of parameters from another. It requires
/// every type to be `'static`, as a route requires it of the handler.
#[derive(Default)]
pub(super) struct Generics {
    /// The text after `struct`.
    pub(super) declared: TokenStream,
    /// The fields of the struct.
    pub(super) held: TokenStream,
    /// The text after `impl`.
    pub(super) bounded: TokenStream,
    /// The text after the type's name.
    pub(super) named: TokenStream,
}

impl Generics {
    pub(super) fn of(parameters: &[TypeParameter]) -> Self {
        if parameters.is_empty() {
            return Self::default();
        }
        let types = parameters.iter().filter_map(|parameter| match parameter {
            TypeParameter::Type(name) => Some(name),
            TypeParameter::Constant { .. } => None,
        });
        let names = parameters.iter().map(name);
        let unbounded = parameters.iter().map(|parameter| declared(parameter, None));
        let is_static = quote!('static+);
        let bounded = parameters.iter().map(|parameter| declared(parameter, Some(&is_static)));
        Self {
            declared: quote!(<#(#unbounded),*>),
            held: quote!((::core::marker::PhantomData<fn() -> (#(::core::marker::PhantomData<#types>,)*)>)),
            bounded: quote!(<#(#bounded),*>),
            named: quote!(<#(#names),*>),
        }
    }
}

fn name(parameter: &TypeParameter) -> &Ident {
    match parameter {
        TypeParameter::Type(name) | TypeParameter::Constant { name, .. } => name,
    }
}

fn declared(parameter: &TypeParameter, bound: Option<&TokenStream>) -> TokenStream {
    match parameter {
        TypeParameter::Type(name) => quote!(#name: #bound ?::core::marker::Sized),
        TypeParameter::Constant { name, ty } => quote!(const #name: #ty),
    }
}
