//! Policies in the notation of others: `imgSrc: ["'self'"]`, `IMG_SRC = "'self'"`, `"img-src 'self'; sandbox"`.

use proc_macro2::{Delimiter, TokenTree};
use quote::ToTokens;

use super::known::{Known, known};
use super::opening::opened;
use super::source::{from_text, written};
use crate::lower::foreign_value::{inner, letters, string};
use crate::syntax::{Argument, flat, is_punct, split, stream};

/// The names of a whole policy elsewhere.
const WHOLE: &[&str] = &["directives", "policydirectives", "policy", "csp", "contentsecuritypolicy"];

/// The directives that tokens mean, as the attribute writes them.
pub(super) struct Meant {
    directives: Vec<(&'static Known, Vec<String>)>,
}

impl Meant {
    /// Returns the directives, separated by commas.
    pub(super) fn text(&self) -> String {
        let one = |(known, sources): &(&Known, Vec<String>)| match sources.as_slice() {
            [] if known.is_sandbox() => known.word.to_owned(),
            sources => format!("{}({})", known.word, sources.join(", ")),
        };
        self.directives.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Returns whether the directives compile only with a reason.
    pub(super) fn is_opening(&self) -> bool {
        self.directives.iter().any(|(known, sources)| {
            let texts = sources.iter().map(|source| source.trim_matches('"'));
            texts.map(|source| standard(known, source)).any(|source| opened(known.name, &source).is_some())
        })
    }
}

/// Returns a source that the attribute writes as a word in the notation of the standard.
fn standard(known: &Known, source: &str) -> String {
    let quoted = format!("'{}'", source.replace('_', "-"));
    from_text(known, &quoted).unwrap_or_else(|_| source.to_owned())
}

/// Returns the meaning of an argument that is no directive of this crate.
pub(super) fn meant(argument: &Argument) -> Option<Meant> {
    let tokens = flat(argument.to_token_stream());
    let directives = match tokens.as_slice() {
        [token] if string(token).is_some() => from_policy(&string(token)?),
        [TokenTree::Group(group)] => from_map(&group.stream().into_iter().collect::<Vec<_>>()),
        tokens => named(tokens),
    }?;
    let names = |at: usize| directives[..at].iter().any(|(known, _)| *known == directives[at].0);
    let is_twice = (0..directives.len()).any(names);
    (!directives.is_empty() && !is_twice).then_some(Meant { directives })
}

type Directives = Vec<(&'static Known, Vec<String>)>;

/// Reads a policy as a field has it: `img-src 'self'; object-src 'none'`.
fn from_policy(text: &str) -> Option<Directives> {
    let directives = text.split(';').map(str::trim).filter(|directive| !directive.is_empty());
    let read = |directive: &str| {
        let mut words = directive.split_whitespace();
        let known = known(words.next()?)?;
        sources(known, words.map(str::to_owned).collect()).map(|sources| (known, sources))
    };
    directives.map(read).collect()
}

/// Reads the entries of a map or list.
fn from_map(tokens: &[TokenTree]) -> Option<Directives> {
    let mut all = Vec::new();
    for part in split(stream(tokens)) {
        let part = flat(part.into_iter().collect());
        match part.as_slice() {
            [token] if string(token).is_some() => all.extend(from_policy(&string(token)?)?),
            part => all.extend(named(part)?),
        }
    }
    Some(all)
}

/// Reads `name: value`, `name = value`, `name[values]` and `name(values)`.
fn named(tokens: &[TokenTree]) -> Option<Directives> {
    let is_name = |token: &TokenTree| {
        matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_)) || is_punct(token, '-') || is_punct(token, '.')
    };
    let end = tokens.iter().position(|token| !is_name(token)).unwrap_or(tokens.len());
    let (name, rest) = tokens.split_at(end);
    let name: String = name.iter().map(|token| string(token).unwrap_or_else(|| token.to_string())).collect();
    let value: Vec<TokenTree> =
        rest.iter().skip_while(|token| !matches!(token, TokenTree::Group(_)) && is_sign(token)).cloned().collect();
    if name.is_empty() {
        return None;
    }
    if WHOLE.contains(&letters(&name).as_str()) {
        return match value.as_slice() {
            [token] if string(token).is_some() => from_policy(&string(token)?),
            [TokenTree::Group(_)] => from_map(&inner(&value)),
            _ => None,
        };
    }
    let known = known(&name)?;
    let texts = match value.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::None => list(&inner(&value))?,
        [] => Vec::new(),
        [one] => words(one)?,
        _ => return None,
    };
    Some(vec![(known, sources(known, texts)?)])
}

fn is_sign(token: &TokenTree) -> bool {
    [':', '=', '>'].iter().any(|sign| is_punct(token, *sign))
}

fn list(tokens: &[TokenTree]) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for part in split(stream(tokens)) {
        match flat(part.into_iter().collect()).as_slice() {
            [.., last] => all.extend(words(last)?),
            [] => return None,
        }
    }
    Some(all)
}

/// Returns the sources in a string, or the keyword that a word means.
fn words(token: &TokenTree) -> Option<Vec<String>> {
    match token {
        TokenTree::Ident(word) => Some(vec![format!("'{}'", word.to_string().to_lowercase().replace('_', "-"))]),
        token => {
            let text = string(token)?;
            Some(text.split([' ', ',']).filter(|source| !source.is_empty()).map(str::to_owned).collect())
        }
    }
}

/// Returns the sources as the attribute writes them. `none` beside others is left out.
fn sources(known: &Known, texts: Vec<String>) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        let source = written(known, &text)?;
        if !all.contains(&source) {
            all.push(source);
        }
    }
    if all.len() > 1 {
        all.retain(|source| source != "none");
    }
    match all.as_slice() {
        [] if !known.is_sandbox() => Some(vec!["none".to_owned()]),
        _ => Some(all),
    }
}
