//! `#[csp(..)]`: what the handler changes in the Content Security Policy.

mod address;
mod foreign;
mod known;
mod opening;
mod source;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

use super::foreign_value::letters;
use super::known_options::CSP_REASON;
use super::options::Options;
use super::reason::reason;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::model::{Csp, CspDirective};
use crate::syntax::{Argument, Clause, flat, is_punct, spelled, split, stream};

pub(super) use known::is_directive;

use known::{DIRECTIVES, ELSEWHERE, Instead, Known, NONE, SIMILAR, STRICT_DYNAMIC};
use opening::{Opening, opened};

/// Returns what `#[csp]` changes: `None` if it was refused, `Some(None)` if the handler has no such attribute.
pub(super) fn csp(clauses: &[&Clause], sink: &mut Sink) -> Option<Option<Csp>> {
    let Some(clause) = clauses.iter().find(|clause| clause.attribute == Attribute::Csp) else { return Some(None) };
    let (options, arguments) = Options::read(clause, sink);
    let because = options.get("because").map(|because| sink.keep(reason(because)));
    if arguments.is_empty() && clause.parts.iter().all(is_reason) {
        sink.push(
            problem(&clause.name, Code::EmptyList, "no directive is given")
                .advice("name what the page may load, as in `#[csp(img_src(self, \"https://images.example.com\"))]`"),
        );
        return None;
    }
    // An option that was refused may be the reason.
    let is_unexplained = because.is_none() && arguments.len() >= clause.parts.len();
    let mut directives: Vec<CspDirective> = Vec::new();
    let mut is_right = !arguments.is_empty();
    for argument in &arguments {
        let Some(directive) = directive(argument, sink) else {
            is_right = false;
            continue;
        };
        if is_unexplained {
            explained(argument, &directive, sink);
        }
        if directives.iter().any(|known| known.name == directive.name) {
            sink.push(twice(argument, &directive, &directives));
        }
        directives.push(directive);
    }
    let because = because.map_or(Some(None), |because| because.map(Some))?;
    is_right.then_some(Some(Csp { directives, because }))
}

fn is_reason(part: &TokenStream) -> bool {
    matches!(flat(part.clone()).first(), Some(TokenTree::Ident(name)) if name == "because")
}

fn directive(argument: &Argument, sink: &mut Sink) -> Option<CspDirective> {
    let tokens = flat(argument.to_token_stream());
    let Some((name, list)) = parts(&tokens) else {
        sink.push(other_form(argument, &tokens));
        return None;
    };
    let known = sink.keep(known_directive(name, argument))?;
    let list = match list {
        Some(list) if known.is_sandbox() && list.is_empty() => {
            sink.push(malformed(argument).write(known.word));
            return None;
        }
        None if known.is_sandbox() => Vec::new(),
        None => {
            let example = format!("{}(self, \"https://cdn.example.com\")", known.word);
            sink.push(malformed(argument).advice(format_args!("list the sources, as in `{example}`")));
            return None;
        }
        Some(list) => list,
    };
    if list.is_empty() && !known.is_sandbox() {
        let message = format!("`{}` lists no source", known.word);
        let none = format!("{}(none)", known.word);
        sink.push(problem(argument, Code::EmptyList, message).write(none).because("an empty list allows nothing"));
        return None;
    }
    let sources = sources(known, &list, sink)?;
    Some(CspDirective { name: known.name, sources })
}

/// The parts of a list between commas.
type List = Vec<Vec<TokenTree>>;

/// Separates the name and the list: `img_src(..)`, `img-src(..)`, `sandbox`.
fn parts(tokens: &[TokenTree]) -> Option<(&[TokenTree], Option<List>)> {
    let (name, list) = match tokens {
        [name @ .., TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            (name, Some(split(group.stream())))
        }
        name => (name, None),
    };
    let alternates = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Ident(_) => at % 2 == 0,
        sign => at % 2 == 1 && is_punct(sign, '-'),
    };
    let is_name = name.len() % 2 == 1 && name.iter().enumerate().all(alternates);
    is_name.then_some((name, list))
}

/// Words the problem of a directive in another notation.
fn other_form(argument: &Argument, tokens: &[TokenTree]) -> Problem {
    let problem = malformed(argument);
    match foreign::meant(argument) {
        Some(meant) if !meant.is_opening() => problem.write(meant.text()),
        Some(meant) => problem.advice(format_args!("give it as in `{}`, with a `because`", meant.text())),
        None if tokens.iter().all(|token| is_punct(token, ',')) => problem.remove(),
        None => problem.advice("give it as in `img_src(self, \"https://images.example.com\")`"),
    }
}

