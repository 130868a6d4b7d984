//! Access tokens, verified.

mod check;
mod claims;
mod error;
mod pass;
mod verifier;

pub use claims::AccessClaims;
pub use error::{Claim, TokenError};
pub(crate) use pass::MAX_ITEMS;
pub use verifier::{AccessVerifier, AccessVerifierBuilder};
