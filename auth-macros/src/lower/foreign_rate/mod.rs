//! Rates in the words of other frameworks, and what they are in ours.
//!
//! `words` reads the words of a text, `phrase` their order, and `amount` computes with them. `names` lists what options
//! are called elsewhere. `reading` joins what all arguments of an attribute say, and `answer` words the problem.

mod alone;
mod amount;
mod answer;
mod names;
mod phrase;
mod reading;
mod words;

pub(super) use alone::rate_in;
pub(super) use amount::{Bound, LONGEST, time_of};
pub(super) use answer::{attribute, problem_of};
pub(super) use reading::written;
pub(super) use words::whole_number;
