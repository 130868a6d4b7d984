//! Arguments that say what another attribute says: `#[protected(role("admin"))]`.

mod place;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

pub(super) use place::role_names;
use place::{Place, rate, roles, scopes, whole};

use super::csp::is_directive;
use super::foreign_value::{credential, letters, shown};
use super::known_options::OPTIONS;
use super::size;
use crate::attribute::Attribute;
use crate::diag::{Code, Sink, problem};
use crate::syntax::{Argument, Clause, Rate, flat, is_path, is_punct, spelled, stream};

const ROLE_WORDS: &[&str] = &[
    "role",
    "roles",
    "anyrole",
    "hasrole",
    "hasanyrole",
    "requirerole",
    "requireroles",
    "rolesallowed",
    "allowedroles",
    "authority",
    "authorities",
    "hasauthority",
    "hasanyauthority",
    "group",
    "groups",
];

const SCOPE_WORDS: &[&str] = &[
    "scope",
    "scopes",
    "hasscope",
    "requirescope",
    "requirescopes",
    "permission",
    "permissions",
    "haspermission",
    "ability",
    "abilities",
    "can",
];

const LIMIT_WORDS: &[&str] = &["limit", "limits", "rate", "ratelimit", "throttle", "limiter", "quota"];

const PUBLIC_WORDS: &[&str] = &["permitall", "allowanonymous", "public", "isanonymous", "everyone"];

/// Returns the arguments without those that belong in another attribute, and reports these.
pub(super) fn taken_out(clause: &Clause, arguments: Vec<Argument>, sink: &mut Sink) -> Vec<Argument> {
    let mut kept = Vec::new();
    let mut misplaced = Vec::new();
    for argument in arguments {
        match place(clause.attribute, &argument) {
            Some(place) => misplaced.push((argument, place)),
            None => kept.push(argument),
        }
    }
    let Some((first, place)) = misplaced.first() else { return kept };
    let is_new = |(_, place): &(Argument, Place)| place.line.is_some() && !clause.beside.contains(&place.attribute);
    let is_one_each = misplaced
        .iter()
        .all(|(_, one)| misplaced.iter().filter(|(_, other)| one.attribute == other.attribute).count() == 1);
    let (code, message) = wording(clause.attribute, first);
    if is_one_each && misplaced.iter().all(is_new) {
        let lines = misplaced.iter().filter_map(|(_, place)| place.line.clone());
        let rest = remaining(clause.attribute, &kept, &misplaced);
        let whole: Vec<String> = rest.into_iter().chain(lines).collect();
        sink.push(problem(&clause.name, code, message).write(whole.join(" ")));
        return kept;
    }
    let belongs = format!("it belongs in `{}`", place.line.as_ref().unwrap_or(&place.example));
    sink.push(problem(first, code, message).advice(belongs));
    for (argument, place) in &misplaced[1..] {
        let (code, message) = wording(clause.attribute, argument);
        let belongs = format!("it belongs in `{}`", place.line.as_ref().unwrap_or(&place.example));
        sink.push(problem(argument, code, message).advice(belongs));
    }
    kept
}

/// Returns an `#[authorize]` without the options of other attributes, which it reports. Returns `None` if it has
/// nothing else.
pub(super) fn expression(clause: &Clause, sink: &mut Sink) -> Option<Clause> {
    let arguments = clause.arguments();
    let is_misplaced = |argument: &Argument| {
        matches!(argument, Argument::Set { .. } | Argument::Call { .. }) && place(clause.attribute, argument).is_some()
    };
    let kept = clause.parts.iter().zip(&arguments).filter(|(_, argument)| !is_misplaced(argument));
    let parts: Vec<TokenStream> = kept.map(|(part, _)| part.clone()).collect();
    if parts.len() == clause.parts.len() {
        return Some(clause.clone());
    }
    taken_out(clause, arguments, sink);
    (!parts.is_empty()).then(|| Clause { parts, ..clause.clone() })
}

pub(super) fn is_role_word(plain: &str) -> bool {
    ROLE_WORDS.contains(&plain)
}

