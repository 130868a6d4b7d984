mod introduced;
mod more;
mod place;
mod quoted;

pub(super) use introduced::introduces_names;
pub(super) use place::Place;

use core::fmt::Display;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::LitStr;
use syn::ext::IdentExt;

use place::word;
use quoted::{EVERY_CALLER, one_role, single};

use super::meant::{self, Meant, Noun};
use crate::diag::{Code, Problem, Sink, problem};
use crate::model::{Role, Scope};
use crate::syntax::{Argument, flat, is_path, is_punct, spelled, stream};

/// Returns the roles of a list, of which the caller needs one.
pub(super) fn roles(place: &Place, arguments: &[Argument], sink: &mut Sink) -> Option<Vec<Role>> {
    list(place, Noun::Role, arguments, role, |role| role.spelled(), sink)
}

/// Returns the scopes of a list, of which the caller needs all.
pub(super) fn scopes(place: &Place, arguments: &[Argument], sink: &mut Sink) -> Option<Vec<Scope>> {
    if let Some(problem) = more::scopes_in_one_string(place, arguments) {
        sink.push(problem);
        return None;
    }
    list(place, Noun::Scope, arguments, scope, Scope::spelled, sink)
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

/// Says how to name something that has an empty name.
fn called(what: &str) -> &'static str {
    match what {
        "a header name" => "name the header, such as `\"x-tenant\"`",
        "a path parameter's name" => "name a parameter of the route, such as `\"id\"`",
        "a scope" => "name a scope, such as `\"orders:write\"`",
        _ => "name a role, such as `\"admin\"`",
    }
}

/// Refuses empty and padded text; `what` is its noun, as in "a role name".
pub(super) fn proper(text: &LitStr, what: &str) -> Result<(), Problem> {
    let value = text.value();
    if value.trim().is_empty() {
        return Err(problem(text, Code::EmptyName, format_args!("{what} is empty")).advice(called(what)));
    }
    if value.trim() != value {
        let message = format_args!("{what} has spaces around it");
        return Err(problem(text, Code::PaddedName, message).write(format_args!("{:?}", value.trim())));
    }
    Ok(())
}

