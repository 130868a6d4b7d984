//! The strict layer: compact JWS (RFC 7515) only.
//!
//! The checks run in this order, and each is cheaper than the next: size, shape, header, key, signature. The holder of
//! a configured key has signed the bytes of a token that passes. The layer above interprets them.

mod compact;
mod error;
mod header;
mod segment;

pub use compact::verify_compact;
pub(crate) use compact::{Compact, MAX_TOKEN};
pub use error::JoseError;
pub(crate) use header::Header;
pub(crate) use segment::{decode, decode_payload};
