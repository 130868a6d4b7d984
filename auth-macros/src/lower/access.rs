use core::num::NonZeroU32;

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use super::every_kind::{EVERY_KIND, names_every_kind};
use super::issuer::issuers;
use super::options::{Given, Options, strange};
use super::reason::reason;
use super::{duration, foreign_value};
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::model::{Credential, Issuer};
use crate::syntax::{Argument, Clause, TimeSpan, flat, integer, spelled, split, stream};

/// Returns the reason that `#[public]` gives.
pub(super) fn public(clause: &Clause, sink: &mut Sink) -> Option<LitStr> {
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(reason_alone(clause.attribute, argument));
    }
    let because = options.get("because")?;
    sink.keep(reason(because))
}

/// Words the problem of an argument that may be the reason: `#[public("load balancer probe")]`.
pub(super) fn reason_alone(attribute: Attribute, argument: &Argument) -> Problem {
    let problem = strange(attribute, argument);
    match argument {
        Argument::Text(text) if !text.value().trim().is_empty() => {
            problem.write(format_args!("because = {:?}", text.value().trim()))
        }
        _ => problem.note("the only option is `because`"),
    }
}

/// The restrictions of `#[protected]`.
#[derive(Default)]
pub(super) struct Narrowing {
    pub(super) via: Vec<Credential>,
    pub(super) fresh: Option<NonZeroU32>,
    pub(super) issuers: Vec<Issuer>,
}

pub(super) fn protected(clause: &Clause, sink: &mut Sink) -> Narrowing {
    if let Some(problem) = bare_credentials(clause) {
        sink.push(problem);
        return Narrowing::default();
    }
    let (options, rest) = Options::read(clause, sink);
    for argument in &rest {
        sink.push(credential_alone(clause.attribute, argument));
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
    let issuers = options.get("issuer").map(|issuer| issuers(issuer, sink)).unwrap_or_default();
    Narrowing { fresh: fresh.and_then(|fresh| sink.keep(fresh_seconds(fresh))), via, issuers }
}

/// Words the problem of several credentials outside of `via`: `#[protected(bearer, session)]`.
fn bare_credentials(clause: &Clause) -> Option<Problem> {
    let kind = |argument: &Argument| match argument {
        Argument::Word(word) => foreign_value::credential(&word.to_string()).map(Credential::name),
        Argument::Text(text) => foreign_value::credential(&text.value()).map(Credential::name),
        _ => None,
    };
    let arguments = clause.arguments();
    let kinds: Vec<&str> = arguments.iter().filter_map(kind).collect();
    let (first, rest) = (arguments.iter().find(|argument| kind(argument).is_some())?, kinds.get(1)?);
    let is_via = |argument: &&Argument| matches!(argument, Argument::Call { name, .. } | Argument::Set { name, .. } if name == "via");
    let others: Vec<&Argument> = arguments.iter().filter(|argument| kind(argument).is_none()).collect();
    if others.iter().any(is_via) || *rest == kinds[0] {
        return None;
    }
    let via = format!("via({})", kinds.join(", "));
    let all: Vec<String> = core::iter::once(via).chain(others.into_iter().map(foreign_value::shown)).collect();
    let message = format_args!("unknown option `{}` of `#[protected]`", foreign_value::shown(first));
    Some(problem(&clause.name, Code::UnknownOption, message).write(format_args!("#[protected({})]", all.join(", "))))
}

/// Words the problem of an argument that may be a credential: `#[protected("jwt")]`.
fn credential_alone(attribute: Attribute, argument: &Argument) -> Problem {
    let problem = strange(attribute, argument);
    match argument {
        Argument::Text(text) if let Some(credential) = foreign_value::credential(&text.value()) => {
            problem.write(format_args!("via({})", credential.name()))
        }
        _ => problem.note("options are `via`, `fresh`, `issuer`"),
    }
}

fn credentials(via: &Given, sink: &mut Sink) -> Vec<Credential> {
    let parts = split(flat(via.tokens()));
    if parts.is_empty() {
        sink.push(
            problem(&via.at, Code::EmptyList, "no credential is accepted")
                .advice("name what is accepted: `bearer`, `session` or `api_key`"),
        );
    }
    if names_every_kind(&via.value) {
        let message = format_args!("unknown kind of credential `{}`", spelled(via.tokens()));
        sink.push(problem(&via.at, Code::UnknownCredential, message).remove().because(EVERY_KIND));
        return Vec::new();
    }
    let mut all = Vec::new();
    for part in parts {
        match credential(stream(&part)) {
            Ok(credential) if all.contains(&credential) => sink.push(
                problem(stream(&part), Code::DuplicateName, format_args!("`{}` is named twice", stream(&part)))
                    .remove(),
            ),
            Ok(credential) => all.push(credential),
            Err((meant, problem)) => {
                let is_there = meant.is_some_and(|meant| all.contains(&meant));
                all.extend(meant);
                sink.push(if is_there { problem.remove() } else { problem });
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Reads one kind of credential. With the problem, it returns the kind that was probably meant.
fn credential(tokens: TokenStream) -> Result<Credential, (Option<Credential>, Problem)> {
    const ALL: [Credential; 3] = [Credential::Bearer, Credential::Session, Credential::ApiKey];
    let typed = tokens.to_string();
    if let Some(credential) = ALL.into_iter().find(|credential| credential.name() == typed) {
        return Ok(credential);
    }
    let names = ALL.map(Credential::name);
    let listed = foreign_value::credentials(&flat(tokens.clone()));
    let problem = problem(tokens, Code::UnknownCredential, format_args!("unknown kind of credential `{typed}`"));
    let negates = typed.starts_with('!') || typed.starts_with("not ");
    let problem = match listed {
        Some(listed) => problem.write(listed),
        None if negates => problem.advice("name each kind that is accepted"),
        None => problem.did_you_mean(nearest(typed.trim_matches('"'), &names)),
    };
    Err((foreign_value::credential(&typed), problem.note("kinds are `bearer`, `session`, `api_key`")))
}

fn fresh_seconds(fresh: &Given) -> Result<NonZeroU32, Problem> {
    match TimeSpan::read(&flat(fresh.tokens())) {
        Some(span) => duration::seconds(&span, duration::Purpose::Age),
        None => {
            let problem = fresh.malformed("a time belongs here");
            let tokens = flat(fresh.tokens());
            Err(match tokens.as_slice() {
                [TokenTree::Literal(literal)] if integer(literal).is_some() => {
                    problem.because(format_args!("for minutes, it is `{literal} min`"))
                }
                _ => problem,
            })
        }
    }
}
