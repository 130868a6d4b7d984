//! The step from meaning to tokens. This module refuses nothing. Every path begins at `::`, so that the user's scope
//! has no effect.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Visibility, ext::IdentExt};

use super::{
    model::{Role, Roles},
    syntax::RoleEnum,
};
use crate::runtime::runtime_path;

/// Emits the implementations of `#[derive(Role)]`.
pub(super) fn implementations(roles: &Roles) -> TokenStream {
    let Roles { ident, vis, runtime, roles: values } = roles;
    let names = values.iter().map(|role| &role.name);
    let requirements = values.iter().map(|role| requirement(role, runtime));
    let own_names = || values.iter().map(|role| (own(&role.variant), &role.name));
    let to_name = own_names().map(|(variant, name)| quote!(Self::#variant => #name));
    let from_name = own_names().map(|(variant, name)| quote!(#name => ::core::option::Option::Some(Self::#variant)));
    let parts = Parts {
        names: quote!(&[#(#names),*]),
        requirement: quote!(match *self { #(#requirements),* }),
        name: quote!(match *self { #(#to_name),* }),
        from_name: quote!(#(#from_name,)*),
    };
    assemble(ident, &own(ident), vis, runtime, &parts)
}

/// Emits the same interface for an enum with mistakes, so that code which uses it shows no errors of its own.
pub(super) fn stand_ins(written: &RoleEnum<'_>) -> Option<TokenStream> {
    let stand_in = written.stand_in.as_ref()?;
    let runtime = runtime_path(written.runtime.as_ref());
    // The names differ, because a handler that lists several roles compares them.
    let arms = |value: &dyn Fn(String) -> TokenStream| -> TokenStream {
        written
            .variants
            .iter()
            .map(|variant| {
                let (ident, value) = (own(variant.ident), value(variant.ident.to_string()));
                quote!(Self::#ident { .. } => #value,)
            })
            .collect()
    };
    let (requirements, names) =
        (arms(&|name| quote!(#runtime::policy::RoleRule::new(#name))), arms(&|name| quote!(#name)));
    let (requirement, name) = if written.is_enum {
        (quote!(match *self { #requirements }), quote!(match *self { #names }))
    } else {
        (quote!(#runtime::policy::RoleRule::new("")), quote!(""))
    };
    let parts = Parts { names: quote!(&[]), requirement, name, from_name: TokenStream::new() };
    Some(assemble(written.ident, stand_in, written.vis, &runtime, &parts))
}

/// Returns the name as a token of the macro, at the same place. The compiler then does not warn that the
/// implementations use a deprecated enum or a deprecated role.
pub(crate) fn own(name: &Ident) -> Ident {
    let mut own = name.clone();
    own.set_span(Span::call_site().located_at(name.span()));
    own
}

/// Returns the name of an argument. It contains the enum's name, because an argument cannot have the name of a
/// constant, a static or a unit struct of the application.
fn argument(ident: &Ident, word: &str) -> Ident {
    format_ident!("__{}_{word}", ident.unraw(), span = Span::call_site())
}

/// The parts that differ from one enum to another.
struct Parts {
    names: TokenStream,
    requirement: TokenStream,
    name: TokenStream,
    /// The arms of a `match`.
    from_name: TokenStream,
}

fn requirement(role: &Role, runtime: &TokenStream) -> TokenStream {
    let Role { name, implied_by, .. } = role;
    let variant = own(&role.variant);
    if implied_by.is_empty() {
        return quote!(Self::#variant => #runtime::policy::RoleRule::new(#name));
    }
    quote!(Self::#variant => #runtime::policy::RoleRule::new(#name).with_implied_by(&[#(#implied_by),*]))
}

fn assemble(ident: &Ident, ty: &dyn ToTokens, vis: &Visibility, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let inherent = inherent(ty, vis, runtime, parts);
    let role = role(ident, ty, runtime, parts);
    let text = text(ident, ty, runtime);
    let serde = serde(ident, ty, runtime);
    quote!(#inherent #role #text #serde)
}

/// Emits the inherent items. Constants can use them, but cannot use traits.
fn inherent(ty: &dyn ToTokens, vis: &Visibility, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let Parts { names, requirement, .. } = parts;
    quote! {
        #[automatically_derived]
        impl #ty {
            /// The names of all roles, in the order of the variants.
            #vis const NAMES: &'static [&'static ::core::primitive::str] = #names;

            /// Returns the requirement of a handler that asks for this role: this role, or one that implies it.
            #[must_use]
            #vis const fn requirement(&self) -> #runtime::policy::RoleRule {
                #requirement
            }

            #[doc(hidden)]
            #[must_use]
            #vis const fn as_bytes(&self) -> #runtime::policy::RoleRule {
                self.requirement()
            }
        }
    }
}

fn role(ident: &Ident, ty: &dyn ToTokens, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let Parts { name, from_name, .. } = parts;
    let text = argument(ident, "name");
    quote! {
        #[automatically_derived]
        impl #runtime::policy::Role for #ty {
            const NAMES: &'static [&'static ::core::primitive::str] = Self::NAMES;

            fn name(&self) -> &'static ::core::primitive::str {
                #name
            }

            fn from_name(#text: &::core::primitive::str) -> ::core::option::Option<Self> {
                match #text { #from_name _ => ::core::option::Option::None }
            }

            fn rule(&self) -> #runtime::policy::RoleRule {
                self.requirement()
            }
        }
    }
}

fn text(ident: &Ident, ty: &dyn ToTokens, runtime: &TokenStream) -> TokenStream {
    let (to, text, from) = (argument(ident, "formatter"), argument(ident, "text"), argument(ident, "role"));
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #ty {
            fn fmt(&self, #to: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Formatter::pad(#to, #runtime::policy::Role::name(self))
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ty {
            type Err = #runtime::policy::ParseRoleError;

            fn from_str(#text: &::core::primitive::str) -> ::core::result::Result<Self, #runtime::policy::ParseRoleError> {
                #runtime::__private::role::parse(#text)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#ty> for ::std::string::String {
            fn from(#from: #ty) -> Self {
                Self::from(#runtime::policy::Role::name(&#from))
            }
        }
    }
}

fn serde(ident: &Ident, ty: &dyn ToTokens, runtime: &TokenStream) -> TokenStream {
    let serde = quote!(#runtime::__private::serde);
    let (to, from) = (argument(ident, "serializer"), argument(ident, "deserializer"));
    quote! {
        #[automatically_derived]
        impl #serde::Serialize for #ty {
            fn serialize<__S: #serde::Serializer>(&self, #to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
                #runtime::__private::role::serialize(self, #to)
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #ty {
            fn deserialize<__D: #serde::Deserializer<'de>>(#from: __D) -> ::core::result::Result<Self, __D::Error> {
                #runtime::__private::role::deserialize(#from)
            }
        }
    }
}
