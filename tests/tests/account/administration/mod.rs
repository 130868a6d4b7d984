//! The endpoints with which administrators change accounts, and those with which persons change their own.

mod access;
mod completed;
mod creation;
mod decided;
mod deletion;
mod events;
mod failing;
mod grants;
mod invitations;
mod list;
mod lost_replies;
mod names;
mod own_account;
mod own_deletion;
mod own_email;
mod pending;
mod races;
mod settings;
pub(super) mod staff;
mod superusers;
mod unknown;
