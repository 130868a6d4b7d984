use proc_macro2::{Delimiter, TokenTree};
use syn::Lit;

use super::amount::{Bound, Ratio, Time, time_of};
use crate::syntax::flat;

/// One word of a rate that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Number(Ratio),
    Unit(Time),
    /// `/`, `per`, `in`, `@`
    Joiner,
    /// `every`, `each`
    Every,
}

/// Words that mean nothing beside a number and a unit.
const FILLERS: &[&str] = &[
    "request",
    "requests",
    "req",
    "reqs",
    "call",
    "calls",
    "hit",
    "hits",
    "time",
    "times",
    "attempt",
    "attempts",
    "message",
    "messages",
    "msg",
    "msgs",
    "quota",
    "rate",
    "limit",
    "limiter",
    "throttle",
    "at",
    "most",
    "max",
    "up",
    "to",
    "only",
    "allow",
    "permits",
    "duration",
    "span",
    "timespan",
    "timedelta",
    "std",
    "core",
    "chrono",
    "tokio",
    "from",
    "of",
    "new",
    "unwrap",
    "pt",
];

const JOINERS: &[&str] = &["per", "in", "a", "an", "within", "over"];

/// Rates in one word.
const RATES: &[(&str, &str)] =
    &[("rps", "sec"), ("qps", "sec"), ("rpm", "min"), ("qpm", "min"), ("rph", "hour"), ("rpd", "day")];

/// Returns the tokens as text, with the text of strings in place of the strings.
pub(in crate::lower) fn plain(tokens: &[TokenTree]) -> String {
    let each = flat(tokens.iter().cloned().collect()).into_iter().map(|token| match &token {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => text.value(),
            _ => literal.to_string(),
        },
        TokenTree::Group(group) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ('(', ')'),
                _ => ('[', ']'),
            };
            format!("{open}{}{close}", plain(&inner))
        }
        token => token.to_string(),
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Returns the only number in the tokens, such as 3 in `"3"` and in `3u8`, rounded down. There must be no other word.
pub(in crate::lower) fn whole_number(tokens: &[TokenTree]) -> Option<u64> {
    match words(&plain(tokens))?.as_slice() {
        [Word::Number(number)] => number.whole().filter(|number| *number > 0),
        _ => None,
    }
}

/// Returns the words of a text in order. Returns `None` if one of them has no known meaning, since a rate in which a
/// word is overlooked could be a looser one.
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '0'..='9' => number(rest, &mut words)?,
            _ if first.is_alphabetic() || first == '_' => name(rest, &mut words)?,
            _ => sign(first, rest, &mut words)?,
        }
        .trim_start();
    }
    Some(words)
}

fn number<'a>(text: &'a str, words: &mut Vec<Word>) -> Option<&'a str> {
    let digits = text.trim_start_matches(|char: char| char.is_ascii_digit() || char == '_');
    let fraction = digits.strip_prefix('.').filter(|fraction| fraction.starts_with(|char: char| char.is_ascii_digit()));
    let rest = match fraction {
        Some(fraction) => fraction.trim_start_matches(|char: char| char.is_ascii_digit()),
        None => digits,
    };
    words.push(Word::Number(Ratio::read(&text[..text.len() - rest.len()])?));
    let types = ["u8", "u16", "u32", "u64", "usize", "i32", "i64", "f32", "f64"];
    Some(types.iter().find_map(|ty| rest.strip_prefix(ty)).unwrap_or(rest))
}

fn name<'a>(text: &'a str, words: &mut Vec<Word>) -> Option<&'a str> {
    let rest = text.trim_start_matches(|char: char| char.is_alphabetic() || char == '_');
    let name = &text[..text.len() - rest.len()];
    if name.to_lowercase().starts_with("nonzero") {
        return Some(rest.trim_start_matches(|char: char| char.is_ascii_alphanumeric()));
    }
    for part in parts(name) {
        if let Some((_, unit)) = RATES.iter().find(|(word, _)| *word == part) {
            words.extend([Word::Joiner, Word::Unit(time_of(unit, Bound::Longest)?)]);
        } else if let Some(unit) = time_of(&part, Bound::Longest) {
            words.push(Word::Unit(unit));
        } else if matches!(part.as_str(), "every" | "each") {
            words.push(Word::Every);
        } else if JOINERS.contains(&part.as_str()) {
            join(words);
        } else if !FILLERS.contains(&part.as_str()) {
            return None;
        }
    }
    Some(rest)
}

/// Returns the words of a name in lower case: `per`, `minute` of `perMinute` and of `per_minute`.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for char in name.chars() {
        if char == '_' || char.is_uppercase() && was_lower {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| char != '_') {
            part.extend(char.to_lowercase());
        }
        was_lower = char.is_lowercase();
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Reads a sign. A minus before a number is not read: no rate is negative.
fn sign<'a>(sign: char, text: &'a str, words: &mut Vec<Word>) -> Option<&'a str> {
    let rest = &text[sign.len_utf8()..];
    match sign {
        ':' if rest.starts_with(':') || rest.starts_with(" :") => Some(rest.trim_start().trim_start_matches(':')),
        '-' if rest.trim_start().starts_with(|char: char| char.is_ascii_digit()) => None,
        '/' | ':' | '@' | '-' => {
            join(words);
            Some(rest)
        }
        '(' | ')' | '[' | ']' | '.' | '!' | '=' | '"' | '\'' => Some(rest),
        _ => None,
    }
}

fn join(words: &mut Vec<Word>) {
    if words.last() != Some(&Word::Joiner) {
        words.push(Word::Joiner);
    }
}
