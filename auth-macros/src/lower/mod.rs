//! The step from syntax to meaning. Only this module refuses code.
//!
//! Each function examines all of its input before it gives up, so that all mistakes of a handler are reported at once.

mod access;
mod callers;
mod conflict;
mod counts;
mod csrf;
mod duration;
mod expression_errors;
mod handler;
mod key;
mod key_words;
mod limit;
mod names;
mod options;
mod overlap;
mod policy;
mod predicate;
mod rate;
mod rule;
mod signature;
#[cfg(test)]
mod tests;
mod truth;

pub(crate) use handler::handler;
pub(crate) use policy::policy;
pub(crate) use signature::is_guarded;
