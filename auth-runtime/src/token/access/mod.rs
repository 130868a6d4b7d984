//! The verification of access tokens.

mod claims;
mod error;
mod raw;
mod rules;
pub(crate) mod value;
mod verifier;

pub use claims::AccessClaims;
pub(crate) use claims::claims_of_verified;
pub use error::{Claim, TokenError};
pub(crate) use raw::MAX_ITEMS;
pub use verifier::{AccessVerifier, AccessVerifierBuilder};
