//! Finding the credential in a request and proving whose it is.

mod authenticator;
mod chain;
mod credential;
mod session;

pub use authenticator::{Authenticator, AuthnError};
pub(crate) use chain::{Chain, CrossSiteCheck};
pub(crate) use session::Sessions;
