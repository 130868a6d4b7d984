//! Fetches small documents from issuers, and from no other place.

mod address;
mod call;
mod client;
mod endpoint;
mod error;
mod metadata;
mod resolve;
mod tls;

pub(super) use call::{Call, Reply};
pub(crate) use client::Client;
pub(super) use endpoint::{Authority, Endpoint};
pub(super) use error::FetchError;
pub(super) use metadata::{introspection_endpoint, keys_endpoint};

pub(super) use address::Reach;

#[cfg(test)]
pub(super) use metadata::read as read_metadata;
#[cfg(test)]
pub(super) use resolve::Resolve;
#[cfg(test)]
pub(super) use tls::trusting;
