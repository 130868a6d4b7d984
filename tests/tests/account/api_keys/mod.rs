//! API keys, from the request that creates one to the request that is refused.

mod bad_input;
mod canary;
mod create;
mod failing;
mod holder;
mod limits;
mod manage;
mod new_password;
mod owner;
pub(super) mod program;
mod rotate;
mod session_ends;
mod uses;
