//! The items that the expanded attributes name. They are not public API and may change in any release.

pub use axum::{extract::FromRequestParts, http::request::Parts};
pub use serde;

#[cfg(feature = "macros")]
pub use auth_macros::__policy as policy;

pub use crate::{
    guard::{Blanket, Check, CheckFailure, CheckOutcome, CheckPaths, Probe},
    policy::{CheckPath, PathFit, role_text as role},
};
