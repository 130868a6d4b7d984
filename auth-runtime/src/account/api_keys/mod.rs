//! API keys of one's own: make, list, rotate, revoke. Only somebody who has signed in may; a key makes no keys.

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
