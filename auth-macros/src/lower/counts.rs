//! `counts = before_checks` or `after_checks`: which requests a shared counter counts beside a check.

use super::callers::Callers;
use super::options::{Given, Options};
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Counts, Key};

const COUNTS: &[(&str, Counts)] = &[("before_checks", Counts::BeforeChecks), ("after_checks", Counts::AfterChecks)];

/// Returns the setting of a limit by `key`. Returns `None` if the setting was refused, or is required and missing.
///
/// There is no safe default. With `before_checks`, callers whom the check refuses use up the counter of the others.
/// With `after_checks`, guesses at a check are not counted.
pub(super) fn counts(options: &Options, key: &Key, callers: &Callers<'_>, sink: &mut Sink) -> Option<Option<Counts>> {
    let has_check = match callers {
        Callers::Everyone => Some(false),
        Callers::Known(protection) => Some(!protection.checks.is_empty()),
        Callers::Unclear => None,
    };
    let given = options.get("counts");
    let misplaced = match (given, has_check) {
        (Some(given), _) if !key.is_shared() => Some(own_key(given, key)),
        (Some(given), Some(false)) => Some(without_check(given, callers)),
        (None, Some(true)) if key.is_shared() => options.get("by").map(|by| unsaid(by, key)),
        _ => None,
    };
    if let Some(problem) = misplaced {
        sink.push(problem);
        return None;
    }
    given.map_or(Some(None), |given| sink.keep(word(given)).map(Some))
}

fn word(given: &Given) -> Result<Counts, Problem> {
    given.word(COUNTS, Code::UnknownCounts, "value", "a limit counts requests `before_checks` or `after_checks`")
}

fn unsaid(by: &Given, key: &Key) -> Problem {
    let message =
        format_args!("`by = {}` leaves open whether it counts the requests that the check refuses", key.spelled());
    problem(by.tokens(), Code::CountsUnsaid, message).add("counts = after_checks").note(
        "`before_checks` suits a check that is expensive or can be guessed, but the callers share this counter: \
             requests that the check refuses use it up for all",
    )
}

fn own_key(given: &Given, key: &Key) -> Problem {
    let message = format_args!("`counts` means nothing for `by = {}`, which is counted before any rule", key.spelled());
    problem(given.whole(), Code::CountsOwnKey, message)
        .remove()
        .note("it is for counters that callers share: `global`, `header(\"…\")`, `path(\"…\")` and functions")
}

fn without_check(given: &Given, callers: &Callers<'_>) -> Problem {
    let message = match callers {
        Callers::Everyone => "`counts` speaks of checks, and a public handler has none",
        Callers::Known(_) | Callers::Unclear => "`counts` speaks of checks, and this handler's rule has none",
    };
    problem(given.whole(), Code::CountsWithoutCheck, message).remove()
}
