use proc_macro2::{Group, Ident, TokenStream, TokenTree};

use super::{names, truth::by_roles};
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::model::{Check, Contingent, Role, Rule};
use crate::syntax::{Argument, flat, spelled, split};

const PREDICATES: &[&str] = &["role", "scope", "authenticated", "check"];

/// Turns names into rules, and records the handler's other needs.
#[derive(Default)]
pub(super) struct Predicates {
    /// The checks, each once, at the index by which rules refer to it.
    pub(super) checks: Vec<Check>,
    /// Pairs of roles of one list, of which neither may imply the other.
    pub(super) apart: Vec<(Role, Role)>,
    /// Expressions that the hierarchy of roles must not decide.
    pub(super) contingent: Vec<Contingent>,
}

impl Predicates {
    /// Lowers `role("a", "b")`, `scope("a")`, `authenticated` or `check(path)`.
    pub(super) fn predicate(&mut self, name: &Ident, arguments: Option<&Group>, sink: &mut Sink) -> Option<Rule> {
        match (name.to_string().as_str(), arguments) {
            ("role", Some(list)) => self.roles(name, &arguments_of(list), sink),
            ("scope", Some(list)) => self.scopes(name, &arguments_of(list), sink),
            ("check", Some(list)) => sink.keep(check(name, list)).map(|check| self.check(check)),
            ("authenticated", None) => Some(Rule::Authenticated),
            (typed, _) => {
                sink.push(unfit(name, typed, arguments));
                None
            }
        }
    }

    /// Builds the rule that the caller has at least one of the roles.
    pub(super) fn roles(&mut self, at: &Ident, arguments: &[Argument], sink: &mut Sink) -> Option<Rule> {
        let roles = names::roles(at, arguments, sink)?;
        for (at, later) in roles.iter().enumerate() {
            self.keep_apart(&roles[..at], later);
        }
        Some(Rule::any(roles.into_iter().map(Rule::Role).collect()))
    }

    /// Notes that the later role must be apart from each earlier one, as alternatives of one another.
    pub(super) fn keep_apart(&mut self, earlier: &[Role], later: &Role) {
        for earlier in earlier.iter().filter(|earlier| need_compiler(earlier, later)) {
            let is_pair = |(a, b): &(Role, Role)| a.spelled() == earlier.spelled() && b.spelled() == later.spelled();
            if !self.apart.iter().any(is_pair) {
                self.apart.push((earlier.clone(), later.clone()));
            }
        }
    }

    /// Notes what the compiler has to decide about a rule: whether the hierarchy of roles makes it hold always or
    /// never. `problem` words the problem of a rule that always holds, or never.
    pub(super) fn ask_compiler(&mut self, rule: &Rule, at: &TokenStream, problem: impl Fn(bool) -> Problem) {
        let Some(decisions) = by_roles(rule) else { return };
        for (rows, always) in [(&decisions.hold, false), (&decisions.fail, true)] {
            if !decisions.are_certain(rows) {
                let text = problem(always).note("whoever holds a role holds the roles that it implies").text();
                let roles = decisions.roles.clone();
                self.contingent.push(Contingent { at: at.clone(), text, roles, rows: rows.clone() });
            }
        }
    }

    /// Builds the rule that the caller has all of the scopes.
    pub(super) fn scopes(&mut self, at: &Ident, arguments: &[Argument], sink: &mut Sink) -> Option<Rule> {
        let scopes = names::scopes(at, arguments, sink)?;
        Some(Rule::all(scopes.into_iter().map(Rule::Scope).collect()))
    }

    fn check(&mut self, check: Check) -> Rule {
        let known = self.checks.iter().position(|known| known.spelled == check.spelled);
        let index = known.unwrap_or(self.checks.len());
        if known.is_none() {
            self.checks.push(check.clone());
        }
        Rule::Check(index, check)
    }
}

/// Returns whether only the compiler can compare two roles. Different strings differ, but only the compiler knows the
/// value of a path.
fn need_compiler(a: &Role, b: &Role) -> bool {
    !matches!((a, b), (Role::Named(_), Role::Named(_)))
}

fn arguments_of(list: &Group) -> Vec<Argument> {
    split(flat(list.stream())).into_iter().map(Argument::read).collect()
}

fn check(name: &Ident, list: &Group) -> Result<Check, Problem> {
    let tokens: Vec<TokenTree> = flat(list.stream());
    let parts = split(tokens.clone());
    if let [path] = parts.as_slice()
        && let Some(path) = names::only_path(path)
    {
        return names::free_path(path).map(|path| Check { spelled: spelled(path.clone()), path });
    }
    let wrong = if tokens.is_empty() {
        problem(name, Code::MalformedPredicate, "no check is named")
    } else {
        problem(list.stream(), Code::MalformedPredicate, "the path of one `#[check]` function belongs here")
    };
    Err(wrong.advice("write `check(owns_post)`; join several by `&&`"))
}

/// Words the problem of a known predicate in the wrong form, or of an unknown one.
fn unfit(name: &Ident, typed: &str, arguments: Option<&Group>) -> Problem {
    let malformed = |message: &str, help: &str| problem(name, Code::MalformedPredicate, message).advice(help);
    match typed {
        "role" => malformed("`role` names no role", "write `role(\"admin\")`"),
        "scope" => malformed("`scope` names no scope", "write `scope(\"orders:write\")`"),
        "check" => malformed("`check` names no check", "write `check(owns_post)`"),
        "authenticated" => malformed("`authenticated` takes nothing", "write it without parentheses"),
        _ => unknown(name, typed, arguments),
    }
}

fn unknown(name: &Ident, typed: &str, arguments: Option<&Group>) -> Problem {
    let unknown = problem(name, Code::UnknownPredicate, format_args!("unknown condition `{typed}`"))
        .note("conditions are `role(..)`, `scope(..)`, `authenticated` and `check(path)`");
    match (typed, nearest(typed, PREDICATES), arguments) {
        ("true", ..) => unknown.advice("to admit every signed-in caller, write `#[protected]`"),
        ("any", ..) => unknown.advice("join the conditions by `||`"),
        ("all", ..) => unknown.advice("join the conditions by `&&`"),
        (_, Some(near), _) => unknown.did_you_mean(Some(near)),
        (_, None, None) => unknown
            .advice(format_args!("write `role({typed:?})` for a role, `check({typed})` for a `#[check]` function")),
        (_, None, Some(_)) => unknown.advice(format_args!("write `check({typed})` for a `#[check]` function")),
    }
}
