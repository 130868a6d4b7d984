//! Reads a type from values in memory, and finds all faults of them. A good request never comes here.

mod access;
mod deserialize;
mod fault;
mod names;
mod node;
mod part;
mod pointer;
mod read;
mod stand_in;
mod style;

pub(super) use deserialize::SECRET;
pub(super) use fault::{Fault, Kind};
pub(super) use names::Names;
pub(super) use pointer::{escaped, is_within, short};
pub(super) use read::read;
pub(super) use style::Style;
