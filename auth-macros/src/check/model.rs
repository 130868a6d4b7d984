//! A check that a policy can run.

use proc_macro2::{Ident, TokenStream};

/// An asynchronous function without a receiver or type parameters, with a return type.
pub(super) struct Check {
    pub(super) visibility: TokenStream,
    pub(super) name: Ident,
    /// The return type, at which messages about it point.
    pub(super) answer: TokenStream,
    /// The types of its parameters, in order.
    pub(super) arguments: Vec<TokenStream>,
}
