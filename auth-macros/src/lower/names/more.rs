//! Lists that ask for more than a list can say.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::introduced::introduces_names;
use super::place::{Place, word};
use crate::diag::{Code, Problem, problem};
use crate::lower::foreign_value::string;
use crate::lower::meant::{self, Meant, Noun, Several, several_scopes};
use crate::syntax::{Argument, flat, is_punct, separator, spelled};

/// Words the problem of a word that says how many names are needed: `"a", "b", all`. As a name, it would be one more
/// role that is enough.
pub(super) fn quantifier(place: &Place, noun: Noun, arguments: &[Argument]) -> Option<Problem> {
    let word_of = |argument: &Argument| match argument {
        // With a capital, it is the path of a role.
        Argument::Word(word) if !meant::is_upper(word) => Some(meant::squeezed(word)),
        _ => None,
    };
    let needs_all = |word: &str| match word {
        "all" | "allof" | "every" | "both" | "and" => Some(true),
        "any" | "anyof" | "either" | "some" | "or" => Some(false),
        _ => None,
    };
    let read = |argument: &Argument| Some((argument.to_token_stream(), needs_all(&word_of(argument)?)?));
    let (at, is_all) = arguments.iter().find_map(read)?;
    let others = arguments.iter().filter(|argument| read(argument).is_none());
    let names =
        others.map(|name| meant::list(&flat(name.to_token_stream()), noun)).collect::<Option<Vec<_>>>()?.concat();
    if names.is_empty() {
        return None;
    }
    let message = format!("`{at}` names no {}", word(noun));
    if is_all == (noun == Noun::Scope) {
        let rule = if is_all { "all of the scopes are needed" } else { "one of the roles is enough" };
        return Some(problem(at, Code::NotAName, message).remove().because(rule));
    }
    let each = names.into_iter().map(|name| Meant::named(vec![name], noun)).collect();
    let meant = if is_all { Meant::all(each) } else { Meant::any(each) };
    Some(problem(&place.tokens, Code::NotAName, message).write(place.asking(&meant)))
}

/// Words the problem of a string that holds several scopes: `"a|b"`, `"a b"`. Only a bar says that one is enough.
pub(super) fn scopes_in_one_string(place: &Place, arguments: &[Argument]) -> Option<Problem> {
    let several = |argument: &Argument| several_scopes(&text_of(argument)?);
    let (at, text, first) =
        arguments.iter().find_map(|argument| Some((argument, text_of(argument)?, several(argument)?)))?;
    let code = if separator(&text).is_some() { Code::NameSeparator } else { Code::ScopeCharacter };
    let wrong = |at: TokenStream| problem(at, code, "one string holds several scopes");
    let of_one = |argument: &Argument| match several(argument) {
        Some(Several::Either(meant)) => Some(meant),
        Some(Several::Unsaid(_) | Several::Unclear) => None,
        None => meant::list(&flat(argument.to_token_stream()), Noun::Scope).map(Meant::Scopes),
    };
    let either = || arguments.iter().map(of_one).collect::<Option<Vec<_>>>().map(Meant::all);
    match first {
        Several::Either(_) if let Some(meant) = either() => {
            let joint = if text.contains('|') { "|" } else { "or" };
            Some(
                wrong(place.tokens.clone())
                    .write(place.asking(&meant))
                    .because(format_args!("`{joint}` means that one is enough")),
            )
        }
        Several::Either(meant) => {
            Some(wrong(at.to_token_stream()).advice(format_args!("ask it by `{}`", meant.alone())))
        }
        Several::Unclear => Some(wrong(at.to_token_stream()).advice("name each scope in a string of its own")),
        Several::Unsaid(names) => {
            let all = place.asking(&Meant::Scopes(names.clone()));
            Some(wrong(at.to_token_stream()).advice(meant::unsaid(&all, &names, |either| place.asking(either))))
        }
    }
}

/// Returns the text of `"a b"`, and of `scopes = "a b"`.
fn text_of(argument: &Argument) -> Option<String> {
    let text = match argument {
        Argument::Text(text) => text.value(),
        Argument::Set { name, value, .. } if introduces_names(name) => match value.as_slice() {
            [value] => string(value)?,
            _ => return None,
        },
        _ => return None,
    };
    (text.trim() == text).then_some(text)
}

/// Words the problem of a list that asks for more than a list can say: `!"banned"`, `"a" && "b"`, `scope("x")`.
pub(super) fn expression_in_list(place: &Place, noun: Noun, arguments: &[Argument]) -> Option<Problem> {
    // Most lists hold names alone, and reading those again would cost every handler.
    if !arguments.iter().any(|argument| is_expression(argument, noun)) {
        return None;
    }
    let mut names = Vec::new();
    let mut others = Vec::new();
    let mut first = None;
    for argument in arguments {
        match (is_expression(argument, noun).then(|| meaning(argument, noun)).flatten(), noun) {
            (Some(Meant::Roles(_)), Noun::Role) | (Some(Meant::Scopes(_)), Noun::Scope) | (None, _) => {
                names.extend(meant::list(&flat(argument.to_token_stream()), noun).unwrap_or_default());
            }
            (Some(meant), _) => {
                others.push(meant);
                first.get_or_insert(argument);
            }
        }
    }
    let first = spelled(first?.to_token_stream());
    if !names.is_empty() {
        others.insert(0, if noun == Noun::Role { Meant::Roles(names) } else { Meant::Scopes(names) });
    }
    let message = format_args!("`{first}` names no {}", word(noun));
    Some(problem(&place.tokens, Code::NotAName, message).write(place.asking(&Meant::all(others))))
}

/// Returns whether an argument is more than one name or a list of names.
fn is_expression(argument: &Argument, noun: Noun) -> bool {
    match argument {
        Argument::Other(tokens) if noun == Noun::Scope && is_dotted(tokens) => false,
        Argument::Call { .. } | Argument::Other(_) => true,
        Argument::Word(word) => word == "authenticated",
        Argument::Text(_) | Argument::Path(_) | Argument::Set { .. } => false,
    }
}

fn meaning(argument: &Argument, noun: Noun) -> Option<Meant> {
    let tokens = flat(argument.to_token_stream());
    match meant::list(&tokens, noun) {
        Some(_) if matches!(tokens.as_slice(), [TokenTree::Literal(_) | TokenTree::Group(_)]) => None,
        // `Role::Admin.name()`
        Some(_) if matches!(tokens.as_slice(), [.., dot, TokenTree::Ident(_), TokenTree::Group(_)] if is_punct(dot, '.')) => {
            None
        }
        _ => meant::condition(&tokens, noun),
    }
}

/// Returns whether the tokens are words with signs between them, as in `orders.read`.
fn is_dotted(tokens: &[TokenTree]) -> bool {
    tokens.iter().enumerate().all(|(at, token)| match token {
        TokenTree::Ident(_) => at % 2 == 0,
        TokenTree::Punct(sign) => at % 2 == 1 && matches!(sign.as_char(), '.' | ':' | '-' | '/'),
        _ => false,
    })
}
