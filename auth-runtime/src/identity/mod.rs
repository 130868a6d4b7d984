//! The caller, as far as a credential proves it.

mod builder;
mod facts;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod identity;
mod principal;
#[cfg(feature = "web")]
mod witness;

pub use builder::IdentityBuilder;
pub(crate) use facts::Facts;
pub use identity::Identity;
pub use principal::Principal;
#[cfg(feature = "web")]
pub(crate) use witness::Witness;
