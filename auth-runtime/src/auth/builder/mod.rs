//! The builder of [`Auth`](super::Auth). `auth_builder` has its fields, `build` checks them and makes the engine.
//! Options have a file for their values and checks, and another for the builder's methods that set them.

mod accounts;
mod addresses;
mod api_key_options;
mod api_keys;
mod auth_builder;
mod browsers;
mod build;
mod limit_options;
mod limits;
mod readiness_checks;
mod resources;
mod session_options;
mod sessions;
mod setting;
mod test_hashing;
mod token_options;
mod tokens;
#[cfg(feature = "remote")]
mod trusted;

pub use auth_builder::AuthBuilder;

#[cfg(test)]
mod tests;
