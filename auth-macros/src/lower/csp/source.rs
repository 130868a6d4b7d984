//! One source in the list of a directive.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::address::{Fault, Help, address, fault, quoted};
use super::known::{HASHED, KEYWORDS, Keyword, Known, NONCE, SANDBOX};
use crate::diag::{Code, Problem, nearest, one_of, problem};
use crate::lower::foreign_value::{letters, string};
use crate::syntax::{flat, is_punct, spelled, stream};

/// Returns the source in the notation of the standard.
pub(super) fn source(directive: &Known, tokens: &[TokenTree]) -> Result<String, Problem> {
    let at = stream(tokens);
    match read(directive, tokens) {
        Ok(source) => Ok(source),
        Err(Fault { code, message, help }) => {
            let problem = problem(at, code, message);
            Err(match help {
                Help::Write(text) => problem.write(text),
                Help::Advice(advice) => problem.advice(advice),
            })
        }
    }
}

fn read(directive: &Known, tokens: &[TokenTree]) -> Result<String, Fault> {
    if let [token] = tokens
        && let Some(text) = string(token)
    {
        return from_text(directive, &text);
    }
    let typed = spelled(stream(tokens));
    if let Some(word) = word_of(tokens) {
        return from_word(directive, &word);
    }
    // `data:`, `*` and `Source::SELF` stand for a source that is written otherwise.
    let meant = match tokens {
        [.., TokenTree::Ident(last)] => last.to_string(),
        _ => typed.replace(' ', ""),
    };
    let help = written(directive, &meant).or_else(|| written(directive, &format!("'{}'", meant.to_lowercase())));
    let help = help.map_or(Help::Advice("write a keyword such as `self`, or a host in quotes"), Help::Write);
    Err(fault(Code::CspUnknownSource, format!("`{typed}` is no source"), help))
}

/// Returns the word of a keyword in either spelling: `unsafe_inline` or `unsafe-inline`.
fn word_of(tokens: &[TokenTree]) -> Option<String> {
    let mut word = String::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(part) if at % 2 == 0 => word.push_str(&part.to_string()),
            sign if at % 2 == 1 && is_punct(sign, '-') => word.push('_'),
            _ => return None,
        }
    }
    (tokens.len() % 2 == 1).then_some(word)
}

fn from_word(directive: &Known, word: &str) -> Result<String, Fault> {
    if directive.is_sandbox() {
        return match SANDBOX.iter().find(|(known, _)| *known == word) {
            Some((_, text)) => Ok((*text).to_owned()),
            None => Err(unknown_allowance(word)),
        };
    }
    match KEYWORDS.iter().find(|keyword| keyword.word == word) {
        Some(keyword) => in_place(directive, keyword),
        None => Err(unknown_word(directive, word)),
    }
}

/// Reads a source in the notation of the standard.
pub(super) fn from_text(directive: &Known, text: &str) -> Result<String, Fault> {
    if directive.is_sandbox() {
        return match SANDBOX.iter().find(|(_, known)| *known == text) {
            Some((_, text)) => Ok((*text).to_owned()),
            None => Err(unknown_allowance(text)),
        };
    }
    characters(directive, text)?;
    if let Some(inside) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return from_quoted(directive, text, inside);
    }
    if let Some(keyword) = KEYWORDS.iter().find(|keyword| letters(keyword.text) == letters(text)) {
        let message = format!("`{text}` without quotes would be a host");
        return Err(fault(Code::CspUnknownSource, message, Help::Write(keyword.word.to_owned())));
    }
    if is_hash(text) {
        let message = format!("`{text}` without quotes would be a host");
        return Err(fault(Code::CspUnknownSource, message, quoted(&format!("'{text}'"))));
    }
    let is_bare_word = !text.contains(['.', ':', '/', '*']);
    if is_bare_word && let Some(near) = near_word(text) {
        return Err(fault(Code::CspUnknownSource, format!("`{text}` is no source"), Help::Write(near.to_owned())));
    }
    address(directive, text).map(|()| text.to_owned())
}

fn from_quoted(directive: &Known, text: &str, inside: &str) -> Result<String, Fault> {
    if let Some(keyword) = KEYWORDS.iter().find(|keyword| keyword.text == text) {
        return in_place(directive, keyword);
    }
    if inside.starts_with("nonce-") {
        let message = "a nonce is another one for each request";
        return Err(fault(Code::CspUnknownSource, message, Help::Write("nonce".to_owned())));
    }
    if is_hash(inside) {
        return allowed(directive, text, HASHED).map(|()| text.to_owned());
    }
    if inside.starts_with("sha") {
        let help = Help::Advice("a hash is `'sha256-…'`, `'sha384-…'` or `'sha512-…'` with the digest in base64");
        return Err(fault(Code::CspUnknownSource, format!("`{text}` is no hash"), help));
    }
    Err(unknown_word(directive, inside))
}

/// Returns a keyword, where it has an effect.
fn in_place(directive: &Known, keyword: &Keyword) -> Result<String, Fault> {
    allowed(directive, keyword.word, keyword.directives).map(|()| keyword.text.to_owned())
}

