//! `#[derive(Issuer)]`: [`written`] reads and refuses, [`expand`] emits the implementations.

mod expand;
mod written;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::diag::Sink;

/// Derives the implementations for one enum. An enum with mistakes gets its errors and stand-ins for the
/// implementations, so that handlers that name the issuers show no errors of their own.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut sink = Sink::default();
    let issuers = written::read(&input, &mut sink);
    let implementations = expand::implementations(&issuers);
    match sink.into_error() {
        None => implementations,
        Some(errors) => quote!(#errors #implementations),
    }
}

#[cfg(test)]
mod tests;