fn wording(attribute: Attribute, argument: &Argument) -> (Code, String) {
    match argument {
        Argument::Word(name) | Argument::Set { name, .. } | Argument::Call { name, .. } => {
            (Code::UnknownOption, format!("unknown option `{name}` of `{attribute}`"))
        }
        _ => (Code::StrayToken, format!("`{}` means nothing in `{attribute}`", shown(argument))),
    }
}

/// Returns the attribute without the arguments that leave it, or `None` if it says nothing more then.
fn remaining(attribute: Attribute, kept: &[Argument], misplaced: &[(Argument, Place)]) -> Option<String> {
    let is_said = misplaced.iter().any(|(_, place)| place.attribute.declares_access());
    let name = attribute.name();
    match (attribute, kept) {
        // Another attribute that declares access contradicts it.
        (Attribute::Public, _) if is_said => None,
        (Attribute::Public | Attribute::Body | Attribute::RateLimit | Attribute::CsrfExempt, []) => {
            Some(format!("#[{name}]"))
        }
        (Attribute::Csp, []) => None,
        (_, []) if is_said => None,
        (_, []) => Some(format!("#[{name}]")),
        (_, kept) => {
            let arguments: Vec<String> = kept.iter().map(shown).collect();
            Some(format!("#[{name}({})]", arguments.join(", ")))
        }
    }
}

fn place(of: Attribute, argument: &Argument) -> Option<Place> {
    let place = match argument {
        Argument::Word(name) => named(of, &name.to_string(), None, argument),
        Argument::Set { name, value, .. } => {
            // `role == "admin"`
            let value = match value.as_slice() {
                [equals, value @ ..] if is_punct(equals, '=') => value,
                value => value,
            };
            named(of, &name.to_string(), Some(value), argument)
        }
        Argument::Call { name, arguments } => {
            let value: Vec<TokenTree> = arguments.stream().into_iter().collect();
            named(of, &name.to_string(), Some(&value), argument)
        }
        Argument::Text(_) | Argument::Path(_) | Argument::Other(_) => unnamed(of, argument),
    };
    place.filter(|place| place.attribute != of)
}

fn named(of: Attribute, name: &str, value: Option<&[TokenTree]>, argument: &Argument) -> Option<Place> {
    let is_list = matches!(of, Attribute::RequireRole | Attribute::RequireScope);
    if let Some(place) = option(of, name, value, argument) {
        return Some(place);
    }
    let word = letters(name);
    // Django's words for the name of a counter.
    if of == Attribute::Authorize || of == Attribute::RateLimit && matches!(word.as_str(), "group" | "scope") {
        return None;
    }
    let has = |words: &[&str]| words.contains(&word.as_str());
    let value = match value {
        Some(value) => value,
        None if has(PUBLIC_WORDS) && of == Attribute::Protected => {
            return Some(whole(Attribute::Public, Some("#[public]".to_owned())));
        }
        None => return attribute_alone(of, name),
    };
    // A list judges names of its own kind, and calls that hold names, itself.
    let is_other_kind = has(if of == Attribute::RequireRole { SCOPE_WORDS } else { ROLE_WORDS });
    if is_list && !(is_other_kind && matches!(argument, Argument::Set { .. })) {
        return None;
    }
    if has(ROLE_WORDS) {
        return Some(roles(value));
    }
    if has(SCOPE_WORDS) {
        return Some(scopes(value));
    }
    // In `#[body]`, a limit is one of bytes.
    if has(LIMIT_WORDS) && !matches!(of, Attribute::Body | Attribute::RateLimit) {
        return Some(rate(&word, value));
    }
    if (word == "csp" || is_directive(&word)) && of != Attribute::Csp {
        let example =
            if word == "csp" { format!("#[{}]", shown(argument)) } else { format!("#[csp({})]", shown(argument)) };
        return Some(Place { example, ..whole(Attribute::Csp, None) });
    }
    if word == "check" {
        let path = is_path(value).then(|| format!("#[authorize(check({}))]", spelled(stream(value))));
        return Some(Place { example: "#[authorize(check(..))]".to_owned(), ..whole(Attribute::Authorize, path) });
    }
    None
}