fn allowed(directive: &Known, source: &str, directives: &[&str]) -> Result<(), Fault> {
    if directives.is_empty() || directives.contains(&directive.word) {
        return Ok(());
    }
    let message = format!("`{source}` has no effect in `{}`: it belongs in {}", directive.word, one_of(directives));
    Err(fault(Code::CspNoEffect, message, Help::Advice("list `self`, hosts or `none` here")))
}

/// Refuses the characters that end a source, a directive or a field.
fn characters(directive: &Known, text: &str) -> Result<(), Fault> {
    let wrong = |message: String, help| Err(fault(Code::CspSourceCharacter, message, help));
    if text.trim().is_empty() {
        return wrong("a source is empty".to_owned(), Help::Advice("name a source, or write `none` for none"));
    }
    if text.contains(';') {
        return wrong("a source cannot contain `;`".to_owned(), Help::Advice("give each directive its own list"));
    }
    let ends = |char: char| char == ',' || char.is_whitespace();
    if text.contains(ends) {
        let message = "one string holds several sources, or spaces around one".to_owned();
        let sources = text.split(ends).filter(|source| !source.is_empty());
        let sources: Option<Vec<String>> = sources.map(|source| written(directive, source)).collect();
        let help = sources.map_or(Help::Advice("give each source its own string"), |all| Help::Write(all.join(", ")));
        return wrong(message, help);
    }
    match text.chars().find(|char| !char.is_ascii_graphic() || matches!(char, '"' | '\\' | '<' | '>' | '@')) {
        Some(char) if char.is_alphabetic() => {
            let help = Help::Advice("write the host in its ASCII form, which begins with `xn--`");
            wrong(format!("a source cannot contain {char:?}"), help)
        }
        Some(char) => {
            wrong(format!("a source cannot contain {char:?}"), Help::Advice("write the source as ASCII text"))
        }
        None => Ok(()),
    }
}

/// Returns a source as the attribute writes it, if the text is one or has one clear meaning.
pub(super) fn written(directive: &Known, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.contains(|char: char| char == ',' || char.is_whitespace()) {
        return None;
    }
    match from_text(directive, text) {
        Ok(source) => {
            let keyword = KEYWORDS.iter().find(|keyword| keyword.text == source).map(|keyword| keyword.word);
            let allowance = SANDBOX.iter().find(|(_, known)| *known == source).map(|(word, _)| *word);
            Some(keyword.or(allowance).map_or_else(|| format!("{source:?}"), str::to_owned))
        }
        Err(Fault { help: Help::Write(help), .. }) => Some(help),
        Err(_) => None,
    }
}

fn unknown_word(directive: &Known, word: &str) -> Fault {
    let message = format!("unknown source `{word}`");
    let scheme = format!("{word}:");
    let help = match near_word(word) {
        Some(near) => Help::Write(near.to_owned()),
        None if address(directive, &scheme).is_ok() => quoted(&scheme),
        None => Help::Advice("keywords are `self`, `none`, `nonce`, `strict_dynamic`; a host stands in quotes"),
    };
    fault(Code::CspUnknownSource, message, help)
}

fn near_word(word: &str) -> Option<&'static str> {
    let words: Vec<&str> = KEYWORDS.iter().map(|keyword| keyword.word).collect();
    // Short hosts like `cdn` are not near to a keyword.
    let is_near = |near: &&str| word.len() > 3 && near.len().abs_diff(word.len()) <= 2;
    nearest(&word.replace('-', "_"), &words).filter(is_near)
}

fn unknown_allowance(word: &str) -> Fault {
    let words: Vec<&str> = SANDBOX.iter().map(|(word, _)| *word).collect();
    let help = nearest(&word.replace('-', "_"), &words);
    let help = help.map_or(Help::Advice("allow things such as `allow_forms`"), |near| Help::Write(near.to_owned()));
    fault(Code::CspUnknownSource, format!("`{word}` is nothing that `sandbox` allows"), help)
}

/// Returns whether the text is the hash of a script or style sheet: its algorithm and its digest in base64.
fn is_hash(text: &str) -> bool {
    let is_digest = |digest: &str, length: usize| {
        let plain = digest.trim_end_matches('=');
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
        plain.len() == length && digest.len() - plain.len() <= 2 && plain.bytes().all(is_base64)
    };
    match text.split_once('-') {
        Some(("sha256", digest)) => is_digest(digest, 43),
        Some(("sha384", digest)) => is_digest(digest, 64),
        Some(("sha512", digest)) => is_digest(digest, 86),
        _ => false,
    }
}

/// Returns whether the source admits scripts by what they are, and not by their address.
pub(super) fn is_nonce_or_hash(source: &str) -> bool {
    source == NONCE || source.starts_with("'sha")
}

/// Returns the tokens of a part without invisible groups.
pub(super) fn tokens_of(part: &[TokenTree]) -> Vec<TokenTree> {
    flat(part.iter().map(ToTokens::to_token_stream).collect::<TokenStream>())
}
