use core::num::NonZeroU32;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{LitInt, LitStr};

use super::callers::Callers;
use super::duration::Purpose;
use super::options::{Given, Options, is_known, stray};
use super::text::text;
use super::{counts, duration, foreign_rate, key, unknown};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Credential, Key, Limit, OnOutage, Protection};
use crate::syntax::{Argument, Clause, Rate, flat, integer, spelled, stream};

const OUTAGES: &[(&str, OnOutage)] =
    &[("local", OnOutage::Local), ("deny", OnOutage::Deny), ("allow", OnOutage::Allow)];

/// A limit and its position in the source.
pub(super) struct Placed {
    pub(super) limit: Limit,
    /// The whole attribute, as messages point at it.
    pub(super) attribute: Ident,
    /// The rate as typed.
    pub(super) rate: TokenStream,
}

pub(super) fn limit(clause: &Clause, callers: &Callers<'_>, sink: &mut Sink) -> Option<Placed> {
    if !is_rate_alone(clause)
        && let Some(problem) = foreign_rate::problem_of(clause)
    {
        sink.push(problem);
        return None;
    }
    let (options, rest) = Options::read(clause, sink);
    let rate = the_rate(clause, &rest, sink);
    let (burst, cost) =
        (number(&options, "burst", Code::ZeroBurst, sink), number(&options, "cost", Code::ZeroCost, sink));
    let key = key_of(&options, callers, sink);
    let counts = key.as_ref().and_then(|key| counts::counts(&options, key, callers, sink));
    let on_outage = options.get("on_outage").map_or(Some(OnOutage::Local), |given| sink.keep(outage(given)));
    let name = options.get("name").map_or(Some(None), |name| sink.keep(counter_name(name)).map(Some));
    let (rate, count, window) = rate?;
    let burst = burst?.map_or(count, |(burst, _)| burst);
    let cost = fitting(cost?, burst, sink)?;
    let shadow = options.get("shadow").is_some();
    let limit =
        Limit { count, window, burst, cost, key: key?, name: name?, counts: counts?, on_outage: on_outage?, shadow };
    Some(Placed { limit, attribute: clause.name.clone(), rate })
}

/// Returns whether the clause is one rate in our words, as most are. It needs no search for the words of others.
fn is_rate_alone(clause: &Clause) -> bool {
    let [rate] = clause.parts.as_slice() else { return false };
    Rate::read(&flat(rate.clone())).is_some_and(|rate| duration::is_unit(&rate.window.unit.word))
}

/// Returns the only rate among the arguments that are not options.
fn the_rate(clause: &Clause, rest: &[Argument], sink: &mut Sink) -> Option<(TokenStream, NonZeroU32, NonZeroU32)> {
    let Some((first, more)) = rest.split_first() else {
        if clause.arguments().iter().all(is_option) {
            let rate = foreign_rate::attribute("10/min", clause);
            sink.push(problem(&clause.name, Code::MalformedRate, "no rate is given").write(rate));
        }
        return None;
    };
    for argument in more {
        sink.push(stray(clause.attribute, argument, "give each rate its own `#[rate_limit]`"));
    }
    let tokens: Vec<TokenTree> = flat(first.to_token_stream());
    let rate = sink.keep(Rate::read(&tokens).ok_or_else(|| malformed_rate(first, &tokens)))?;
    let count = sink.keep(count(&rate.count));
    let window = sink.keep(duration::seconds(&rate.window, Purpose::Window));
    Some((stream(&tokens), count?, window?))
}

fn is_option(argument: &Argument) -> bool {
    match argument {
        Argument::Word(name) | Argument::Set { name, .. } | Argument::Call { name, .. } => {
            is_known(Attribute::RateLimit, name)
        }
        Argument::Text(_) | Argument::Path(_) | Argument::Other(_) => false,
    }
}

fn count(literal: &LitInt) -> Result<NonZeroU32, Problem> {
    let zero = || {
        problem(literal, Code::ZeroCount, "a rate of zero admits no caller")
            .advice("to admit no caller, remove the handler's route")
    };
    NonZeroU32::new(bounded(literal)?).ok_or_else(zero)
}

/// Returns a number of units, of which the largest is enough for every rate.
fn bounded(literal: &LitInt) -> Result<u32, Problem> {
    duration::integer(literal).map_err(|problem| problem.write(u32::MAX))
}

fn malformed_rate(argument: &Argument, tokens: &[TokenTree]) -> Problem {
    missing_comma(argument, tokens).unwrap_or_else(|| {
        let written = foreign_rate::written(argument);
        problem(argument, Code::MalformedRate, format_args!("`{written}` is no rate"))
            .advice("give a count and a time: `10/min`, `100/5 min`")
    })
}

