//! The verification of access tokens.

mod claims;
mod error;
mod items;
mod raw;
mod registered;
mod rules;
pub(crate) mod value;
mod verifier;

pub use claims::AccessClaims;
pub(crate) use claims::claims_of_verified;
pub use error::{Claim, TokenError};
pub(crate) use items::MAX_ITEMS;
#[cfg(feature = "remote")]
pub(crate) use items::{Items, List};
#[cfg(feature = "remote")]
pub(crate) use registered::{Registered, read_claims};
pub use verifier::{AccessVerifier, AccessVerifierBuilder};
