//! Writes tokens for the model. The functions accept every model and do not read the user's syntax.
//!
//! Generated tokens have the location of the user's tokens, so that errors show the user's code. They belong to the
//! macro, so that lints ignore them.

mod assertions;
mod constants;
mod csp;
mod generics;
mod handler;
mod limit;
mod named;
mod policy;
mod rule;
mod stand_in;

pub(crate) use handler::{guarded, refused};
pub(crate) use stand_in::stand_in;
