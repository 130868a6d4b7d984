use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::LitStr;

use super::key_words::{is_forwarded, is_unclear, kind_in, kind_of, of_text, similar};
use super::names;
use super::options::Given;
use crate::diag::{Code, Problem, problem};
use crate::model::Key;
use crate::syntax::{Argument, flat, spelled, split, stream};

/// Reads the key in `by = …`.
pub(super) fn key(by: &Given) -> Result<Key, Problem> {
    let tokens = flat(by.tokens());
    let argument = Argument::read(tokens.clone());
    match &argument {
        Argument::Word(word) => word_key(word),
        Argument::Call { name, arguments } => call_key(&argument, name, arguments),
        Argument::Path(path) => custom(path.clone()),
        Argument::Text(text) => Err(quoted(text)),
        Argument::Set { .. } | Argument::Other(_) => Err(expression(&argument, &tokens)),
    }
}

/// Returns the key that is meant by a value in another framework's option, in our words.
pub(super) fn meant(value: &[TokenTree]) -> Option<String> {
    let argument = Argument::read(flat(stream(value)));
    match &argument {
        Argument::Word(word) => {
            let word = word.to_string();
            let is_function = word.starts_with(char::is_lowercase);
            kind_of(&word).map(str::to_owned).or_else(|| (is_function && !is_unclear(&word)).then_some(word))
        }
        Argument::Text(text) => of_text(&text.value()),
        Argument::Path(path) => Some(spelled(path.clone())),
        Argument::Call { name, arguments } if is_kind(name) => match call_key(&argument, name, arguments) {
            Ok(key) => Some(key.spelled()),
            Err(problem) if problem.code() == Code::ForwardedKey => Some("ip".to_owned()),
            Err(_) => None,
        },
        Argument::Call { name, .. } => kind_of(&name.to_string()).map(str::to_owned),
        Argument::Set { .. } | Argument::Other(_) => kind_in(&flat(stream(value))),
    }
}

/// Returns the kind of key that a word at the end of a rate names: `user` in `10 per minute per user`.
pub(super) fn kind(word: &str) -> Option<&'static str> {
    kind_of(word.trim()).filter(|kind| !kind.contains('('))
}

/// Returns the kind of key in `per_ip`, `by_user` or `perUser`.
pub(super) fn kind_behind(word: &str) -> Option<&'static str> {
    let rest = word.strip_prefix("per").or_else(|| word.strip_prefix("by"))?;
    let is_next = rest.starts_with(|char: char| char == '_' || char.is_uppercase());
    kind(rest.trim_start_matches('_')).filter(|_| is_next)
}

/// Returns whether the word is a kind of key.
pub(super) fn is_kind(word: &Ident) -> bool {
    ["user", "ip", "api_key", "global", "header", "path"].iter().any(|kind| word == kind)
}

fn word_key(word: &Ident) -> Result<Key, Problem> {
    match word.to_string().as_str() {
        "user" => Ok(Key::User),
        "ip" => Ok(Key::Address),
        "api_key" => Ok(Key::ApiKey),
        "global" => Ok(Key::Global),
        typed if is_unclear(typed) => Err(unclear(word, typed)),
        typed => match similar(typed) {
            Some(meant) => Err(unknown(word, typed)
                .did_you_mean(Some(meant))
                .note(format_args!("for a function of this name, write `self::{typed}`"))),
            None => custom(word.to_token_stream()),
        },
    }
}

fn call_key(at: &Argument, name: &Ident, arguments: &Group) -> Result<Key, Problem> {
    let kind = name.to_string();
    let inner = Argument::read(flat(arguments.stream()));
    match (kind.as_str(), inner) {
        ("header", Argument::Text(header)) if is_forwarded(&header.value()) => Err(forwarded(at, &header)),
        ("header", Argument::Text(header)) => header_name(&header).map(Key::Header),
        ("path", Argument::Text(parameter)) => path_name(&parameter).map(Key::Path),
        ("header", _) => Err(unquoted(at, "a header's name belongs here", "header", arguments, "x-tenant")),
        ("path", _) => Err(unquoted(at, "a path parameter's name belongs here", "path", arguments, "id")),
        ("user" | "ip" | "api_key" | "global", _) => {
            Err(problem(at, Code::MalformedOption, "this kind of key takes nothing").write(kind))
        }
        (typed, _) => Err(match similar(typed) {
            Some(meant) => match meant.split_once('(') {
                Some((kind, _)) => unknown(name, typed).did_you_mean(Some(kind)),
                None => unknown(at, typed).did_you_mean(Some(meant)),
            },
            None if is_unclear(typed) => unclear(name, typed),
            None => unknown(name, typed).advice(FUNCTION),
        }),
    }
}

