//! The caller, as far as a credential proves it.

mod builder;
mod facts;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod identity;
#[cfg(feature = "web")]
mod witness;

pub use builder::IdentityBuilder;
pub use identity::Identity;
#[cfg(feature = "web")]
pub(crate) use witness::Witness;
