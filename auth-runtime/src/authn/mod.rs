//! Finds the credential in a request and authenticates its owner.

mod ambient;
mod api_key;
mod authenticator;
mod briefly;
mod chain;
mod credential;
mod event;
mod session;
mod uses;

pub(crate) use api_key::ApiKeys;
pub use authenticator::{Authenticator, AuthnError};
pub(crate) use chain::{ByBrowser, Caller, Chain, CrossSiteCheck};
pub(crate) use session::Sessions;
pub(crate) use uses::Uses;
