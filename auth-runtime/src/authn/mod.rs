//! Finds the credential in a request and authenticates its owner.

mod ambient;
mod api_key;
mod authenticate;
mod authenticator;
mod credential;
mod event;
mod last_use;
mod session;

pub(crate) use api_key::ApiKeys;
pub(crate) use authenticate::{ByBrowser, Caller, Chain, CrossSiteCheck};
pub use authenticator::{Authenticator, AuthnError};
pub(crate) use last_use::LastUses;
pub(crate) use session::Sessions;
