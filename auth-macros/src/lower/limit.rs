use core::num::NonZeroU32;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::LitInt;

use super::callers::Callers;
use super::options::{Given, Options, stray};
use super::{access, counts, duration, key};
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Credential, Key, Limit, OnOutage, Protection};
use crate::syntax::{Argument, Clause, Rate, flat, integer, spelled, stream};

const OUTAGES: &[(&str, OnOutage)] =
    &[("local", OnOutage::Local), ("deny", OnOutage::Deny), ("allow", OnOutage::Allow)];

/// A limit and its position in the source.
pub(super) struct Placed {
    pub(super) limit: Limit,
    /// The rate as typed.
    pub(super) rate: TokenStream,
}

pub(super) fn limit(clause: &Clause, callers: &Callers<'_>, sink: &mut Sink) -> Option<Placed> {
    let (options, rest) = Options::read(clause, sink);
    let rate = the_rate(clause, &rest, sink);
    let (burst, cost) =
        (number(&options, "burst", Code::ZeroBurst, sink), number(&options, "cost", Code::ZeroCost, sink));
    let key = key_of(&options, callers, sink);
    let counts = key.as_ref().and_then(|key| counts::counts(&options, key, callers, sink));
    let on_outage = options.get("on_outage").map_or(Some(OnOutage::Local), |given| sink.keep(outage(given)));
    let name =
        options.get("name").map_or(Some(None), |name| sink.keep(access::text(name, "a counter's name")).map(Some));
    let (rate, count, window) = rate?;
    let burst = burst?.map_or(count, |(burst, _)| burst);
    let cost = fitting(cost?, burst, sink)?;
    let shadow = options.get("shadow").is_some();
    let limit =
        Limit { count, window, burst, cost, key: key?, name: name?, counts: counts?, on_outage: on_outage?, shadow };
    Some(Placed { limit, rate })
}

/// Returns the only rate among the arguments that are not options.
fn the_rate(clause: &Clause, rest: &[Argument], sink: &mut Sink) -> Option<(TokenStream, NonZeroU32, NonZeroU32)> {
    let Some((first, more)) = rest.split_first() else {
        sink.push(no_rate(&clause.name));
        return None;
    };
    for argument in more {
        sink.push(stray(clause.attribute, argument, "write a second `#[rate_limit]` for a second rate"));
    }
    let tokens: Vec<TokenTree> = flat(first.to_token_stream());
    let rate = sink.keep(Rate::read(&tokens).ok_or_else(|| malformed_rate(first, &tokens)))?;
    let count = sink.keep(count(&rate.count));
    let window = sink.keep(duration::seconds(&rate.window, Code::ZeroWindow));
    Some((stream(&tokens), count?, window?))
}

fn count(literal: &LitInt) -> Result<NonZeroU32, Problem> {
    let zero = || {
        problem(literal, Code::ZeroCount, "a rate of zero admits nobody")
            .advice("write at least `1`, or remove the handler's route")
    };
    NonZeroU32::new(duration::integer(literal)?).ok_or_else(zero)
}

fn no_rate(at: impl ToTokens) -> Problem {
    problem(at, Code::MalformedRate, "no rate is given").write("#[rate_limit(10/min)]")
}

/// Guesses the rate that was meant from the first number and the first unit.
fn malformed_rate(argument: &Argument, tokens: &[TokenTree]) -> Problem {
    if let Some(problem) = missing_comma(tokens) {
        return problem;
    }
    let written = spelled(stream(tokens));
    if let Argument::Text(text) = argument {
        return problem(text, Code::MalformedRate, "a rate is written without quotes")
            .write(format_args!("{}", text.value()));
    }
    if let [TokenTree::Literal(_), slash, TokenTree::Literal(_)] = tokens
        && slash.to_string() == "/"
    {
        return problem(argument, Code::MalformedRate, format_args!("`{written}` has no unit of time"))
            .write(format_args!("{written} sec"));
    }
    let number = tokens.iter().find_map(|token| match token {
        TokenTree::Literal(literal) => integer(literal),
        _ => None,
    });
    let units = tokens.iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        TokenTree::Literal(literal) => integer(literal).map(|number| number.suffix().to_owned()),
        _ => None,
    });
    let unit = units.into_iter().find(|word| duration::unit(word).is_some());
    let digits = number.map_or_else(|| "10".to_owned(), |number| number.base10_digits().to_owned());
    problem(argument, Code::MalformedRate, format_args!("`{written}` is no rate"))
        .write(format_args!("{digits}/{}", unit.as_deref().unwrap_or("min")))
        .note("a rate is a count per time: `10/min`, `100/5 min`")
}

/// Words the problem of `10/min by = user`.
fn missing_comma(tokens: &[TokenTree]) -> Option<Problem> {
    let length = (3..=4).rev().find(|length| tokens.get(..*length).is_some_and(|rate| Rate::read(rate).is_some()))?;
    let next = tokens.get(length)?;
    let rate = spelled(stream(&tokens[..length]));
    Some(
        problem(next, Code::MalformedRate, format_args!("no comma before `{next}`"))
            .write(format_args!("{rate}, {next} ..")),
    )
}

/// Returns a positive number: `None` if it was refused, `Some(None)` if it is not given.
fn number(options: &Options, name: &str, zero: Code, sink: &mut Sink) -> Option<Option<(NonZeroU32, TokenStream)>> {
    let Some(given) = options.get(name) else { return Some(None) };
    let literal = match flat(given.tokens()).as_slice() {
        [TokenTree::Literal(literal)] => integer(literal).filter(|number| number.suffix().is_empty()),
        _ => None,
    };
    let literal = sink.keep(literal.ok_or_else(|| given.malformed("a whole number belongs here")))?;
    let number = sink.keep(duration::integer(&literal))?;
    match NonZeroU32::new(number) {
        Some(number) => Some(Some((number, given.tokens()))),
        None => {
            let message =
                format_args!("a {name} of zero {}", if name == "burst" { "admits nobody" } else { "counts nothing" });
            sink.push(problem(given.tokens(), zero, message).advice("write at least `1`"));
            None
        }
    }
}

fn fitting(cost: Option<(NonZeroU32, TokenStream)>, burst: NonZeroU32, sink: &mut Sink) -> Option<NonZeroU32> {
    match cost {
        None => Some(NonZeroU32::MIN),
        Some((cost, _)) if cost <= burst => Some(cost),
        Some((cost, at)) => {
            let message = format_args!("a cost of {cost} is never admitted: at most {burst} come at once");
            sink.push(
                problem(at, Code::CostAboveBurst, message).advice(format_args!("lower it, or write `burst = {cost}`")),
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
                problem(by.tokens(), Code::PublicCountsUsers, message).advice("write `by = ip`, or `#[protected]`"),
            );
            None
        }
        (Key::ApiKey, Callers::Known(Protection { via, .. }))
            if !via.is_empty() && !via.contains(&Credential::ApiKey) =>
        {
            let message = "`by = api_key` counts keys that `via` does not accept";
            sink.push(
                problem(by.tokens(), Code::ApiKeysExcluded, message)
                    .advice("write `by = user`, or add `api_key` to `via`"),
            );
            None
        }
        _ => Some(key),
    }
}

fn outage(given: &Given) -> Result<OnOutage, Problem> {
    let note = "while counters cannot be read: `local`, `deny` or `allow`";
    given.word(OUTAGES, Code::UnknownOutage, "behaviour", note)
}
