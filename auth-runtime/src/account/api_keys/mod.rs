//! The endpoints for a user's own API keys: create, list, rotate, revoke. They require a sign-in; an API key cannot
//! create keys.

mod answer;
mod create;
mod list;
mod problems;
mod request;
mod revoke;
mod revoke_all;
mod rotate;
mod still_signed_in;

pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use revoke::revoke;
pub(crate) use revoke_all::revoke_all;
pub(crate) use rotate::rotate;
