//! Input that keeps the rules of its type before the handler sees it.
//!
//! [`Valid`] stands around an extractor. A request that breaks rules gets 422 and a problem document, which names all
//! of them. The document never repeats a value.
//!
//! ```
//! use auth_runtime::prelude::*;
//! use serde::Deserialize;
//! use validator::Validate;
//!
//! #[derive(Deserialize, Validate)]
//! struct NewPost {
//!     #[validate(length(min = 1, max = 200), custom(function = auth_runtime::validate::plain_text))]
//!     title: String,
//!     #[validate(custom(function = auth_runtime::validate::slug))]
//!     slug: String,
//! }
//!
//! #[protected]
//! #[rate_limit(10/min)]
//! async fn publish(Valid(Json(post)): Valid<Json<NewPost>>) -> String {
//!     post.slug
//! }
//! ```
//!
//! The guard decides first: no byte of the body is read for a caller whom it refuses.

mod answer;
mod check;
mod input;
mod invalid;
mod messages;
mod rules;
mod tree;
mod valid;
mod violation;

#[cfg(feature = "garde")]
pub use check::Garde;
pub use check::{Check, Library, Validator};
pub use invalid::{Invalid, InvalidCsrfForm};
pub use rules::{
    Password, date, date_between, email, http_url, https_url, password, phone, plain_lines, plain_text, slug, trimmed,
    unique, url, username,
};
pub use valid::{Carrier, Valid};
pub use violation::Violation;

/// The crate of `#[derive(Validate)]`, in the version that [`Validator`] reads.
pub use validator;
