use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Replaced, StandIn};

/// Writes what stands in place of a handler that cannot be guarded, beside its errors.
pub(crate) fn stand_in(replaced: Replaced) -> TokenStream {
    let StandIn { runtime, visibility, name, inside, beside } = match replaced {
        Replaced::AsWritten(tokens) => return tokens,
        Replaced::By(stand_in) => *stand_in,
    };
    let inside = (!inside.is_empty()).then(|| quote!(#[allow(dead_code)] #inside));
    let beside = (!beside.is_empty()).then(|| quote!(#[allow(dead_code)] #beside));
    quote! {
        #visibility async fn #name(_: #runtime::Guard<#runtime::__private::Refused>) {
            #inside
        }
        #beside
    }
}