fn list<T>(
    place: &Place,
    noun: Noun,
    arguments: &[Argument],
    read: impl Fn(&Argument) -> Result<T, Problem>,
    name: impl Fn(&T) -> String,
    sink: &mut Sink,
) -> Option<Vec<T>> {
    if arguments.is_empty() {
        sink.push(empty(place, noun));
    }
    let wrong = more::quantifier(place, noun, arguments).or_else(|| more::expression_in_list(place, noun, arguments));
    if let Some(problem) = wrong {
        sink.push(problem);
        return None;
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

fn empty(place: &Place, noun: Noun) -> Problem {
    let (message, example) = match noun {
        Noun::Role => ("no role is named", "\"admin\""),
        Noun::Scope => ("no scope is named", "\"orders:write\""),
    };
    problem(&place.tokens, Code::EmptyList, message)
        .write(place.with(noun, example))
        .note("to admit every signed-in caller, write `#[protected]`")
}

fn twice(at: &Argument, name: &dyn Display) -> Problem {
    problem(at, Code::DuplicateName, format_args!("`{name}` is named twice")).remove()
}

fn role(argument: &Argument) -> Result<Role, Problem> {
    if matches!(argument.to_token_stream().to_string().as_str(), "_" | "*" | "..") {
        let message = format_args!("`{}` names no role", spelled(argument.to_token_stream()));
        return Err(problem(argument, Code::NotAName, message).advice(EVERY_CALLER));
    }
    match argument {
        Argument::Text(name) => {
            proper(name, "a role name").and_then(|()| single(name, Noun::Role))?;
            one_role(name).map(|()| Role::Named(name.clone()))
        }
        Argument::Word(word) if !meant::is_upper(word) => Err(bare(argument, Noun::Role, &meant::plain(word))),
        Argument::Word(word) => role_path(word.to_token_stream()),
        Argument::Path(path) => role_path(path.clone()),
        Argument::Set { .. } | Argument::Call { .. } | Argument::Other(_) => Err(no_name(argument, Noun::Role)),
    }
}

fn role_path(path: TokenStream) -> Result<Role, Problem> {
    let is_constant = ends_in_constant(&path);
    free_path(path).map(|path| match spelled(path.clone()) {
        spelled if is_constant => Role::Constant { path, spelled },
        spelled => Role::Path { path, spelled },
    })
}

fn scope(argument: &Argument) -> Result<Scope, Problem> {
    let tokens: Vec<TokenTree> = argument.to_token_stream().into_iter().collect();
    match argument {
        Argument::Text(name) => proper(name, "a scope")
            .and_then(|()| single(name, Noun::Scope))
            .and_then(|()| scope_characters(name))
            .map(|()| Scope::Named(name.clone())),
        Argument::Word(word) if meant::is_constant(word) => scope_constant(word.to_token_stream()),
        Argument::Path(path) if ends_in_constant(path) => scope_constant(path.clone()),
        Argument::Word(_) => Err(bare(argument, Noun::Scope, &unraw(tokens))),
        Argument::Path(_) => Err(problem(argument, Code::BareWord, "a scope is written as a string")
            .advice(format_args!("put the text of `{}` here, such as `\"orders:write\"`", unraw(tokens)))
            .note("a constant is in capitals, such as `scopes::READ`, and a `&str`")),
        Argument::Other(_) if tokens.iter().all(is_bare) && !tokens.iter().all(|token| is_punct(token, ',')) => {
            Err(bare(argument, Noun::Scope, &unraw(tokens)))
        }
        _ => Err(no_name(argument, Noun::Scope)),
    }
}

fn scope_constant(path: TokenStream) -> Result<Scope, Problem> {
    free_path(path).map(|path| Scope::Constant { spelled: spelled(path.clone()), path })
}

fn ends_in_constant(path: &TokenStream) -> bool {
    matches!(path.clone().into_iter().last(), Some(TokenTree::Ident(last)) if meant::is_constant(&last))
}

/// Checks the characters of a scope (RFC 6749, section 3.3): visible ASCII without the quotation mark and the
/// backslash.
fn scope_characters(scope: &LitStr) -> Result<(), Problem> {
    let value = scope.value();
    let refused = |char: &char| !char.is_ascii_graphic() || matches!(char, '"' | '\\');
    match value.chars().find(refused) {
        None => Ok(()),
        Some(char) => Err(problem(scope, Code::ScopeCharacter, format_args!("a scope cannot contain {char:?}"))
            .advice("name a scope that your tokens carry")
            .note("scopes are visible ASCII without `\"` and `\\` (RFC 6749)")),
    }
}

fn bare(at: &Argument, noun: Noun, name: &str) -> Problem {
    let problem = |message| problem(at, Code::BareWord, message).write(format_args!("{name:?}"));
    match noun {
        Noun::Role => {
            problem("a role is written as a string or as a path").because("a path has a capital, such as `Role::Admin`")
        }
        Noun::Scope => problem("a scope is written as a string"),
    }
}

/// Words the problem of a value that is no name.
fn no_name(at: &Argument, noun: Noun) -> Problem {
    let tokens = flat(at.to_token_stream());
    if tokens.iter().all(|token| is_punct(token, ',')) {
        let stray = problem(at, Code::NotAName, format_args!("no {} stands before this comma", word(noun)));
        return if tokens.len() > 1 { stray.write(",") } else { stray.remove() };
    }
    let value = match at {
        Argument::Set { value, .. } => value,
        _ => &tokens,
    };
    if let Some(problem) = texts(value).iter().find_map(|text| single(text, noun).err()) {
        return problem;
    }
    let names = meant::list(value, noun).or_else(|| match (meant::condition(value, noun)?, noun) {
        (Meant::Roles(names), Noun::Role) | (Meant::Scopes(names), Noun::Scope) => Some(names),
        _ => None,
    });
    let wrong =
        problem(at, Code::NotAName, format_args!("`{}` names no {}", spelled(at.to_token_stream()), word(noun)));
    match (names, noun) {
        (Some(names), _) => wrong.write(names.join(", ")),
        (None, Noun::Role) => wrong.advice("name a role by a string or a path, such as `\"admin\"` or `Role::Admin`"),
        (None, Noun::Scope) => wrong.advice("name a scope by a string, such as `\"orders:write\"`"),
    }
}

/// Returns the strings in a list in any form.
fn texts(tokens: &[TokenTree]) -> Vec<LitStr> {
    let texts = |token: &TokenTree| match token {
        TokenTree::Group(group) => texts(&flat(group.stream())),
        token => syn::parse2(token.to_token_stream()).into_iter().collect(),
    };
    tokens.iter().flat_map(texts).collect()
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

/// Returns the only path of a list, as in `check(path)`.
pub(super) fn only_path(tokens: &[TokenTree]) -> Option<TokenStream> {
    is_path(tokens).then(|| stream(tokens))
}
