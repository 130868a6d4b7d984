//! The endpoints with which administrators change accounts, and those with which persons change their own.

mod access;
mod deletion;
mod events;
mod failing;
mod grants;
mod invitations;
mod list;
mod names;
mod own_deletion;
mod own_email;
mod races;
mod settings;
pub(super) mod staff;
mod superusers;
