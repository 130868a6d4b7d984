//! The meaning of the attributes after all checks: a value of these types cannot contradict itself.
//!
//! Texts and paths stay the user's own tokens, so that their expansion points back at them.

mod body;
mod csp;
mod handler;
mod limit;
mod policy;
mod rule;

pub(crate) use body::Body;
pub(crate) use csp::{Csp, CspDirective};
pub(crate) use handler::{Handler, Probe, Replaced, StandIn, TypeParameter, hidden_name};
pub(crate) use limit::{Counts, Key, Limit, OnOutage};
pub(crate) use policy::{Access, Contingent, Credential, Issuer, Named, Policy, Protection};
pub(crate) use rule::{Check, Role, Rule, Scope};
