//! The requirements of a handler, as plain constant data.
//!
//! The attributes expand to values of these types. The interpreter in [`guard`](crate::guard), the access matrix and
//! the tests read the same value. All values are built by `const fn`s, so a policy is fixed when the program is
//! compiled.

mod access;
pub(crate) mod besides;
mod body_bounds;
pub(crate) mod csp;
mod issuer_name;
mod limit;
pub(crate) mod limit_key;
mod number;
pub(crate) mod outcomes;
#[expect(clippy::module_inception, reason = "the type is the module's subject, and callers import it from the module")]
mod policy;
pub(crate) mod reach;
pub(crate) mod requirement_of_role;
mod role;
pub(crate) mod role_constant;
pub(crate) mod role_text;
pub(crate) mod rule;
pub(crate) mod scope_text;
pub(crate) mod trusted_issuer;

pub use access::{Access, Protection, Via};
pub use csp::{CspDirective, CspOverride};
pub use issuer_name::IssuerName;
pub use limit::{Counts, Limit, OnOutage, Quota};
pub use limit_key::{KeyFn, LimitKey};
pub use policy::{HasPolicy, Policy};
pub use role::{ParseRoleError, Role, RoleRule};
pub(crate) use rule::{CheckPath, PathFit};
pub use rule::{CheckRule, Rule};
pub use trusted_issuer::TrustedIssuer;
