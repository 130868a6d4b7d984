//! The verification of access tokens.

mod check;
mod claims;
mod error;
mod pass;
mod said;
mod verifier;

pub use claims::AccessClaims;
pub use error::{Claim, TokenError};
pub(crate) use pass::MAX_ITEMS;
pub(crate) use said::claims_of_verified;
pub(crate) use verifier::CLOCK_SKEW;
pub use verifier::{AccessVerifier, AccessVerifierBuilder};
