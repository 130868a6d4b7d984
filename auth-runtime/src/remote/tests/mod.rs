//! Tests against small servers of their own.

mod addresses;
mod answers;
mod discovery;
mod kinds;
mod leaks;
mod mapping;
mod outages;
mod presets;
mod provider;
mod server;
mod settings;
mod shapes;
mod signer;
mod vectors;
mod world;
