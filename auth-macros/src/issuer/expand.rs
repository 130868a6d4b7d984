use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::written::Issuers;
use crate::role::own;

/// Emits the implementations of `#[derive(Issuer)]`. A constant can use the inherent function, but no trait.
pub(super) fn implementations(issuers: &Issuers) -> TokenStream {
    let Issuers { ident, vis, runtime, variants, is_plain } = issuers;
    if !is_plain {
        return TokenStream::new();
    }
    let ty = own(ident);
    let names = variants.iter().map(|variant| {
        let name = format!("{}::{}", ident.unraw(), variant.unraw());
        let variant = own(variant);
        quote!(Self::#variant { .. } => #runtime::policy::IssuerName::new(#name))
    });
    let name = match variants.as_slice() {
        [] => quote!(#runtime::policy::IssuerName::new("")),
        _ => quote!(match *self { #(#names),* }),
    };
    quote! {
        #[automatically_derived]
        impl #ty {
            /// Returns the name of this issuer, by which policies ask for it.
            #[must_use]
            #vis const fn issuer_name(&self) -> #runtime::policy::IssuerName {
                #name
            }
        }
        #[automatically_derived]
        impl #runtime::policy::TrustedIssuer for #ty {
            fn issuer_name(&self) -> #runtime::policy::IssuerName {
                Self::issuer_name(self)
            }
        }
    }
}
