//! The endpoints for a user's own API keys: create, list, rotate, revoke. They require a sign-in; an API key cannot
//! create keys.

mod answer;
mod confirm;
mod create;
mod list;
mod refused;
mod request;
mod revoke;
mod revoke_all;
mod rotate;

pub(super) use create::create;
pub(super) use list::list;
pub(super) use revoke::revoke;
pub(super) use revoke_all::revoke_all;
pub(super) use rotate::rotate;
