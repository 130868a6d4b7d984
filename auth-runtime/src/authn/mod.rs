//! Finding the credential in a request and proving whose it is.

mod api_key;
mod authenticator;
mod chain;
mod credential;
mod uses;

pub(crate) use api_key::ApiKeys;
pub use authenticator::{Authenticator, AuthnError};
pub(crate) use chain::Chain;
pub(crate) use uses::Uses;
