//! A check that a policy can run.

use proc_macro2::{Ident, TokenStream};

/// An asynchronous function without a receiver or type parameters, with a return type.
pub(super) struct Check {
    pub(super) name: Ident,
    pub(super) visibility: TokenStream,
    /// The lints that the function allows.
    pub(super) lints: Vec<TokenStream>,
    /// The return type, at which messages about it point.
    pub(super) answer: TokenStream,
    /// The types of its parameters, in order.
    pub(super) arguments: Vec<TokenStream>,
}

/// What takes the place of a check with mistakes, so that policies that use it show no errors of their own.
pub(super) enum StandIn {
    /// A new type with the function's name.
    Function(Check),
    /// The type on which the attribute stands.
    Type(Ident),
}
