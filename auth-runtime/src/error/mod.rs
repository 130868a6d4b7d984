//! Errors and refusals, as clients, operators and developers see them.

mod document;
mod problem;
mod store;

pub(crate) use document::{Document, RetryAfter, fixed};
pub use problem::{FieldError, Problem};
pub use store::StoreError;
