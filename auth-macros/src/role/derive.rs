use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use super::{expand, lower, syntax};
use crate::diag::Sink;

/// Derives the implementations for one enum. If the enum has mistakes, it emits all errors and stand-ins for the
/// implementations, so that handlers that use the roles show no errors of their own.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut sink = Sink::default();
    let written = syntax::read(&input, &mut sink);
    let roles = lower::check(&written, &mut sink);
    match (sink.into_error(), roles) {
        (None, Some(roles)) => expand::implementations(&roles),
        (None, None) => TokenStream::new(),
        (Some(errors), _) => {
            let stand_ins = expand::stand_ins(&written);
            quote!(#errors #stand_ins)
        }
    }
}
