//! Changes to accounts by the application and by its administrators, with all consequences.

mod access;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod administration;
mod create;
pub(super) mod delete;
pub(super) mod endpoints;
mod error;
mod grants;
mod identity;
mod lookup;
mod new_user;
mod standing;
mod steps;

pub use administration::Administration;
pub(super) use endpoints::last_superuser;
pub use endpoints::{AdministrationRoutes, administration};
pub use error::AdministrationError;
pub(super) use identity::{has_address, tell_former};
pub use new_user::{CreatedUser, NewUser};
