use core::num::NonZeroU32;

use syn::LitInt;

use super::foreign_rate::{Bound, LONGEST, time_of};
use crate::diag::{Code, Problem, nearest, problem};
use crate::syntax::TimeSpan;

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

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

/// What a time is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The window of a rate: a longer one is stricter.
    Window,
    /// The age of a login: a shorter one is stricter.
    Age,
    /// The time for a body: a shorter one is stricter.
    Body,
}

/// Returns the seconds in `5 min`.
pub(super) fn seconds(span: &TimeSpan, purpose: Purpose) -> Result<NonZeroU32, Problem> {
    let amount = span.amount.as_ref().map_or(Ok(1), integer);
    let unit = match span.unit.word.as_str() {
        "s" if purpose == Purpose::Body => unit("sec"),
        word => unit(word),
    };
    let unit = unit.ok_or_else(|| unknown_unit(span, purpose));
    let (amount, unit) = (amount?, unit?);
    let Some(amount) = NonZeroU32::new(amount) else { return Err(zero(span, purpose)) };
    match amount.checked_mul(unit) {
        Some(seconds) if seconds.get() <= LONGEST => Ok(seconds),
        _ => {
            let problem = problem(span, Code::WindowTooLong, "a time of more than a year");
            Err(match purpose {
                Purpose::Window => problem.advice("the longest time is `366 days`"),
                Purpose::Age | Purpose::Body => problem.write("366 days"),
            })
        }
    }
}

/// Returns whether the word is a unit of time, in any spelling.
pub(super) fn is_unit(word: &str) -> bool {
    unit(word).is_some()
}

/// Returns the seconds in a unit, in any spelling of the unit.
fn unit(word: &str) -> Option<NonZeroU32> {
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

fn zero(span: &TimeSpan, purpose: Purpose) -> Problem {
    match purpose {
        Purpose::Window => {
            problem(span, Code::ZeroWindow, "a time of zero").write(format_args!("1 {}", span.unit.word))
        }
        Purpose::Age => problem(span, Code::FreshZero, "a time of zero").write("1 sec"),
        Purpose::Body => problem(span, Code::BodyZero, "a time of zero admits no body").write("1 sec"),
    }
}

/// Words the problem of a unit, with the same time in units that exist.
fn unknown_unit(span: &TimeSpan, purpose: Purpose) -> Problem {
    let word = &span.unit.word;
    let bound = if purpose == Purpose::Window { Bound::Longest } else { Bound::Shortest };
    let message = format_args!("unknown time unit `{word}`");
    let note = "units are `sec`, `min`, `hour`, `day`";
    let amount = span.amount.as_ref().map(|amount| amount.base10_digits().parse().unwrap_or(u64::MAX));
    if let Some(same) = time_of(&word.to_lowercase(), bound).and_then(|time| time.times(amount.unwrap_or(1))?.text()) {
        return problem(span, Code::UnknownUnit, message).write(same).note(note);
    }
    let names: Vec<&str> = UNITS.iter().map(|(name, _)| *name).collect();
    let near = nearest(word, &names);
    match &span.amount {
        Some(both) if !both.suffix().is_empty() => {
            let near = near.map(|near| format!("{} {near}", both.base10_digits()));
            problem(span, Code::UnknownUnit, message).did_you_mean(near.as_deref()).note(note)
        }
        _ => problem(&span.unit.at, Code::UnknownUnit, message).did_you_mean(near).note(note),
    }
}