fn custom(path: TokenStream) -> Result<Key, Problem> {
    names::free_path(path).map(|path| Key::Custom { spelled: spelled(path.clone()), path })
}

fn unknown(at: impl ToTokens, typed: &str) -> Problem {
    problem(at, Code::UnknownKey, format_args!("unknown kind of key `{typed}`"))
        .note("keys are `user`, `ip`, `api_key`, `global`, `header(\"…\")`, `path(\"…\")` or a path to a function")
}

/// Words the problem of a word that may mean several kinds, for example `key` and `role`.
fn unclear(at: &Ident, typed: &str) -> Problem {
    problem(at, Code::UnknownKey, format_args!("`{typed}` does not say what is counted"))
        .advice(WHAT_IS_COUNTED)
        .note(format_args!("for a function of this name, write `self::{typed}`"))
}

const WHAT_IS_COUNTED: &str = "name what has a counter of its own: `user`, `ip`, `api_key`, `header(\"x-tenant\")`, `path(\"id\")`, or `global` for all together";

const FUNCTION: &str = "for any other key, name a function that takes `&Parts` and returns `Option<String>`";

/// Words the problem of `header("x-forwarded-for")`. A caller who sends another value would get another counter.
fn forwarded(at: &Argument, header: &LitStr) -> Problem {
    problem(at, Code::ForwardedKey, format_args!("a caller may write any address into {:?}", header.value()))
        .write("ip")
        .note("`ip` reads such a header where a trusted proxy sends it")
}

fn quoted(text: &LitStr) -> Problem {
    let problem = problem(text, Code::MalformedOption, "a kind of key is written without quotes");
    match of_text(&text.value()) {
        Some(meant) => problem.write(meant),
        None if is_unclear(&text.value()) => problem.advice(WHAT_IS_COUNTED),
        None => {
            let value = text.value();
            problem.advice(format_args!("name its kind: `header({value:?})`, `path({value:?})` or a function"))
        }
    }
}

fn expression(at: &Argument, tokens: &[TokenTree]) -> Problem {
    let problem = problem(at, Code::MalformedOption, "a kind of key or a path to a function belongs here");
    match kind_in(tokens) {
        Some(kind) => problem.write(kind),
        None => problem.advice(FUNCTION),
    }
}

/// Words the problem of `header(x-tenant)`. If no name is given, `example` stands in for it.
fn unquoted(at: &Argument, message: &str, kind: &str, arguments: &Group, example: &str) -> Problem {
    let problem = problem(at, Code::MalformedOption, message);
    let parts = split(arguments.stream());
    let name = match parts.as_slice() {
        [] => example.to_owned(),
        [part] => spelled(stream(part)),
        _ => return problem.advice("one counter has one name; for several, name a function"),
    };
    let bare = name.trim_matches(|char| matches!(char, '{' | '}' | ':' | '*' | '/'));
    problem.write(format_args!("{kind}({bare:?})"))
}

/// Checks the characters of a header name (RFC 9110, section 5.6.2), and puts it in lower case, as lookups require.
fn header_name(name: &LitStr) -> Result<LitStr, Problem> {
    let value = name.value();
    names::proper(name, "a header name")?;
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    let Some(char) = value.chars().find(|char| !is_token(*char)) else {
        return Ok(LitStr::new(&value.to_ascii_lowercase(), name.span()));
    };
    let likely = value.trim_end_matches([':', ' ']).replace([' ', ':', '/'], "-");
    let problem = problem(name, Code::HeaderName, format_args!("a header name cannot contain {char:?}"));
    Err(match likely.chars().all(is_token) && !likely.is_empty() {
        true => problem.write(format_args!("{likely:?}")),
        false => problem.note("header names are ASCII letters, digits and some signs (RFC 9110)"),
    })
}

fn path_name(name: &LitStr) -> Result<LitStr, Problem> {
    let value = name.value();
    names::proper(name, "a path parameter's name")?;
    let bare = value.rsplit_once('{').map_or(value.as_str(), |(_, last)| last);
    let bare = bare.trim_matches(|char| matches!(char, '{' | '}' | ':' | '*' | '/'));
    if bare != value || value.contains(['{', '}', '/']) {
        let problem = problem(name, Code::PathName, "a path parameter is named without its braces");
        return Err(match bare.is_empty() || bare.contains(['{', '}', '/']) {
            true => problem.advice("name the parameter alone: `path(\"id\")` for the route `/{id}`"),
            false => problem.write(format_args!("{bare:?}")),
        });
    }
    Ok(name.clone())
}
