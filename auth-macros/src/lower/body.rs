//! `#[body(max = 2 MiB, within = 10 s)]`: the bounds of the request's body.

use core::num::{NonZeroU32, NonZeroU64};

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::Lit;

use super::duration::{Purpose, seconds};
use super::foreign_value::{Takes, meant};
use super::options::{Given, Options, strange};
use super::size;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Body;
use crate::syntax::{Argument, Clause, Function, TimeSpan, flat};

const EXAMPLE: &str = "#[body(max = 2 MiB, within = 10 sec)]";

/// Returns the bounds, if the attribute is there. Returns `None` if a problem prevents them.
pub(super) fn body(clauses: &[&Clause], sink: &mut Sink) -> Option<Option<Body>> {
    let Some(clause) = clauses.iter().find(|clause| clause.attribute == Attribute::Body) else { return Some(None) };
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(alone(argument));
    }
    let max = options.get("max").map(|max| sink.keep(bytes(max)));
    let within = options.get("within").map(|within| sink.keep(time(within)));
    if clause.parts.is_empty() {
        sink.push(
            problem(&clause.name, Code::BodyUnbounded, "`#[body]` sets no bound")
                .write(EXAMPLE)
                .because("the bounds are yours to say"),
        );
    }
    let (max, within) = (optional(max)?, optional(within)?);
    (max.is_some() || within.is_some()).then_some(Some(Body { max, within }))
}

/// Returns `None` for a value that was refused, and `Some(None)` for no value.
fn optional<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    value.map_or(Some(None), |value| value.map(Some))
}

fn bytes(max: &Given) -> Result<NonZeroU64, Problem> {
    let size = amount(max).and_then(|size| size::bytes(&size, &max.value));
    size.unwrap_or_else(|| Err(max.malformed("a size belongs here")))
}

fn time(within: &Given) -> Result<NonZeroU32, Problem> {
    match amount(within) {
        Some(span) => seconds(&span, Purpose::Body),
        None => Err(within.malformed("a time belongs here")),
    }
}

/// Reads `2 MiB` and `"2 MiB"`.
fn amount(given: &Given) -> Option<TimeSpan> {
    let tokens = flat(given.tokens());
    match tokens.as_slice() {
        [TokenTree::Literal(literal)] if let Lit::Str(text) = Lit::new(literal.clone()) => TimeSpan::quoted(&text),
        tokens => TimeSpan::read(tokens),
    }
}

/// Words the problem of an argument that may be a bound without its name: `#[body(2 MiB)]`.
fn alone(argument: &Argument) -> Problem {
    let problem = strange(Attribute::Body, argument);
    let value = flat(argument.to_token_stream());
    let time = meant(Takes::Time, &value);
    match (meant(Takes::Size, &value), time) {
        (Some(size), None) => problem.write(format_args!("max = {size}")),
        (None, Some(time)) => problem.write(format_args!("within = {time}")),
        _ => problem.note("options are `max`, `within`"),
    }
}

/// Words the problem of a handler without any argument that could read the body.
pub(super) fn unread(clause: &Clause, function: &Function) -> Problem {
    let message = format_args!("`#[body]` bounds nothing: `{}` takes no body", function.name);
    problem(&clause.name, Code::BodyUnread, message).remove()
}
