//! A server that ends connections when clients send or take nothing.
//!
//! | step of a connection | module |
//! |---|---|
//! | waits for a place, among all connections and those of its client | `accept`, `places`, `clients` |
//! | is served by hyper, with one timer | `connection`, `tasks` |
//! | records what its client sends and takes | `watched`, `body`, `parts`, `activity` |
//! | calls the application for each well-formed request | `call`, `message`, `application` |
//! | ends, alone or with the server | `activity`, `shutdown` |
//!
//! `limits` has the numbers, and `reload` the certificate.

mod accept;
mod activity;
mod application;
mod body;
mod call;
mod clients;
mod connection;
mod event;
mod limits;
mod message;
mod parts;
mod places;
mod reload;
#[expect(
    clippy::module_inception,
    reason = "the function is the module's subject, and callers import it from the crate"
)]
mod serve;
mod shutdown;
mod tasks;
mod watched;

pub use application::Application;
pub use serve::{Serve, serve};
