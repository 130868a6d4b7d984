//! Introspection of opaque tokens (RFC 7662): the issuer is asked what a token is.

mod client;
mod form;

pub(super) use client::IntrospectionClient;
