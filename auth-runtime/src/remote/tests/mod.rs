//! Tests against small servers of their own.

mod addresses;
mod answers;
mod certificates;
mod discovery;
mod events;
mod kinds;
mod listening;
mod mapping;
mod outages;
mod presets;
mod provider;
mod server;
mod settings;
mod shapes;
mod signer;
mod suites;
mod vectors;
mod world;
