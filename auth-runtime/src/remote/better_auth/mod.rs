//! Sessions and API keys of better-auth: this service asks the server for their owner.

mod api_key;
mod client;
mod document;
mod session;
mod session_token;

pub(super) use client::BetterAuthClient;
pub(super) use session_token::{bearer_token, cookie_token};
