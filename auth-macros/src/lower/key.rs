use proc_macro2::{Group, Ident, TokenStream};
use quote::ToTokens;
use syn::LitStr;

use super::names;
use super::options::Given;
use crate::diag::{Code, Problem, nearest, problem};
use crate::model::Key;
use crate::syntax::{Argument, flat, spelled};

/// The kinds of key, and other words that users may write for them.
const KINDS: &[(&str, &str)] = &[
    ("user", "user"),
    ("ip", "ip"),
    ("api_key", "api_key"),
    ("global", "global"),
    ("header", "header(\"x-tenant\")"),
    ("path", "path(\"id\")"),
    ("identity", "user"),
    ("account", "user"),
    ("subject", "user"),
    ("caller", "user"),
    ("address", "ip"),
    ("client_ip", "ip"),
    ("host", "ip"),
    ("key", "api_key"),
    ("everyone", "global"),
];

/// Reads the key in `by = …`.
pub(super) fn key(by: &Given) -> Result<Key, Problem> {
    let argument = Argument::read(flat(by.tokens()));
    match &argument {
        Argument::Word(word) => word_key(word),
        Argument::Call { name, arguments } => call_key(&argument, name, arguments),
        Argument::Path(path) => custom(path.clone()),
        Argument::Text(text) => Err(quoted(text)),
        Argument::Set { .. } | Argument::Other(_) => {
            Err(by.malformed("a kind of key or a path to a function belongs here"))
        }
    }
}

fn word_key(word: &Ident) -> Result<Key, Problem> {
    match word.to_string().as_str() {
        "user" => Ok(Key::User),
        "ip" => Ok(Key::Address),
        "api_key" => Ok(Key::ApiKey),
        "global" => Ok(Key::Global),
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
        ("header", Argument::Text(header)) => header_name(&header).map(Key::Header),
        ("path", Argument::Text(parameter)) => path_name(&parameter).map(Key::Path),
        ("header", _) => Err(malformed(at, "a header's name belongs here", "write `header(\"x-tenant\")`")),
        ("path", _) => Err(malformed(at, "a path parameter's name belongs here", "write `path(\"id\")`")),
        ("user" | "ip" | "api_key" | "global", _) => {
            Err(malformed(at, "this kind of key takes nothing", &format!("write `{kind}`")))
        }
        (typed, _) => {
            let unknown = unknown(name, typed);
            Err(match similar(typed) {
                Some(meant) => unknown.did_you_mean(Some(meant)),
                None => unknown
                    .advice(format_args!("write `{typed}` without parentheses for a function that names the key")),
            })
        }
    }
}

fn custom(path: TokenStream) -> Result<Key, Problem> {
    names::free_path(path).map(|path| Key::Custom { spelled: spelled(path.clone()), path })
}

/// Returns the kind whose word is similar to the typed one.
fn similar(typed: &str) -> Option<&'static str> {
    let words: Vec<&str> = KINDS.iter().map(|(word, _)| *word).collect();
    let near = nearest(typed, &words)?;
    KINDS.iter().find(|(word, _)| *word == near).map(|(_, meant)| *meant)
}

fn unknown(at: &Ident, typed: &str) -> Problem {
    problem(at, Code::UnknownKey, format_args!("unknown kind of key `{typed}`"))
        .note("keys are `user`, `ip`, `api_key`, `global`, `header(\"…\")`, `path(\"…\")` or a path to a function")
}

fn quoted(text: &LitStr) -> Problem {
    let value = text.value();
    let meant = similar(&value).map_or_else(|| format!("header({value:?})"), str::to_owned);
    malformed(text, "a kind of key is written without quotes", &format!("write `by = {meant}`"))
}

fn malformed(at: impl ToTokens, message: &str, help: &str) -> Problem {
    problem(at, Code::MalformedOption, message).advice(help)
}

/// Checks the characters of a header name (RFC 9110, section 5.6.2), and puts it in lower case, as lookups require.
fn header_name(name: &LitStr) -> Result<LitStr, Problem> {
    let value = name.value();
    names::proper(name, "a header name")?;
    let is_token = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    match value.chars().find(|char| !is_token(*char)) {
        None => Ok(LitStr::new(&value.to_ascii_lowercase(), name.span())),
        Some(char) => Err(problem(name, Code::HeaderName, format_args!("a header name cannot contain {char:?}"))
            .advice("write it as it stands before the colon: `header(\"x-tenant\")`")),
    }
}

fn path_name(name: &LitStr) -> Result<LitStr, Problem> {
    let value = name.value();
    names::proper(name, "a path parameter's name")?;
    let bare = value.trim_matches(|char| matches!(char, '{' | '}' | ':' | '*' | '/'));
    if bare != value || value.contains(['{', '}', '/']) {
        return Err(problem(name, Code::PathName, "a path parameter is named without its braces")
            .advice(format_args!("write `path({bare:?})` for the route `/{{{bare}}}`")));
    }
    Ok(name.clone())
}
