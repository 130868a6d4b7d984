//! The vocabulary of other frameworks.

use proc_macro2::{Ident, TokenTree};

use super::calls::{NEVER_A_NAME, SCOPE_CALLS};
use super::list::list;
use super::meaning::{Meant, Noun};
use super::several::{Several, several_scopes};
use super::spelling::{is_negative, is_upper, plain, squeezed};
use crate::syntax::{is_path, is_punct, snake_case, spelled, split, stream};

/// Reads tokens as a condition.
type Read = fn(&[TokenTree], Noun) -> Option<Meant>;

/// One part of `user.has_role("admin")`.
pub(super) struct Segment {
    pub(super) name: Ident,
    pub(super) arguments: Option<Vec<TokenTree>>,
    /// Whether a dot stands before it: it belongs to a value, not to a module.
    pub(super) is_member: bool,
}

/// Returns the condition that a word, a call, a path or a chain of calls means.
pub(super) fn meaning(segments: &[Segment], noun: Noun, read: Read) -> Option<Meant> {
    let (last, before) = segments.split_last()?;
    let word = squeezed(&last.name);
    let arguments = last.arguments.as_deref();
    match arguments {
        Some(arguments) if !arguments.is_empty() => {
            if matches!(word.as_str(), "contains" | "includes" | "has" | "any") && !before.is_empty() {
                return members(&before.last()?.name, arguments);
            }
            // A check is not told the values of a call.
            let is_check = !SCOPE_CALLS.contains(&word.as_str()) && !arguments.iter().any(is_value);
            called(&word, arguments, noun, read).or_else(|| is_check.then(|| check(segments)).flatten())
        }
        _ => asked(segments, &word),
    }
}

fn is_value(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Literal(_)) || is_punct(token, '|')
}

/// Returns the meaning of a call with arguments, if its name is known.
fn called(word: &str, arguments: &[TokenTree], noun: Noun, read: Read) -> Option<Meant> {
    let roles = || list(arguments, Noun::Role);
    let scopes = || list(arguments, Noun::Scope);
    let each = |names: Vec<String>, noun| names.into_iter().map(move |name| Meant::named(vec![name], noun)).collect();
    match word {
        "role" | "hasrole" | "anyrole" | "hasanyrole" | "hasanyroles" | "hasoneofroles" | "inrole" | "isinrole"
        | "isuserinrole" | "userhasrole" | "requirerole" | "requireanyrole" | "rolesallowed" | "secured" | "roles"
        | "isa" | "isan" | "group" | "groups" | "hasgroup" | "ingroup" | "isingroup" | "memberof" => {
            either(arguments, Noun::Role, read).or_else(|| roles().map(Meant::Roles))
        }
        "hasroles" | "hasallroles" | "allroles" | "requireroles" => Some(Meant::all(each(roles()?, Noun::Role))),
        word if SCOPE_CALLS.contains(&word) => {
            either(arguments, Noun::Scope, read).or_else(|| scopes().map(Meant::Scopes)).or_else(|| one_text(arguments))
        }
        "hasanyscope" | "hasanyscopes" | "anyscope" | "hasanypermission" => {
            Some(Meant::any(each(scopes()?, Noun::Scope)))
        }
        "hasauthority" | "hasanyauthority" => {
            roles().map(|names| Meant::any(names.iter().map(|name| authority(name)).collect()))
        }
        "hasallauthorities" => roles().map(|names| Meant::all(names.iter().map(|name| authority(name)).collect())),
        "preauthorize" | "postauthorize" => read(arguments, noun),
        "depends" | "security" => dependency(arguments),
        "check" | "checks" | "policy" | "policies" | "satisfies" | "userpassestest" => checks(arguments),
        "not" | "none" | "noneof" | "unless" => {
            conditions(arguments, noun, read).map(|parts| Meant::any(parts).negated())
        }
        "any" | "anyof" | "oneof" | "or" | "some" => conditions(arguments, noun, read).map(Meant::any),
        "all" | "allof" | "and" | "every" => conditions(arguments, noun, read).map(Meant::all),
        _ => called(without_negation(word)?, arguments, noun, read).map(Meant::negated),
    }
}

