//! What keeps a session going, and what ends it: successors sealed for a retry, and access tokens refused before their
//! time.

mod client;
mod cookie;
pub(crate) mod event;
mod lifetimes;
mod retry;
mod revocations;
mod seal;

pub(crate) use client::Client;
pub(crate) use cookie::{Found, SessionCookie};
pub(crate) use lifetimes::{CLOCKS_APART, Lifetimes};
pub use retry::RefreshRetry;
pub(crate) use retry::RetryTerms;
pub(crate) use revocations::{Claimed, Revocations};
pub(crate) use seal::{SealError, seal, unseal};
