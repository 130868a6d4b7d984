//! A server that ends connections whose clients send or take nothing.

mod accept;
mod activity;
mod application;
mod body;
mod call;
mod clients;
mod connection;
mod event;
mod limits;
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
