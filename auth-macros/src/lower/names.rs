use core::fmt::Display;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

use crate::diag::{Code, Problem, Sink, problem};
use crate::model::Role;
use crate::syntax::{Argument, is_path, spelled, stream};

/// Returns the roles of a list, of which the caller needs one. `at` points at the list when it is empty.
pub(super) fn roles(at: &Ident, arguments: &[Argument], sink: &mut Sink) -> Option<Vec<Role>> {
    let note = "to admit every signed-in caller, write `#[protected]`";
    let empty = || problem(at, Code::EmptyList, "no role is named").advice("name one: `\"admin\"`").note(note);
    list(arguments, empty, role, |role| role.spelled(), sink)
}

/// Returns the scopes of a list, of which the caller needs all.
pub(super) fn scopes(at: &Ident, arguments: &[Argument], sink: &mut Sink) -> Option<Vec<LitStr>> {
    let note = "to admit every signed-in caller, write `#[protected]`";
    let empty = || problem(at, Code::EmptyList, "no scope is named").advice("name one: `\"orders:write\"`").note(note);
    list(arguments, empty, scope, |scope| format!("{:?}", scope.value()), sink)
}

/// Returns a path of the user that the expansion uses outside the function, where `Self` has no meaning.
pub(super) fn free_path(path: TokenStream) -> Result<TokenStream, Problem> {
    match path.clone().into_iter().next() {
        Some(TokenTree::Ident(first)) if first == "Self" => {
            Err(problem(first, Code::InsideImpl, "`Self` means nothing here")
                .advice("name the type, and write the handler outside the `impl` block"))
        }
        _ => Ok(path),
    }
}

/// Refuses empty and padded text; `what` is its noun, as in "a role name".
pub(super) fn proper(text: &LitStr, what: &str) -> Result<(), Problem> {
    let value = text.value();
    if value.trim().is_empty() {
        return Err(problem(text, Code::EmptyName, format_args!("{what} is empty")).advice("write what it is called"));
    }
    if value.trim() != value {
        let message = format_args!("{what} has spaces around it");
        return Err(problem(text, Code::PaddedName, message).write(format_args!("{:?}", value.trim())));
    }
    Ok(())
}

fn list<T>(
    arguments: &[Argument],
    empty: impl Fn() -> Problem,
    read: impl Fn(&Argument) -> Result<T, Problem>,
    name: impl Fn(&T) -> String,
    sink: &mut Sink,
) -> Option<Vec<T>> {
    if arguments.is_empty() {
        sink.push(empty());
    }
    let mut names = Vec::new();
    let mut values = Vec::new();
    for argument in arguments {
        let Some(value) = sink.keep(read(argument)) else { continue };
        if names.contains(&name(&value)) {
            sink.push(twice(argument, &name(&value)));
        }
        names.push(name(&value));
        values.push(value);
    }
    (!arguments.is_empty() && values.len() == arguments.len()).then_some(values)
}

fn twice(at: &Argument, name: &dyn Display) -> Problem {
    problem(at, Code::DuplicateName, format_args!("`{name}` is named twice")).advice("keep one")
}

fn role(argument: &Argument) -> Result<Role, Problem> {
    match argument {
        Argument::Text(name) => proper(name, "a role name").map(|()| Role::Named(name.clone())),
        Argument::Word(word) if is_lower_case(word) => Err(bare(argument, "role", &word.unraw().to_string())),
        Argument::Word(word) => role_path(word.to_token_stream()),
        Argument::Path(path) => role_path(path.clone()),
        Argument::Set { .. } | Argument::Call { .. } | Argument::Other(_) => Err(no_name(argument, "role")),
    }
}

fn role_path(path: TokenStream) -> Result<Role, Problem> {
    free_path(path).map(|path| Role::Path { spelled: spelled(path.clone()), path })
}

fn scope(argument: &Argument) -> Result<LitStr, Problem> {
    let tokens: Vec<TokenTree> = argument.to_token_stream().into_iter().collect();
    match argument {
        Argument::Text(name) => proper(name, "a scope").and_then(|()| scope_characters(name)).map(|()| name.clone()),
        Argument::Word(_) => Err(bare(argument, "scope", &unraw(tokens))),
        Argument::Path(_) => Err(problem(argument, Code::BareWord, "a scope is written as a string")
            .advice("write its text, such as `\"orders:write\"`")),
        Argument::Other(_) if tokens.iter().all(is_bare) => Err(bare(argument, "scope", &unraw(tokens))),
        _ => Err(no_name(argument, "scope")),
    }
}

/// Checks the characters of a scope (RFC 6749, section 3.3): visible ASCII without the quotation mark and the
/// backslash.
fn scope_characters(scope: &LitStr) -> Result<(), Problem> {
    let value = scope.value();
    if value.contains(char::is_whitespace) {
        let each: Vec<String> = value.split_whitespace().map(|scope| format!("{scope:?}")).collect();
        return Err(problem(scope, Code::ScopeCharacter, "one string holds several scopes")
            .write(format_args!("{}", each.join(", "))));
    }
    match value.chars().find(|char| !char.is_ascii_graphic() || matches!(char, '"' | '\\')) {
        None => Ok(()),
        Some(char) => Err(problem(scope, Code::ScopeCharacter, format_args!("a scope cannot contain {char:?}"))
            .note("scopes are visible ASCII without `\"` and `\\` (RFC 6749)")),
    }
}

fn bare(at: &Argument, what: &str, word: &str) -> Problem {
    match what {
        "role" => problem(at, Code::BareWord, "a role is written as a string or as a path")
            .advice(format_args!("write `{word:?}`, or a path such as `Role::{}`", upper_camel(word))),
        _ => problem(at, Code::BareWord, "a scope is written as a string").write(format_args!("{word:?}")),
    }
}

fn no_name(at: &Argument, what: &str) -> Problem {
    let written = spelled(at.to_token_stream());
    let help = match what {
        _ if written.contains("||") || written.contains("&&") => {
            format!("write `#[authorize({what}(..) && {what}(..))]` for an expression")
        }
        "role" => "write `\"admin\"` or `Role::Admin`".to_owned(),
        _ => "write `\"orders:write\"`".to_owned(),
    };
    problem(at, Code::NotAName, format_args!("`{written}` names no {what}")).advice(help)
}

fn is_lower_case(word: &Ident) -> bool {
    word.unraw().to_string().starts_with(|first: char| !first.is_uppercase())
}

/// Returns whether the token is a word or a sign that joins words, as in `orders:write`.
fn is_bare(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_))
}

/// Returns the tokens as text, without the mark of raw identifiers.
fn unraw(tokens: Vec<TokenTree>) -> String {
    let unraw = |token| match token {
        TokenTree::Ident(word) => TokenTree::Ident(word.unraw()),
        other => other,
    };
    spelled(tokens.into_iter().map(unraw).collect())
}

fn upper_camel(word: &str) -> String {
    let upper = |part: &str| {
        let mut chars = part.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    word.split('_').map(upper).collect()
}

/// Returns the only path of a list, as in `check(path)`.
pub(super) fn only_path(tokens: &[TokenTree]) -> Option<TokenStream> {
    is_path(tokens).then(|| stream(tokens))
}
