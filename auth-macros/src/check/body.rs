use proc_macro2::TokenStream;
use quote::quote;

use super::model::Check;
use crate::diag::{Code, panic_at, problem};

/// Writes a constant that does not compile when the type reads the request's body. The constant reads the type, so an
/// alias does not hide it.
pub(super) fn refused(check: &Check, ty: &TokenStream, private: &TokenStream) -> TokenStream {
    let text = problem(ty, Code::CheckReadsBody, format!("the check `{}` reads the request's body", check.name))
        .advice("take what stands in the request's head, such as `Identity`, `Path<..>`, `Query<..>` or `State<..>`")
        .note("the body can be read once, and it is the handler's")
        .text();
    let panic = panic_at(ty, &text);
    quote! {
        const _: () = {
            use #private::Blanket as _;
            if #private::Probe::<#ty>::READS_BODY && !#private::Probe::<#ty>::READS_PARTS {
                #panic
            }
        };
    }
}
