//! Decides which passwords users may choose.

mod common;
mod context;
mod error;
mod length;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod policy;

pub use crate::password::policy::{common::Blocklist, error::PasswordPolicyError, policy::PasswordPolicy};