/// Returns the meaning of `Depends(get_current_user)` and `Security(get_current_user, scopes = ["me"])`.
fn dependency(arguments: &[TokenTree]) -> Option<Meant> {
    let parts = split(arguments.iter().cloned());
    match parts.as_slice() {
        [only] => match only.as_slice() {
            [.., TokenTree::Ident(name)] if squeezed(name).ends_with("currentuser") => Some(Meant::Authenticated),
            only => checks(only),
        },
        [_, scopes] => match scopes.as_slice() {
            [TokenTree::Ident(name), _, value @ ..] if name == "scopes" => list(value, Noun::Scope).map(Meant::Scopes),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the rest of `has_no_role`, `not_in_role` or `lacks_scope`.
fn without_negation(word: &str) -> Option<&str> {
    ["doesnothave", "doesnthave", "hasnot", "hasno", "isnot", "not", "no", "lacks", "without"]
        .iter()
        .find_map(|lead| word.strip_prefix(lead))
}

/// Returns the meaning of a word, a path or a call without arguments.
fn asked(segments: &[Segment], word: &str) -> Option<Meant> {
    let last = segments.last()?;
    let name = plain(&last.name);
    let subject = ["is_", "is", "Is"].iter().find_map(|lead| Some(snake_case(name.strip_prefix(lead)?)));
    match (word, subject) {
        _ if is_negative(word) => None,
        _ if let Some(noun) = named_by(segments) => Some(Meant::named(vec![format!("{name:?}")], noun)),
        (
            "authenticated" | "isauthenticated" | "loggedin" | "isloggedin" | "signedin" | "issignedin"
            | "loginrequired",
            _,
        ) => Some(Meant::Authenticated),
        _ if NEVER_A_NAME.contains(&word) => None,
        ("role" | "roles" | "scope" | "scopes" | "check" | "policy", _) => None,
        (_, Some(subject)) if is_about_a_record(&subject) => check(segments),
        (_, Some(subject)) if name.starts_with("is_") || name[2..].starts_with(char::is_uppercase) => {
            Some(Meant::Roles(vec![format!("{subject:?}")]))
        }
        _ if is_about_a_record(&name) => check(segments),
        // A variant with parentheses: `Role::Admin()`.
        _ if is_upper(&last.name) && segments.len() > 1 && !last.is_member => Some(Meant::Roles(vec![path(segments)])),
        _ if last.arguments.is_some() => check(segments),
        _ if is_upper(&last.name) => Some(Meant::Roles(vec![path(segments)])),
        _ if segments.len() == 1 => Some(Meant::Roles(vec![format!("{name:?}")])),
        _ => check(segments),
    }
}

/// Returns what `role::admin`, `role.admin` and `scope::orders` name.
fn named_by(segments: &[Segment]) -> Option<Noun> {
    match segments {
        [kind, last] if kind.arguments.is_none() && last.arguments.is_none() => match plain(&kind.name).as_str() {
            "role" | "roles" => Some(Noun::Role),
            "scope" | "scopes" => Some(Noun::Scope),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a word is about the record that the request concerns, which only a check can know.
fn is_about_a_record(word: &str) -> bool {
    let snake = snake_case(word);
    let leads = ["own", "can_", "may_", "has_", "check_", "verify_", "belongs", "mine", "self", "author", "allowed"];
    leads.iter().any(|lead| snake.starts_with(lead)) || snake.ends_with("_owner") || snake.ends_with("_of")
}

fn check(segments: &[Segment]) -> Option<Meant> {
    let calls = segments.iter().filter(|segment| segment.arguments.is_some()).count();
    let is_path = segments.iter().all(|segment| !segment.is_member);
    match segments {
        [.., last] if NEVER_A_NAME.contains(&squeezed(&last.name).as_str()) || is_no_check(&last.name) => None,
        _ if is_path && calls <= 1 => Some(Meant::Check(path(segments))),
        [.., last] => Some(Meant::Check(last.name.to_string())),
        [] => None,
    }
}

/// Returns whether no function of the user has this name: a class, or a word of this crate.
fn is_no_check(name: &Ident) -> bool {
    is_upper(name) || matches!(squeezed(name).as_str(), "check" | "checks" | "policy" | "policies" | "satisfies")
}

fn path(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.name.to_string()).collect::<Vec<_>>().join("::")
}

/// Returns the meaning of `left == right`, where one side names the compared property.
pub(super) fn compared(left: &[TokenTree], right: &[TokenTree], negates: bool, read: Read) -> Option<Meant> {
    let meant = match (flag(right), subject(left), subject(right)) {
        (Some(holds), ..) => read(left, Noun::Role).map(|meant| if holds { meant } else { meant.negated() }),
        (_, Some(subject), _) => valued(subject, right),
        (_, _, Some(subject)) => valued(subject, left),
        _ => None,
    }?;
    Some(if negates { meant.negated() } else { meant })
}

fn flag(tokens: &[TokenTree]) -> Option<bool> {
    match tokens {
        [TokenTree::Ident(word)] if word == "true" => Some(true),
        [TokenTree::Ident(word)] if word == "false" => Some(false),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Subject {
    Named(Noun),
    Authority,
    Policy,
}

/// Returns what `user.role` is about.
fn subject(tokens: &[TokenTree]) -> Option<Subject> {
    let last = tokens.iter().rev().find_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    })?;
    let is_chain = tokens.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_)));
    if is_chain { subject_of(last) } else { None }
}

fn subject_of(word: &Ident) -> Option<Subject> {
    let word = squeezed(word);
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    match () {
        () if ends(&["role", "roles"]) => Some(Subject::Named(Noun::Role)),
        () if ends(&["scope", "scopes", "scp", "permission", "permissions", "privilege", "privileges"]) => {
            Some(Subject::Named(Noun::Scope))
        }
        () if ends(&["authority", "authorities"]) => Some(Subject::Authority),
        () if ends(&["policy", "policies", "check", "checks"]) => Some(Subject::Policy),
        () => None,
    }
}

fn valued(subject: Subject, value: &[TokenTree]) -> Option<Meant> {
    match subject {
        Subject::Named(Noun::Role) => list(value, Noun::Role).map(Meant::Roles),
        Subject::Named(Noun::Scope) => list(value, Noun::Scope).map(Meant::Scopes).or_else(|| one_text(value)),
        Subject::Authority => {
            list(value, Noun::Role).map(|names| Meant::any(names.iter().map(|name| authority(name)).collect()))
        }
        Subject::Policy => checks(value),
    }
}

/// Returns the meaning of `"a|b"` alone, where scopes are named.
fn one_text(value: &[TokenTree]) -> Option<Meant> {
    let [TokenTree::Literal(literal)] = value else { return None };
    match several_scopes(literal.to_string().trim_matches('"'))? {
        Several::Either(meant) => Some(meant),
        Several::Unsaid(_) | Several::Unclear => None,
    }
}

fn members(of: &Ident, arguments: &[TokenTree]) -> Option<Meant> {
    valued(subject_of(of)?, arguments)
}

/// Returns the meaning of an authority, which may be a role or a scope.
fn authority(quoted: &str) -> Meant {
    let scope = quoted.strip_prefix("\"SCOPE_");
    let role = quoted.strip_prefix("\"ROLE_");
    match (scope, role) {
        (Some(scope), _) => Meant::Scopes(vec![format!("\"{scope}")]),
        (_, Some(role)) => Meant::Roles(vec![format!("\"{role}")]),
        _ if quoted.contains(':') => Meant::Scopes(vec![quoted.to_owned()]),
        _ => Meant::Roles(vec![quoted.to_owned()]),
    }
}

/// Reads the checks in `check("owns", frozen(), !other)`.
pub(super) fn checks(arguments: &[TokenTree]) -> Option<Meant> {
    let one = |part: Vec<TokenTree>| match part.as_slice() {
        [TokenTree::Literal(literal)] => match syn::Lit::new(literal.clone()) {
            syn::Lit::Str(text) => {
                syn::parse_str::<syn::Path>(&text.value()).is_ok().then(|| Meant::Check(text.value()))
            }
            _ => None,
        },
        [path @ .., TokenTree::Group(_)] | path if is_path(path) => Some(Meant::Check(spelled(stream(path)))),
        [not, path @ ..] if is_punct(not, '!') => checks(path).map(Meant::negated),
        _ => None,
    };
    let parts: Vec<Meant> = split(arguments.iter().cloned()).into_iter().map(one).collect::<Option<_>>()?;
    (!parts.is_empty()).then(|| Meant::all(parts))
}

fn conditions(arguments: &[TokenTree], noun: Noun, read: Read) -> Option<Vec<Meant>> {
    let parts: Vec<Meant> =
        split(arguments.iter().cloned()).iter().map(|part| read(part, noun)).collect::<Option<_>>()?;
    (!parts.is_empty()).then_some(parts)
}

/// Reads an argument that is itself an expression, for example `"a" || "b"`.
fn either(arguments: &[TokenTree], noun: Noun, read: Read) -> Option<Meant> {
    let joins = |token: &TokenTree| {
        is_punct(token, '|')
            || is_punct(token, '!')
            || is_punct(token, '&')
            || matches!(token, TokenTree::Ident(word) if ["or", "and", "not"].iter().any(|join| word == join))
    };
    if !arguments.iter().any(joins) {
        return None;
    }
    match conditions(arguments, noun, read)? {
        mut parts if parts.len() == 1 => parts.pop(),
        parts => Some(Meant::all(parts)),
    }
}
