//! Options that an attribute does not have.

use proc_macro2::{Ident, TokenTree};

use super::foreign_value::{self, letters};
use super::known_options::{CSRF_REASON, Form, Known, OPTIONS, is_off, is_on};
use super::misplaced::is_role_word;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, nearest, one_of, problem};
use crate::syntax::Argument;

/// The names that other frameworks give to the options of these attributes.
const ELSEWHERE: &[(Attribute, &str, &[&str])] = &[
    (Attribute::Public, "because", REASONS),
    (Attribute::Csp, "because", REASONS),
    (Attribute::CsrfExempt, "because", REASONS),
    (
        Attribute::Protected,
        "via",
        &[
            "auth",
            "authmethod",
            "authmethods",
            "credential",
            "credentials",
            "guard",
            "guards",
            "method",
            "methods",
            "scheme",
            "schemes",
            "authenticationschemes",
            "security",
            "strategy",
        ],
    ),
    (
        Attribute::Protected,
        "fresh",
        &["maxage", "maxauthage", "maxloginage", "loginage", "recent", "reauth", "stepup", "sudo", "within"],
    ),
    (
        Attribute::Protected,
        "issuer",
        &["issuers", "iss", "idp", "identityprovider", "provider", "providers", "trusted", "vouchedby"],
    ),
    (
        Attribute::Body,
        "max",
        &["bytes", "length", "limit", "maxbody", "maxbodysize", "maxbytes", "maxlength", "maxsize", "most", "size"],
    ),
    (Attribute::Body, "within", &["deadline", "duration", "maxtime", "readtimeout", "time", "timeout"]),
    (Attribute::RateLimit, "by", &["key", "keyby", "keyfunc", "keyedby", "per"]),
    (Attribute::RateLimit, "burst", &["capacity", "maxburst", "burstsize"]),
    (Attribute::RateLimit, "cost", &["weight"]),
    (Attribute::RateLimit, "name", &["bucket", "group", "id", "label", "scope"]),
    (Attribute::RateLimit, "on_outage", &["fallback", "onerror", "onfailure"]),
    (Attribute::RateLimit, "shadow", &["dryrun", "logonly", "reportonly"]),
];

const REASONS: &[&str] = &["why", "reason", "comment", "note", "description", "desc", "summary", "justification"];

/// Returns what other frameworks call the behaviour while counters cannot be read.
pub(super) fn behaviour(word: &str) -> Option<&'static str> {
    match letters(word).as_str() {
        "open" | "failopen" | "pass" | "permit" | "skip" | "ignore" => Some("allow"),
        "closed" | "close" | "failclosed" | "failclose" | "refuse" | "reject" | "error" | "block" => Some("deny"),
        "memory" | "inmemory" | "process" | "fallback" => Some("local"),
        _ => None,
    }
}

/// Words the problem of an option that `attribute` does not have.
pub(super) fn unknown(attribute: Attribute, name: &Ident, value: &[TokenTree], argument: &Argument) -> Problem {
    let typed = name.to_string();
    let own: Vec<&str> = OPTIONS.iter().filter(|known| known.attribute == attribute).map(|known| known.name).collect();
    let message = format!("unknown option `{typed}` of `{attribute}`");
    if let Some(problem) = worded(attribute, &typed, value, argument, &message) {
        return problem;
    }
    let near = nearest(&typed, &own);
    let is_reason = typed == "because" && near.is_none();
    let problem = match is_reason {
        // A reason says why a handler is open. Moving it to `#[public]` would open this one.
        true => problem(argument, Code::UnknownOption, message)
            .remove()
            .because("only `#[public]`, `#[csp]` and `#[csrf_exempt]` have a reason"),
        false => problem(name, Code::UnknownOption, message).did_you_mean(near),
    };
    match own.as_slice() {
        [] => problem.note(format_args!("`{attribute}` has no options but `crate`")),
        [only] => problem.note(format_args!("the only option is `{only}`")),
        own => problem.note(format_args!("options are {}", one_of(own).replace(" or ", ", "))),
    }
}

/// Words the problem where the user's words tell the intended option.
fn worded(
    attribute: Attribute,
    typed: &str,
    value: &[TokenTree],
    argument: &Argument,
    message: &str,
) -> Option<Problem> {
    let at = |argument: &Argument| problem(argument, Code::UnknownOption, message);
    let is_call = matches!(argument, Argument::Call { .. });
    match (attribute, letters(typed).as_str()) {
        (
            Attribute::Protected,
            "true" | "authenticated" | "required" | "loginrequired" | "auth" | "authrequired" | "requireauth"
            | "requiresauth" | "requirelogin",
        ) if is_on(value) => {
            return Some(at(argument).remove().because("`#[protected]` alone asks for a login"));
        }
        (Attribute::Public, "false") => {
            return Some(at(argument).advice("to ask for a login, write `#[protected]` in place of `#[public]`"));
        }
        (Attribute::Protected, "csrf" | "csrfprotection" | "csrfexempt" | "verifycsrf" | "antiforgery")
            if !value.is_empty() =>
        {
            return Some(at(argument).advice(format_args!("it belongs in `#[csrf_exempt({CSRF_REASON})]`")));
        }
        (Attribute::RateLimit, "failopen" | "failclosed") if is_on(value) => {
            return Some(at(argument).write(format_args!("on_outage = {}", behaviour(typed)?)));
        }
        (Attribute::Public, "true") => {
            return Some(at(argument).remove().because("`#[public]` alone admits every caller"));
        }
        (Attribute::Public, "optional" | "optionalauth" | "maybe" | "anonymous") => {
            return Some(
                at(argument).remove().because("an `Option<Identity>` argument takes the caller, if there is one"),
            );
        }
        (Attribute::Protected, "false" | "optional" | "optionalauth" | "maybe" | "autoerror" | "required") => {
            return Some(at(argument).advice("an optional login is `#[public]` with an `Option<Identity>` argument"));
        }
        (Attribute::Protected, _) if value.is_empty() && foreign_value::credential(typed).is_some() => {
            let kind = foreign_value::credential(typed)?.name();
            return Some(at(argument).write(format_args!("via({kind})")));
        }
        (Attribute::RequireRole, word) if is_role_word(word) && !is_call => {
            let names = super::misplaced::role_names(value)?;
            return Some(at(argument).write(names));
        }
        _ => {}
    }
    let known = similar(attribute, typed)?;
    Some(match known.written(value) {
        None if known.form() == Form::Flag && is_off(value) => at(argument).remove(),
        Some(written) => at(argument).write(written),
        None => at(argument).advice(format_args!("give it as in `{}`", known.example)),
    })
}

/// Returns whether `name` is another name of an option.
pub(super) fn is_similar(attribute: Attribute, name: &Ident) -> bool {
    similar(attribute, &name.to_string()).is_some()
}

fn similar(attribute: Attribute, typed: &str) -> Option<&'static Known> {
    let typed = letters(typed);
    let (_, name, _) = ELSEWHERE.iter().find(|(of, _, words)| *of == attribute && words.contains(&typed.as_str()))?;
    OPTIONS.iter().find(|known| known.attribute == attribute && known.name == *name)
}
