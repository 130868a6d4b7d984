//! A strict reader of JSON that allocates nothing. Headers, claims and JWKs all go through it, so all are read in the
//! same way.
//!
//! It follows RFC 8259 to the letter and is stricter where the RFC leaves a choice:
//!
//! - Duplicate member names are refused at every depth.
//! - Lone surrogates are refused.
//! - The depth of nesting and the number of members are bounded.
//!
//! Escapes are replaced in place, in the caller's buffer, so that every string borrows from it.

mod error;
mod names;
mod number;
mod scanner;
mod span;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use crate::token::json::error::JsonError;
pub(crate) use number::Number;
pub(crate) use scanner::Scanner;
pub(crate) use span::Span;
