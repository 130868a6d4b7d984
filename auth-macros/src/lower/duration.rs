use core::num::NonZeroU32;

use syn::LitInt;

use crate::diag::{Code, Problem, nearest, problem};
use crate::syntax::TimeSpan;

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

/// The maximum window. A longer one is a typing error: counters are not meant to outlive a year.
const LONGEST: u32 = 366 * DAY;

const UNITS: &[(&str, u32)] = &[
    ("sec", 1),
    ("min", MINUTE),
    ("hour", HOUR),
    ("day", DAY),
    ("secs", 1),
    ("second", 1),
    ("seconds", 1),
    ("mins", MINUTE),
    ("minute", MINUTE),
    ("minutes", MINUTE),
    ("hours", HOUR),
    ("days", DAY),
];

/// Returns the seconds in `5 min`; `zero` is the error code for a time of zero.
pub(super) fn seconds(span: &TimeSpan, zero: Code) -> Result<NonZeroU32, Problem> {
    let amount = span.amount.as_ref().map_or(Ok(1), integer);
    let unit = unit(&span.unit.word).ok_or_else(|| unknown_unit(span));
    let (amount, unit) = (amount?, unit?);
    let Some(amount) = NonZeroU32::new(amount) else {
        return Err(problem(span, zero, "a time of zero").advice("write at least `1 sec`"));
    };
    match amount.checked_mul(unit) {
        Some(seconds) if seconds.get() <= LONGEST => Ok(seconds),
        _ => Err(problem(span, Code::WindowTooLong, "a time of more than a year").advice("write at most `366 days`")),
    }
}

/// Returns the seconds in a unit, in any spelling of the unit.
pub(super) fn unit(word: &str) -> Option<NonZeroU32> {
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == word)?;
    NonZeroU32::new(*seconds)
}

/// Returns the number, zero or more, if it fits 32 bits.
pub(super) fn integer(literal: &LitInt) -> Result<u32, Problem> {
    literal.base10_digits().parse().map_err(|_| {
        let message = format_args!("`{}` is too large", literal.base10_digits());
        problem(literal, Code::NumberTooLarge, message).note(format_args!("the largest number is {}", u32::MAX))
    })
}

fn unknown_unit(span: &TimeSpan) -> Problem {
    let word = &span.unit.word;
    let names: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    problem(&span.unit.at, Code::UnknownUnit, format_args!("unknown time unit `{word}`"))
        .did_you_mean(nearest(word, &names))
        .note("units are `sec`, `min`, `hour`, `day`")
}
