//! The endpoints with which administrators change accounts.

mod access;
mod accounts;
mod administrator;
mod change;
mod creation;
mod grants;
mod identity;
mod invitations;
mod permissions;
mod problems;
mod refusal;
mod role_hierarchy;
mod routes;
mod standing;

pub(in crate::account) use problems::last_superuser;
pub use routes::{AdministrationRoutes, administration};
