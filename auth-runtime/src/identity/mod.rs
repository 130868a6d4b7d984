//! The caller, as far as a credential proves it.

#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod identity;
#[cfg(feature = "web")]
mod witness;

pub use identity::{Identity, IdentityBuilder};
#[cfg(feature = "web")]
pub(crate) use witness::Witness;
