//! The strict layer: compact JWS (RFC 7515), nothing else.
//!
//! In this order, each step cheaper than the next: size, shape, header, key, signature. A token that passes is bytes
//! that the holder of a key of ours signed; what they mean is the business of the layer above.

mod compact;
mod error;
mod header;

pub use compact::verify_compact;
pub(crate) use compact::{Compact, MAX_TOKEN, decode, decode_payload};
pub use error::JoseError;
pub(crate) use header::Header;
