use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::TypeParameter;

/// The parameters of a generic handler's policy type, as they stand in each place. All are empty for other handlers.
///
/// No bound is repeated: the type only has to tell one choice of parameters from another. What it asks for is what a
/// route asks of the handler, too, that every type is `'static`.
#[derive(Default)]
pub(super) struct Generics {
    /// Behind `struct`.
    pub(super) declared: TokenStream,
    /// What the struct holds.
    pub(super) held: TokenStream,
    /// Behind `impl`.
    pub(super) bounded: TokenStream,
    /// Behind the type's name.
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
