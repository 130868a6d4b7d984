use quote::ToTokens;

use super::amount::{Bound, WholeRate, time_of};
use super::phrase::{Phrase, phrase};
use super::reading::{Reading, written};
use super::words::plain;
use crate::diag::{Code, Problem, problem};
use crate::syntax::{Argument, Clause, Rate, flat, spelled};

/// Words the problem of a limit in the words of another framework, with the same limit in ours. Returns `None` if all
/// is in ours, or if a part is not understood.
pub(in crate::lower) fn problem_of(clause: &Clause) -> Option<Problem> {
    let arguments = clause.arguments();
    let mut reading = Reading::default();
    let (mut foreign, mut keys) = (Vec::new(), 0_usize);
    for argument in &arguments {
        if reading.ours(argument).is_none() {
            let before = reading.extent();
            reading.foreign(argument)?;
            foreign.push(argument);
            keys += usize::from(before == reading.extent());
        }
    }
    let only = match foreign.as_slice() {
        [] if reading.rates.len() < 2 => return None,
        // `burst_size = 5` beside a rate is a misspelled option.
        [_] if reading.burst.is_some() => return None,
        [only] => Some(*only),
        _ => None,
    };
    match only {
        Some(argument) if keys == 1 && reading.rates.len() == 1 => Some(key_problem(argument, &reading)),
        _ => reading.assembled()?.problem(clause, &arguments, only),
    }
}

/// Returns the attribute with this rate and the options that `clause` has.
pub(in crate::lower) fn attribute(rate: &str, clause: &Clause) -> String {
    let mut reading = Reading::default();
    for argument in clause.arguments() {
        let _ = reading.ours(&argument);
    }
    reading.attribute(rate.to_owned(), clause)
}

fn key_problem(argument: &Argument, reading: &Reading) -> Problem {
    let key = reading.key.as_deref().unwrap_or_default();
    let written = written(argument);
    match argument {
        Argument::Set { name, .. } => {
            let message = format_args!("unknown option `{name}` of `#[rate_limit]`");
            if written == format!("{name} = {key}") {
                return problem(name, Code::UnknownOption, message).did_you_mean(Some("by"));
            }
            problem(argument, Code::UnknownOption, message).write(format_args!("by = {key}"))
        }
        _ => problem(argument, Code::UnknownOption, format_args!("`{written}` is no option of `#[rate_limit]`"))
            .write(format_args!("by = {key}")),
    }
}

impl Reading {
    fn problem(self, clause: &Clause, arguments: &[Argument], only: Option<&Argument>) -> Option<Problem> {
        let all = arguments.iter().map(written).collect::<Vec<_>>().join(", ");
        if let Some(choice) = self.choice {
            let [one, other] = choice.map(WholeRate::with_burst);
            let advice = format!("write the rate that is meant: `{one}` or `{other}`");
            let problem = match only {
                Some(argument) => problem(argument, Code::MalformedRate, message(argument, false)),
                None => problem(&clause.name, Code::MalformedRate, format_args!("`{all}` is no rate")),
            };
            return Some(problem.advice(advice));
        }
        let own_burst = |option: &String| option.starts_with("burst") || option.starts_with("cost");
        let has_burst = self.options.iter().any(own_burst);
        let text = |rate: &WholeRate| if has_burst { rate.text() } else { rate.with_burst() };
        let texts: Vec<String> = self.rates.iter().map(text).collect();
        let problem = match (texts.as_slice(), only) {
            ([rate], Some(argument)) if self.key.is_none() => {
                let problem = problem(argument, code_of(argument), message(argument, self.count.is_none()));
                problem.write(rate).note("a rate is a count per time: `10/min`, `100/5 min`")
            }
            ([rate], _) => {
                let attribute = self.attribute(rate.clone(), clause);
                problem(&clause.name, Code::MalformedRate, format_args!("`{all}` is no rate")).write(attribute)
            }
            _ => {
                let several = problem(&clause.name, Code::MalformedRate, "one `#[rate_limit]` holds one rate");
                if self.options.iter().any(|option| option.starts_with("burst") || option.starts_with("name")) {
                    return Some(several.advice("give each rate its own `#[rate_limit]`"));
                }
                let each: Vec<_> = texts.into_iter().map(|rate| self.attribute(rate, clause)).collect();
                several.write(each.join(" "))
            }
        };
        Some(match self.why {
            Some(why) => problem.because(why),
            None => problem,
        })
    }

    fn attribute(&self, rate: String, clause: &Clause) -> String {
        let key = self.key.iter().map(|key| format!("by = {key}"));
        let runtime = clause.runtime.iter().map(|path| format!("crate = {}", spelled(path.clone())));
        let all: Vec<String> =
            core::iter::once(rate).chain(key).chain(self.options.iter().cloned()).chain(runtime).collect();
        format!("#[rate_limit({})]", all.join(", "))
    }
}

fn code_of(argument: &Argument) -> Code {
    match foreign_unit(argument) {
        Some(_) => Code::UnknownUnit,
        None => Code::MalformedRate,
    }
}

/// Returns the unit of a rate that is in our form, but in another unit.
fn foreign_unit(argument: &Argument) -> Option<String> {
    let rate = Rate::read(&flat(argument.to_token_stream()))?;
    let word = rate.window.unit.word;
    time_of(&word.to_lowercase(), Bound::Longest).map(|_| word)
}

fn message(argument: &Argument, is_whole: bool) -> String {
    if let Argument::Text(text) = argument
        && text.value().parse().is_ok_and(|tokens| Rate::read(&flat(tokens)).is_some())
    {
        return "a rate is written without quotes".to_owned();
    }
    let written = written(argument);
    match foreign_unit(argument) {
        Some(unit) => format!("unknown time unit `{unit}`"),
        None if is_whole && matches!(phrase(&plain(&flat(argument.to_token_stream()))), Some(Phrase::Time(_))) => {
            format!("`{written}` has no count")
        }
        None => format!("`{written}` is no rate"),
    }
}
