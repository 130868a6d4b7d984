//! Tests of tokens through the public interface.

mod attacks;
mod claims;
mod json_suite;
mod keys;
mod oracle;
#[cfg(feature = "remote")]
mod peers;
mod pem;
mod rfc;
mod round_trip;
mod support;
mod wycheproof;
