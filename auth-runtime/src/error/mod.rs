//! What a client, an operator and a developer are told when something is refused or fails.

mod problem;
mod store;

pub use problem::{FieldError, Problem};
pub use store::StoreError;
