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

pub(crate) use answer::Shown;
pub(crate) use create::create_api_key;
pub(crate) use list::list_api_keys;
pub(crate) use revoke::revoke_api_key;
pub(crate) use revoke_all::revoke_all;
pub(crate) use rotate::rotate_api_key;