/// Words the problem of `10/min by = user` and `10/min; by = user`.
fn missing_comma(argument: &Argument, tokens: &[TokenTree]) -> Option<Problem> {
    let length = (3..=4).rev().find(|length| tokens.get(..*length).is_some_and(|rate| Rate::read(rate).is_some()))?;
    let (rate, rest) = tokens.split_at(length);
    let next = rest.iter().find(|token| token.to_string() != ";")?;
    let mut parts: Vec<Vec<TokenTree>> = Vec::new();
    for (at, token) in rest.iter().enumerate() {
        let begins = matches!(token, TokenTree::Ident(name) if is_known(Attribute::RateLimit, name))
            && rest[..at].last().is_none_or(|before| before.to_string() != "=");
        match parts.last_mut() {
            _ if token.to_string() == ";" => {}
            _ if begins => parts.push(vec![token.clone()]),
            part => part?.push(token.clone()),
        }
    }
    let parts: Vec<Argument> = parts.into_iter().map(with_equals).map(Argument::read).collect();
    let all: Vec<String> =
        core::iter::once(spelled(stream(rate))).chain(parts.iter().map(foreign_rate::written)).collect();
    let problem = problem(argument, Code::MalformedRate, format_args!("no comma before `{next}`"));
    parts.iter().all(is_option).then(|| problem.write(all.join(", ")))
}

/// Returns `by = ip` for `by ip`.
fn with_equals(part: Vec<TokenTree>) -> Vec<TokenTree> {
    match part.as_slice() {
        [TokenTree::Ident(name), value @ TokenTree::Ident(_)] => flat(quote!(#name = #value)),
        _ => part,
    }
}

/// Returns the name of a counter. A response's header carries it (RFC 9651, section 3.3.3).
fn counter_name(given: &Given) -> Result<LitStr, Problem> {
    let name = text(given, "a counter's name")?;
    match name.value().chars().find(|char| !matches!(char, ' '..='~')) {
        None => Ok(name),
        Some(char) => {
            let message = format_args!("a counter's name cannot contain {char:?}");
            Err(problem(&name, Code::CounterName, message).note("headers carry it: printable ASCII (RFC 9651)"))
        }
    }
}

/// Returns a positive number: `None` if it was refused, `Some(None)` if it is not given.
fn number(options: &Options, name: &str, zero: Code, sink: &mut Sink) -> Option<Option<(NonZeroU32, TokenStream)>> {
    let Some(given) = options.get(name) else { return Some(None) };
    let literal = match flat(given.tokens()).as_slice() {
        [TokenTree::Literal(literal)] => integer(literal).filter(|number| number.suffix().is_empty()),
        _ => None,
    };
    let literal = sink.keep(literal.ok_or_else(|| no_number(given)))?;
    let number = sink.keep(if name == "burst" { bounded(&literal) } else { duration::integer(&literal) })?;
    match NonZeroU32::new(number) {
        Some(number) => Some(Some((number, given.tokens()))),
        None => {
            let message = format_args!(
                "a {name} of zero {}",
                if name == "burst" { "admits no caller" } else { "counts nothing" }
            );
            sink.push(problem(given.tokens(), zero, message).write("1"));
            None
        }
    }
}

fn no_number(given: &Given) -> Problem {
    match foreign_rate::whole_number(&given.value) {
        Some(number) => problem(given.tokens(), Code::MalformedOption, "a whole number belongs here").write(number),
        None => problem(given.tokens(), Code::MalformedOption, "a whole number belongs here")
            .advice("give a number without a sign, a fraction or a unit, such as `3`"),
    }
}

fn fitting(cost: Option<(NonZeroU32, TokenStream)>, burst: NonZeroU32, sink: &mut Sink) -> Option<NonZeroU32> {
    match cost {
        None => Some(NonZeroU32::MIN),
        Some((cost, _)) if cost <= burst => Some(cost),
        Some((cost, at)) => {
            let message = format_args!("a cost of {cost} is never admitted: at most {burst} come at once");
            sink.push(
                problem(at, Code::CostAboveBurst, message)
                    .write(burst)
                    .note(format_args!("to admit it, raise the burst: `burst = {cost}`")),
            );
            None
        }
    }
}

fn key_of(options: &Options, callers: &Callers<'_>, sink: &mut Sink) -> Option<Key> {
    let Some(by) = options.get("by") else {
        return Some(match callers {
            Callers::Everyone => Key::Address,
            Callers::Known(_) | Callers::Unclear => Key::User,
        });
    };
    let key = sink.keep(key::key(by))?;
    match (&key, callers) {
        (Key::User | Key::ApiKey, Callers::Everyone) => {
            let message = format_args!("`by = {}` counts callers that a public handler does not know", key.spelled());
            sink.push(
                problem(by.tokens(), Code::PublicCountsUsers, message)
                    .write("ip")
                    .note("to know the callers, replace `#[public]` by `#[protected]`"),
            );
            None
        }
        (Key::ApiKey, Callers::Known(Protection { via, .. }))
            if !via.is_empty() && !via.contains(&Credential::ApiKey) =>
        {
            let message = "`by = api_key` counts keys that `via` does not accept";
            sink.push(
                problem(by.tokens(), Code::ApiKeysExcluded, message)
                    .write("user")
                    .note("to count keys, accept them: add `api_key` to `via`"),
            );
            None
        }
        _ => Some(key),
    }
}

fn outage(given: &Given) -> Result<OnOutage, Problem> {
    let note = "while counters cannot be read: `local`, `deny` or `allow`";
    given.word(OUTAGES, Code::UnknownOutage, "behaviour", note).map_err(|problem| match given.value.as_slice() {
        [word] if let Some(meant) = unknown::behaviour(&word.to_string()) => problem.write(meant),
        _ => problem,
    })
}
