//! The code as the user wrote it, one file per concept.
//!
//! Reading never refuses. A misplaced token becomes a value that describes it, and `lower` words the problem.

mod argument;
mod clause;
mod expression;
mod generics;
mod handler;
mod name;
mod outer;
mod rate;
mod tokens;

pub(crate) use argument::Argument;
pub(crate) use clause::{Clause, Stray, clauses, runtime_of};
pub(crate) use expression::{Expression, Mistake, Node, expression};
pub(crate) use generics::Generic;
pub(crate) use handler::{Function, Item, Parameter, item};
pub(crate) use name::{
    is_code, is_pattern, is_placeholder, is_quoted_path, is_several, pieces, separator, snake_case, upper_camel,
};
pub(crate) use outer::{Outer, take_outer};
pub(crate) use rate::{Rate, TimeSpan, integer};
pub(crate) use tokens::{flat, has_word, is_path, is_punct, is_word, spelled, split, stream};
