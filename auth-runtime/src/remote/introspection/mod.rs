//! Introspection of opaque tokens (RFC 7662): the issuer is asked what a token is.

mod client;

pub(super) use client::IntrospectionClient;
