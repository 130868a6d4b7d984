use core::num::NonZeroU32;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Lit, LitStr};

use super::options::{Given, Options, stray};
use super::{duration, names};
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::model::Credential;
use crate::syntax::{Argument, Clause, TimeSpan, flat, split, stream};

const CREDENTIALS: &[(&str, Credential)] =
    &[("bearer", Credential::Bearer), ("session", Credential::Session), ("api_key", Credential::ApiKey)];

/// Returns the reason that `#[public]` gives.
pub(super) fn public(clause: &Clause, sink: &mut Sink) -> Option<LitStr> {
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(stray(clause.attribute, argument, "write `#[public(because = \"load balancer probe\")]`"));
    }
    let because = options.get("because")?;
    sink.keep(text(because, "the reason"))
}

/// The restrictions of `#[protected]`.
#[derive(Default)]
pub(super) struct Narrowing {
    pub(super) via: Vec<Credential>,
    pub(super) fresh: Option<NonZeroU32>,
}

pub(super) fn protected(clause: &Clause, sink: &mut Sink) -> Narrowing {
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(stray(clause.attribute, argument, meant(argument)));
    }
    let via = options.get("via").map(|via| credentials(via, sink)).unwrap_or_default();
    let fresh = options.get("fresh");
    if let (Some(fresh), [Credential::ApiKey]) = (fresh, via.as_slice()) {
        sink.push(
            problem(&fresh.name, Code::FreshApiKey, "`fresh` is never met: only API keys are accepted")
                .advice("drop `fresh`, or accept `bearer` or `session`")
                .note("an API key knows no login"),
        );
    }
    Narrowing { fresh: fresh.and_then(|fresh| sink.keep(fresh_seconds(fresh))), via }
}

/// Returns an option's text. It must be neither empty nor padded.
pub(super) fn text(given: &Given, what: &str) -> Result<LitStr, Problem> {
    match flat(given.tokens()).as_slice() {
        [TokenTree::Literal(literal)] => match Lit::new(literal.clone()) {
            Lit::Str(text) => names::proper(&text, what).map(|()| text),
            _ => Err(given.malformed("a string belongs here")),
        },
        _ => Err(given.malformed("a string belongs here")),
    }
}

fn meant(argument: &Argument) -> &'static str {
    match argument {
        Argument::Text(_) | Argument::Path(_) => {
            "write `#[require_role(..)]` or `#[require_scope(..)]` to ask for more than a login"
        }
        _ => "write `#[protected]`, `#[protected(via(bearer))]` or `#[protected(fresh = 5 min)]`",
    }
}

fn credentials(via: &Given, sink: &mut Sink) -> Vec<Credential> {
    let parts = split(flat(via.tokens()));
    if parts.is_empty() {
        sink.push(problem(&via.name, Code::EmptyList, "no credential is accepted").write("via(bearer, session)"));
    }
    let mut all = Vec::new();
    for part in parts {
        match credential(stream(&part)) {
            Ok(credential) if all.contains(&credential) => sink.push(
                problem(stream(&part), Code::DuplicateName, format_args!("`{}` is named twice", stream(&part)))
                    .advice("keep one"),
            ),
            Ok(credential) => all.push(credential),
            Err(problem) => sink.push(problem),
        }
    }
    all.sort_unstable();
    all
}

fn credential(tokens: TokenStream) -> Result<Credential, Problem> {
    let typed = tokens.to_string();
    match CREDENTIALS.iter().find(|(name, _)| *name == typed) {
        Some((_, credential)) => Ok(*credential),
        None => {
            let names: Vec<&str> = CREDENTIALS.iter().map(|(name, _)| *name).collect();
            let word = typed.trim_matches('"');
            Err(problem(tokens, Code::UnknownCredential, format_args!("unknown kind of credential `{typed}`"))
                .did_you_mean(nearest(word, &names))
                .note("kinds are `bearer`, `session`, `api_key`"))
        }
    }
}

fn fresh_seconds(fresh: &Given) -> Result<NonZeroU32, Problem> {
    match TimeSpan::read(&flat(fresh.tokens())) {
        Some(span) => duration::seconds(&span, duration::Purpose::Age),
        None => Err(fresh.malformed("a time belongs here")),
    }
}
