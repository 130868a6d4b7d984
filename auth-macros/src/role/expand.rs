//! The step from meaning to tokens. This module refuses nothing. Every path begins at `::`, so that the user's scope
//! has no effect.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Visibility;

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
    let to_name = values.iter().map(|Role { variant, name, .. }| quote!(Self::#variant => #name));
    let from_name =
        values.iter().map(|Role { variant, name, .. }| quote!(#name => ::core::option::Option::Some(Self::#variant)));
    let parts = Parts {
        names: quote!(&[#(#names),*]),
        requirement: quote!(match *self { #(#requirements),* }),
        name: quote!(match *self { #(#to_name),* }),
        from_name: quote!(match __name { #(#from_name,)* _ => ::core::option::Option::None }),
    };
    assemble(ident, vis, runtime, &parts)
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
                let (ident, value) = (variant.ident, value(variant.ident.to_string()));
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
    let parts = Parts {
        names: quote!(&[]),
        requirement,
        name,
        from_name: quote!(match __name {
            _ => ::core::option::Option::None,
        }),
    };
    Some(assemble(stand_in, written.vis, &runtime, &parts))
}

/// The parts that differ from one enum to another.
struct Parts {
    names: TokenStream,
    requirement: TokenStream,
    name: TokenStream,
    from_name: TokenStream,
}

fn requirement(role: &Role, runtime: &TokenStream) -> TokenStream {
    let Role { variant, name, implied_by } = role;
    if implied_by.is_empty() {
        return quote!(Self::#variant => #runtime::policy::RoleRule::new(#name));
    }
    quote!(Self::#variant => #runtime::policy::RoleRule::new(#name).with_implied_by(&[#(#implied_by),*]))
}

fn assemble(ident: &dyn ToTokens, vis: &Visibility, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let inherent = inherent(ident, vis, runtime, parts);
    let role = role(ident, runtime, parts);
    let text = text(ident, runtime);
    let serde = serde(ident, runtime);
    quote!(#inherent #role #text #serde)
}

/// Emits the inherent items. Constants can use them, but cannot use traits.
fn inherent(ident: &dyn ToTokens, vis: &Visibility, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let Parts { names, requirement, .. } = parts;
    quote! {
        #[automatically_derived]
        #[allow(dead_code)]
        impl #ident {
            /// The names of all roles, in the order of the variants.
            #vis const NAMES: &'static [&'static ::core::primitive::str] = #names;

            /// Returns the requirement of a handler that asks for this role: this role, or one that implies it.
            #[must_use]
            #vis const fn requirement(&self) -> #runtime::policy::RoleRule {
                #requirement
            }
        }
    }
}

fn role(ident: &dyn ToTokens, runtime: &TokenStream, parts: &Parts) -> TokenStream {
    let Parts { name, from_name, .. } = parts;
    quote! {
        #[automatically_derived]
        impl #runtime::policy::Role for #ident {
            const NAMES: &'static [&'static ::core::primitive::str] = Self::NAMES;

            fn name(&self) -> &'static ::core::primitive::str {
                #name
            }

            fn from_name(__name: &::core::primitive::str) -> ::core::option::Option<Self> {
                #from_name
            }

            fn rule(&self) -> #runtime::policy::RoleRule {
                self.requirement()
            }
        }
    }
}

fn text(ident: &dyn ToTokens, runtime: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Formatter::pad(__f, #runtime::policy::Role::name(self))
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = #runtime::policy::ParseRoleError;

            fn from_str(__text: &::core::primitive::str) -> ::core::result::Result<Self, #runtime::policy::ParseRoleError> {
                #runtime::__private::role::parse(__text)
            }
        }
    }
}

fn serde(ident: &dyn ToTokens, runtime: &TokenStream) -> TokenStream {
    let serde = quote!(#runtime::__private::serde);
    quote! {
        #[automatically_derived]
        impl #serde::Serialize for #ident {
            fn serialize<__S: #serde::Serializer>(&self, __to: __S) -> ::core::result::Result<__S::Ok, __S::Error> {
                #runtime::__private::role::serialize(self, __to)
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #ident {
            fn deserialize<__D: #serde::Deserializer<'de>>(__from: __D) -> ::core::result::Result<Self, __D::Error> {
                #runtime::__private::role::deserialize(__from)
            }
        }
    }
}
