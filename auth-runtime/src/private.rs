//! The items that the expanded attributes name. They are not public API and may change in any release.

pub use axum::{extract::FromRequestParts, http::request::Parts};
pub use serde;

#[cfg(feature = "macros")]
pub use auth_macros::__policy as policy;

pub use crate::{
    guard::{
        Check, CheckRejection,
        beside::Beside,
        check::CheckOutcome,
        probe::{Blanket, CheckPaths, Probe},
        refused::Refused,
    },
    policy::{
        besides::Besides,
        limit_key::{GivesKey, KeyOf},
        reach::is_reachable,
        requirement_of_role::RequirementOfRole,
        role_constant::{RoleConstant, RoleText},
        rule::{CheckPath, PathFit},
        scope_text::ScopeText,
        trusted_issuer::NameOfIssuer,
    },
};

/// The conversion of roles from and to text, for `#[derive(Role)]`.
pub mod role {
    pub use crate::policy::role_text::{deserialize, parse, serialize};
}
