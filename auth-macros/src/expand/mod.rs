//! Tokens for what is meant: total functions, which know nothing of what was typed.
//!
//! Generated tokens are located at the user's, so that errors show the user's code, but belong to the macro, so that
//! lints leave them alone.

mod assertions;
mod generics;
mod handler;
mod limit;
mod policy;
mod rule;

pub(crate) use handler::guarded;
