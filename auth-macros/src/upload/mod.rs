//! `#[derive(UploadPolicy)]`: [`options`] splits what is written, [`written`] gives it its meaning, [`expand`]
//! emits the implementation.

mod expand;
mod options;
mod types;
mod written;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diag::Sink;

/// Derives the implementation for one type. A type with mistakes gets its errors and an implementation that takes no
/// file, so that handlers with its uploads show no errors of their own.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut sink = Sink::default();
    let policy = written::read(&input, &mut sink);
    let implementation = expand::implementation(&input.ident, &policy);
    match sink.into_error() {
        None => implementation,
        Some(errors) => quote!(#errors #implementation),
    }
}

#[cfg(test)]
mod tests;
