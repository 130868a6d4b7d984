//! Finds the client's network address.

mod address_key;
mod client_behind_proxies;
mod fault;
mod finder;
mod forwarded;
mod header_elements;
mod node;
mod parse;
mod request;
#[cfg(test)]
mod tests;
mod trusted_proxies;

pub use address_key::AddressKey;
pub use fault::{TrustedProxiesError, TrustedProxiesFault};
pub(crate) use finder::{AddressFinder, NoAddressError};
#[cfg(feature = "web")]
pub(crate) use request::{IgnoredReport, is_https};
pub use trusted_proxies::{ForwardedHeader, TrustedProxies};
