//! axum's extractors with problem documents for rejections.
//!
//! They accept the same input as axum's own. They answer bad input with the right status and an
//! `application/problem+json` body. The body states where the fault is, and never repeats what the client sent.

mod form;
mod json;
mod one_form;
mod path;
mod query;
mod strict;

pub use form::Form;
pub(crate) use form::{expect_form, is_form};
pub use json::Json;
#[cfg(feature = "validation")]
pub(crate) use json::{Unreadable, read_strictly};
pub(crate) use json::{fit, parse, read, read_json};
#[cfg(feature = "validation")]
pub(crate) use one_form::OneForm;
pub use path::Path;
pub use query::Query;

use axum::http::StatusCode;

use crate::error::Problem;

fn bad_request(title: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-request", title)
}

fn wrong_type(title: &'static str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", title)
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload-too-large", "The body is too large.")
}
