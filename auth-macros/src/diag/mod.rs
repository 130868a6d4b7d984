//! Mistakes as values: what is wrong, where, and what to type instead.
//!
//! A [`Problem`] is one compile error. Stages push problems into a [`Sink`] and go on, so that all mistakes of one item
//! are reported together; only the driver turns the sink into tokens.

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
