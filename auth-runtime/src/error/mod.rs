//! What a client, an operator and a developer are told when something is refused or fails.

mod document;
mod problem;
mod store;

pub(crate) use document::{Document, RetryAfter, fixed};
pub use problem::{FieldError, Problem};
pub use store::StoreError;
