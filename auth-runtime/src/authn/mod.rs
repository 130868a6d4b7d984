//! Finding the credential in a request and proving whose it is.

mod authenticator;
mod chain;
mod credential;

pub use authenticator::{Authenticator, AuthnError};
pub(crate) use chain::Chain;
