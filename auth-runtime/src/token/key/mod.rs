//! Loads and checks keys, prepares them once, and finds them by their id.

mod algorithm;
mod armor;
mod der;
mod ed25519;
mod error;
mod forged_headers;
mod jwk;
mod key_of_header;
mod material;
mod pem;
mod private;
mod public;
#[cfg(feature = "remote")]
mod published;
mod ring;
mod ring_key;
mod rsa;
mod secret;
mod set;
mod signing;
#[cfg(test)]
mod tests;
mod verifying;

pub use algorithm::{Algorithm, ParseAlgorithmError};
pub use error::{KeyError, KeyFault};
pub use ring::{KeyRing, KeyRingBuilder};
pub use set::KeySet;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;

pub(crate) use algorithm::Jwa;
#[cfg(feature = "remote")]
pub(crate) use published::{NotAKeySet, PassedOver, PublishedKey, PublishedKeys};
pub(crate) use ring_key::RingKey;
