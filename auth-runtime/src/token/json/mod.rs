//! A strict reader of JSON that allocates nothing and reads all JSON of this layer one way.
//!
//! RFC 8259 to the letter, and narrower where the RFC leaves a choice: duplicate member names are refused at every
//! depth, so are lone surrogates, and nesting and the number of members are bounded. Escapes are replaced in place, in
//! the caller's buffer, so that every string is borrowed from it.

mod names;
mod number;
mod scanner;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use number::Number;
pub(crate) use scanner::{JsonFault, Scanner, Span};