/// Returns the place of `protected` and `public` in an attribute that does not say who may call.
fn attribute_alone(of: Attribute, name: &str) -> Option<Place> {
    let attribute = [Attribute::Public, Attribute::Protected].into_iter().find(|attribute| attribute.name() == name)?;
    (!of.declares_access()).then(|| whole(attribute, Some(format!("#[{name}]"))))
}

/// Returns whether an argument says who may call, in an attribute that does not.
pub(super) fn says_access(clause: &Clause) -> bool {
    !clause.attribute.declares_access()
        && clause.arguments().iter().any(|argument| {
            place(clause.attribute, argument)
                .is_some_and(|place| place.attribute.declares_access() && place.line.is_some())
        })
}

/// Returns the place of an option of another attribute.
fn option(of: Attribute, name: &str, value: Option<&[TokenTree]>, argument: &Argument) -> Option<Place> {
    if OPTIONS.iter().any(|known| known.attribute == of && known.name == name) || name == "because" {
        return None;
    }
    let is_name = matches!((of, value), (Attribute::RequireRole | Attribute::RequireScope, None));
    let known = OPTIONS.iter().find(|known| known.name == name && !is_name)?;
    if known.attribute == Attribute::Body && !is_of_body(of, name, value.unwrap_or_default()) {
        return None;
    }
    let said = known.written(value.unwrap_or_default());
    let written = said.clone().unwrap_or_else(|| shown(argument));
    Some(match known.attribute {
        // How often the handler may be called is for the user to say.
        Attribute::RateLimit => {
            Place { attribute: Attribute::RateLimit, line: None, example: format!("#[rate_limit(10/min, {written})]") }
        }
        attribute => Place {
            attribute,
            line: said.map(|said| format!("#[{}({said})]", attribute.name())),
            example: format!("#[{}({})]", attribute.name(), known.example),
        },
    })
}

/// Returns whether an option is the one of `#[body]`. In the words of others, `max` counts requests, and `within` is
/// the window of a rate or the age of a login.
fn is_of_body(of: Attribute, name: &str, value: &[TokenTree]) -> bool {
    match name {
        "max" => size::has_unit(value),
        _ => !matches!(of, Attribute::Protected | Attribute::RateLimit),
    }
}

fn unnamed(of: Attribute, argument: &Argument) -> Option<Place> {
    let tokens = flat(argument.to_token_stream());
    if Rate::read(&tokens).is_some() && of != Attribute::RateLimit {
        return Some(rate("", &tokens));
    }
    if !matches!(of, Attribute::Public | Attribute::Protected) {
        return None;
    }
    match argument {
        Argument::Text(text) if credential(&text.value()).is_some() => None,
        Argument::Text(text) if text.value().starts_with("throttle:") => Some(rate("", &tokens)),
        Argument::Path(_) if of == Attribute::Protected => Some(roles(&tokens)),
        Argument::Text(text) if of == Attribute::Protected && text.value().contains(':') => Some(scopes(&tokens)),
        Argument::Text(_) if of == Attribute::Protected => Some(roles(&tokens)),
        Argument::Other(_) if is_expression(&tokens) => {
            let expression = spelled(stream(&tokens));
            let line = format!("#[authorize({expression})]");
            Some(whole(Attribute::Authorize, Some(line)))
        }
        Argument::Other(_) if of == Attribute::Protected && is_list(&tokens) => Some(roles(&tokens)),
        _ => None,
    }
}

fn is_list(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket)
}

/// Returns whether the tokens join predicates: `role("a") && scope("b")`.
fn is_expression(tokens: &[TokenTree]) -> bool {
    let has_predicate = tokens.windows(2).any(|pair| {
        matches!(pair, [TokenTree::Ident(name), TokenTree::Group(_)] if name == "role" || name == "scope" || name == "check")
    });
    let text = spelled(stream(tokens));
    has_predicate && (text.contains("&&") || text.contains("||") || text.starts_with('!'))
}
