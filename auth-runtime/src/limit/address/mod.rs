//! Finds the client's network address.

mod chain;
mod client;
mod fault;
mod finder;
mod forwarded;
mod node;
mod parse;
mod proxies;
mod request;
#[cfg(test)]
mod tests;

pub use client::AddressKey;
pub use fault::{TrustedProxiesError, TrustedProxiesFault};
pub(crate) use finder::{AddressFinder, NoAddressError};
pub use proxies::{ForwardedHeader, TrustedProxies};
#[cfg(feature = "web")]
pub(crate) use request::{IgnoredReport, is_https};
