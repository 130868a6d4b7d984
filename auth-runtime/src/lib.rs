//! Declare who may call an axum handler, and how often, on the handler itself.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

// From the ground up: a module never imports one that stands below it in this list.
pub mod account;
pub mod auth;
pub mod authn;
pub mod clock;
pub mod error;
pub mod guard;
pub mod identity;
pub mod limit;
pub mod password;
pub mod policy;
pub mod router;
pub mod secret;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;

pub use policy::{HasPolicy, Policy};
