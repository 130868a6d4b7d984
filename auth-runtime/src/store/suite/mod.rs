//! A conformance suite for stores. Its checks panic when a store breaks a rule of its trait; run them on your own
//! store.
//!
//! Each function takes a closure that creates a fresh, empty store. It runs on any tokio runtime; a runtime with
//! several threads finds more mistakes. The suite fails a store that loses any field of a record.
//!
//! ```
//! # #[cfg(feature = "memory")] mod example {
//! use std::sync::Arc;
//! use auth_runtime::{clock::SystemClock, secret::SystemEntropy, store::{MemoryStore, suite}};
//!
//! #[tokio::test]
//! async fn conforms() {
//!     let fresh = async || MemoryStore::new(Arc::new(SystemClock::new()), Arc::new(SystemEntropy::new()));
//!     suite::account_store(fresh).await;
//!     suite::account_times(async |clock| MemoryStore::new(clock, Arc::new(SystemEntropy::new()))).await;
//!     suite::session_store(fresh).await;
//!     suite::attempt_store(fresh).await;
//!     suite::one_time_token_store(fresh).await;
//!     suite::api_key_store(fresh).await;
//! }
//! # }
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a conformance suite reports by panicking"
)]

mod account_decisions;
mod account_lists;
mod account_names;
mod account_openings;
mod account_races;
mod account_times;
mod accounts;
mod api_key_race;
mod api_keys;
pub(super) mod attempts;
mod cleaning;
mod endings;
mod hostile;
mod one_time;
mod pending_cancelled;
pub(super) mod race;
mod removals;
mod revocations;
mod rotation;
pub(super) mod samples;
mod session_race;
mod sessions;
mod superusers;

pub use account_times::account_times;
pub use accounts::account_store;
pub use api_keys::api_key_store;
pub use attempts::attempt_store;
pub use one_time::one_time_token_store;
pub use sessions::session_store;
