//! Tests against small servers of their own.

mod addresses;
mod answers;
mod api_keys;
mod asked_events;
mod better_auth;
mod better_auth_settings;
mod better_auth_vectors;
mod certificates;
mod discovery;
mod events;
mod introspection;
mod kinds;
mod leaks;
mod listening;
mod mapping;
mod outages;
mod presets;
mod provider;
mod server;
mod sessions;
mod settings;
mod shapes;
mod signer;
mod suites;
mod vectors;
mod world;
