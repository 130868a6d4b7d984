//! The step from syntax to meaning. Only this module refuses code.
//!
//! Each function examines all of its input before it gives up, so that all mistakes of a handler are reported at once.

mod access;
mod assigned;
mod body;
mod callers;
mod conflict;
mod counts;
mod csp;
mod csrf;
mod duration;
mod every_kind;
mod expression_errors;
mod foreign;
mod foreign_rate;
mod foreign_value;
mod guards;
mod handler;
mod issuer;
mod key;
mod key_words;
mod known_options;
mod limit;
mod meant;
mod misplaced;
mod named;
mod names;
mod options;
mod overlap;
mod policy;
mod predicate;
mod reason;
mod rule;
mod signature;
mod size;
#[cfg(test)]
mod tests;
mod text;
mod truth;
mod unknown;

pub(crate) use handler::{allowance, handler};
pub(crate) use meant::of_check as meant_condition;
pub(crate) use options::runtime as unfit_runtime;
pub(crate) use policy::policy;
pub(crate) use signature::{is_guarded, is_refused, unseen};
pub(crate) use size::{bytes as size_in_bytes, meant as meant_size};
