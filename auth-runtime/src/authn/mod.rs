//! Finds the credential in a request and authenticates its owner.

mod api_key;
#[cfg(feature = "remote")]
mod asked;
mod authenticate;
mod authenticator;
mod browser_credentials;
mod caller;
mod chain;
mod credential;
mod event;
mod last_use;
mod presented;
mod session;

pub(crate) use api_key::ApiKeys;
#[cfg(feature = "remote")]
pub(crate) use asked::{ForeignCookies, ForeignKeys, OpaqueTokens};
pub use authenticator::{Authenticator, AuthnError};
pub(crate) use caller::{ByBrowser, Caller, CrossSiteCheck};
pub(crate) use chain::Chain;
#[cfg(all(
    any(test, auth_fuzzing),
    feature = "remote",
    feature = "upload",
    feature = "validation",
    feature = "web"
))]
pub(crate) use credential::bearer;
pub(crate) use last_use::LastUses;
pub(crate) use session::Sessions;