fn malformed(argument: &Argument) -> Problem {
    let written = spelled(argument.to_token_stream());
    problem(argument, Code::CspMalformed, format_args!("`{written}` is no directive with its sources"))
}

fn known_directive(name: &[TokenTree], argument: &Argument) -> Result<&'static Known, Problem> {
    let typed = spelled(stream(name)).replace(' ', "");
    let plain = typed.replace('-', "_");
    if let Some(known) = DIRECTIVES.iter().find(|known| known.word == plain) {
        return Ok(known);
    }
    if let Some((_, instead)) = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == letters(&typed)) {
        return Err(set_elsewhere(&typed, *instead, argument));
    }
    if let Some(meant) = foreign::meant(argument).filter(|_| known::known(&typed).is_none()) {
        let problem = malformed(argument);
        return Err(match meant.is_opening() {
            false => problem.write(meant.text()),
            true => problem.advice(format_args!("give it as in `{}`, with a `because`", meant.text())),
        });
    }
    let words: Vec<&str> = DIRECTIVES.iter().map(|known| known.word).collect();
    let similar = SIMILAR.iter().find(|(word, _)| *word == letters(&typed)).map(|(_, known)| *known);
    let meant = known::known(&typed).map(|known| known.word).or(similar).or_else(|| nearest(&plain, &words));
    let unknown = problem(stream(name), Code::CspUnknownDirective, format_args!("unknown directive `{typed}`"));
    Err(match meant {
        Some(_) => unknown.did_you_mean(meant),
        None => unknown.note("directives are those of CSP level 3, such as `img_src` and `frame_ancestors`"),
    })
}

fn set_elsewhere(typed: &str, instead: Instead, argument: &Argument) -> Problem {
    let at = |message| problem(argument, Code::CspElsewhere, message);
    match instead {
        Instead::Service(advice) => at(format!("`{typed}` is not set for one handler")).advice(advice),
        Instead::Nothing(reason) => at(format!("`{typed}` has no effect")).remove().because(reason),
        Instead::Line(line) => at(format!("`{typed}` has no effect")).write(line).because("it keeps out plug-ins"),
    }
}

fn sources(known: &Known, list: &[Vec<TokenTree>], sink: &mut Sink) -> Option<Vec<String>> {
    let mut sources: Vec<String> = Vec::new();
    let mut is_right = true;
    for part in list {
        let tokens = source::tokens_of(part);
        if tokens.iter().all(|token| is_punct(token, ',')) {
            sink.push(problem(stream(part), Code::StrayToken, "no source stands before this comma").remove());
            is_right = false;
            continue;
        }
        let Some(source) = sink.keep(source::source(known, &tokens)) else {
            is_right = false;
            continue;
        };
        if sources.contains(&source) {
            let message = format!("`{}` is named twice", spelled(stream(&tokens)));
            sink.push(problem(stream(&tokens), Code::DuplicateName, message).remove());
        }
        if source == NONE && list.len() > 1 {
            let message = "`none` stands beside other sources";
            sink.push(
                problem(stream(&tokens), Code::CspNoneBeside, message)
                    .remove()
                    .because("browsers would ignore it, and allow the others"),
            );
        }
        if source == STRICT_DYNAMIC && !list.iter().any(|other| is_nonce_or_hash(known, other)) {
            let message = "`strict_dynamic` admits no script without a nonce or a hash";
            sink.push(problem(stream(&tokens), Code::CspNoEffect, message).write("nonce, strict_dynamic"));
        }
        sources.push(source);
    }
    sources.retain(|source| source != NONE);
    is_right.then_some(sources)
}

fn is_nonce_or_hash(known: &Known, part: &[TokenTree]) -> bool {
    source::source(known, &source::tokens_of(part)).is_ok_and(|source| source::is_nonce_or_hash(&source))
}

/// Refuses sources that open the page to others where no reason is given.
fn explained(argument: &Argument, directive: &CspDirective, sink: &mut Sink) {
    let found = directive.sources.iter().find_map(|source| Some((source, opened(directive.name, source)?)));
    if let Some((source, opening)) = found {
        let message = format!("`{source}` in `{}` {}, and no reason is given", directive.name, opening.what());
        // A reason that a user might have.
        let reason = match opening {
            Opening::Code => CSP_REASON,
            Opening::Frames => "because = \"shops on any site embed it\"",
        };
        sink.push(problem(argument, Code::CspOpening, message).add(reason));
    }
}

fn twice(argument: &Argument, directive: &CspDirective, before: &[CspDirective]) -> Problem {
    let message = format!("`{}` is given twice", directive.name);
    let at = problem(argument, Code::CspTwice, message);
    match before.iter().any(|known| known == directive) {
        true => at.remove(),
        false => at.advice("join the lists"),
    }
}
