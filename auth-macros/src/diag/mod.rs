//! Mistakes as values: the mistake, its place, and the correction.
//!
//! A [`Problem`] is one compile error. Stages push problems into a [`Sink`] and continue, so that all mistakes of an
//! item are reported together. Only the driver turns the sink into tokens.

mod at;
mod code;
mod nearest;
mod problem;
mod sink;

pub(crate) use at::{at, panic_at};
pub(crate) use code::Code;
pub(crate) use nearest::{nearest, one_of};
pub(crate) use problem::{Problem, problem};
pub(crate) use sink::Sink;
