//! What a policy can ask.

use proc_macro2::{Ident, TokenStream};

/// An asynchronous function without a receiver or parameters of type, that returns something.
pub(super) struct Check {
    pub(super) name: Ident,
    /// What it returns: where a message about that points.
    pub(super) answer: TokenStream,
    /// The types of its parameters, in order.
    pub(super) arguments: Vec<TokenStream>,
}
