//! The life of a session: cookies, paths to return to, successors sealed for a retry, and access tokens refused before
//! their time.

mod client;
mod cookie;
pub(crate) mod event;
mod host_cookie;
mod lifetimes;
mod own_path;
mod retry_setting;
mod revocations;
mod seal;
mod sign_in_cookie;

pub(crate) use client::Client;
pub(crate) use cookie::SessionCookie;
pub(crate) use host_cookie::Found;
pub(crate) use lifetimes::{ABSOLUTE_DAYS, CLOCKS_APART, IDLE_DAYS, Lifetimes};
pub use own_path::{OwnPath, ParseOwnPathError};
pub use retry_setting::RefreshRetry;
pub(crate) use retry_setting::RetryTerms;
pub(crate) use revocations::{Claimed, Judged, Revocations};
pub(crate) use seal::{SealError, seal, unseal};
pub(crate) use sign_in_cookie::SignInCookie;
