use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::written::Policy;
use crate::role::own;

/// Emits the implementation of `#[derive(UploadPolicy)]`.
pub(super) fn implementation(name: &Ident, policy: &Policy) -> TokenStream {
    let Policy { runtime, max, types, limits, is_plain } = policy;
    if !is_plain {
        return TokenStream::new();
    }
    let ty = own(name);
    let types = types.iter().map(|variant| quote!(#runtime::upload::FileType::#variant));
    let limits = limits.iter().map(|(method, value)| quote!(.#method(#value)));
    quote! {
        #[automatically_derived]
        impl #runtime::upload::UploadPolicy for #ty {
            const RULES: #runtime::upload::UploadRules =
                #runtime::upload::UploadRules::new(#max, &[#(#types),*]) #(#limits)*;
        }
    }
}
