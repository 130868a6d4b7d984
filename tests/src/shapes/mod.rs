//! Handlers in many shapes, compiled and called: attributes in every order, beside other attributes, with up to
//! fourteen extractors, in every edition.
//!
//! The same handlers without the attributes of this crate show which warnings are the handlers' own.

mod dice;
mod package;
mod parameters;
mod policy;
mod shape;
mod trial;
mod vocabulary;
mod warnings;

pub use trial::{Trial, Verdict};
