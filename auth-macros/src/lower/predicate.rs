use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::foreign_value::credential;
use super::meant::{Extreme, Meant, Noun, condition, is_negative, squeezed, unsaid, unsaid_in};
use super::named;
use super::names::{self, Place};
use super::truth::by_roles;
use crate::diag::{Code, Problem, Sink, nearest, problem};
use crate::model::{Check, Contingent, Named, Role, Rule};
use crate::syntax::{Argument, flat, spelled, split};

const PREDICATES: &[&str] = &["role", "scope", "authenticated", "check", "policy"];

/// Turns names into rules, and records the handler's other needs.
#[derive(Default)]
pub(super) struct Predicates {
    /// The checks, each once, at the index by which rules refer to it.
    pub(super) checks: Vec<Check>,
    /// The named policies that must hold beside the rule, each once.
    pub(super) named: Vec<Named>,
    /// Pairs of roles of one list, of which neither may imply the other.
    pub(super) apart: Vec<(Role, Role)>,
    /// Expressions that the hierarchy of roles must not decide.
    pub(super) contingent: Vec<Contingent>,
}

impl Predicates {
    /// Lowers `role("a", "b")`, `scope("a")`, `authenticated` or `check(path)`.
    pub(super) fn predicate(&mut self, name: &Ident, arguments: Option<&Group>, sink: &mut Sink) -> Option<Rule> {
        match (name.to_string().as_str(), arguments) {
            ("role", Some(list)) => self.roles(&Place::predicate(name, list), &arguments_of(list), sink),
            ("scope", Some(list)) => self.scopes(&Place::predicate(name, list), &arguments_of(list), sink),
            ("check", Some(list)) => sink.keep(check(name, list)).map(|check| self.check(check)),
            ("policy", Some(list)) => {
                sink.push(named::elsewhere(name, list));
                None
            }
            ("authenticated", None) => Some(Rule::Authenticated),
            (typed, _) => {
                sink.push(unfit(name, typed, arguments));
                None
            }
        }
    }

    /// Builds the rule that the caller has at least one of the roles.
    pub(super) fn roles(&mut self, at: &Place, arguments: &[Argument], sink: &mut Sink) -> Option<Rule> {
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
                let text = problem(always).note("a caller with a role has the roles that it implies, too").text();
                let roles = decisions.roles.clone();
                self.contingent.push(Contingent { at: at.clone(), text, roles, rows: rows.clone() });
            }
        }
    }

    /// Builds the rule that the caller has all of the scopes.
    pub(super) fn scopes(&mut self, at: &Place, arguments: &[Argument], sink: &mut Sink) -> Option<Rule> {
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
    let call = quote!(#name #list);
    if tokens.is_empty() {
        return Err(problem(call, Code::MalformedPredicate, "no check is named").advice(NAME_A_CHECK));
    }
    let meant = condition(&flat(call.clone()), Noun::Role);
    let wrong = problem(call, Code::MalformedPredicate, "the path of one `#[check]` function belongs here");
    Err(match meant {
        Some(meant) => wrong.write(meant.operand()),
        None => wrong.advice(NAME_A_CHECK),
    })
}

const NAME_A_CHECK: &str = "name a `#[check]` function by its path, such as `check(owns_post)`";

/// Words the problem of a known predicate in the wrong form, or of an unknown one.
fn unfit(name: &Ident, typed: &str, arguments: Option<&Group>) -> Problem {
    let malformed = |message: &str| problem(quote!(#name #arguments), Code::MalformedPredicate, message);
    match typed {
        "role" => malformed("`role` names no role").write("role(\"admin\")"),
        "scope" => malformed("`scope` names no scope").write("scope(\"orders:write\")"),
        "check" => malformed("`check` names no check").advice(NAME_A_CHECK),
        "policy" => malformed("`policy` names no policy").advice(named::NAME_A_POLICY),
        "authenticated" => malformed("`authenticated` takes nothing").write("authenticated"),
        _ => unknown(name, typed, arguments),
    }
}

fn unknown(name: &Ident, typed: &str, arguments: Option<&Group>) -> Problem {
    const NOTE: &str = "conditions are `role(..)`, `scope(..)`, `authenticated`, `check(path)` and `policy(Type)`";
    let call = quote!(#name #arguments);
    let tokens = flat(call.clone());
    let unknown = |at: TokenStream| problem(at, Code::UnknownPredicate, format_args!("unknown condition `{typed}`"));
    if let Some(extreme) = Extreme::read(&tokens) {
        return unknown(call).advice(extreme.advice());
    }
    if let Some(line) = of_protected(typed, arguments) {
        return unknown(call).advice(format_args!("it belongs in `{line}`"));
    }
    let near = nearest(typed, PREDICATES).filter(|_| !is_opposite(name));
    if let (Some(near @ ("role" | "scope" | "check")), Some(_)) = (near, arguments) {
        return unknown(quote!(#name)).did_you_mean(Some(near)).note(NOTE);
    }
    if near == Some("authenticated") {
        return unknown(call).did_you_mean(near).note(NOTE);
    }
    match condition(&tokens, Noun::Role) {
        Some(meant) if arguments.is_none() && typed != "role" && meant.operand().starts_with("role(\"") => {
            unknown(call)
                .write(meant.operand())
                .because(format_args!("a `#[check]` function is asked by `check({typed})`"))
                .note(NOTE)
        }
        Some(meant) => unknown(call).write(meant.operand()).note(NOTE),
        None if let Some(names) = unsaid_in(&tokens) => {
            unknown(call).advice(unsaid(&Meant::Scopes(names.clone()).operand(), &names, Meant::operand)).note(NOTE)
        }
        None => unknown(call).advice("decide it in a `#[check]` function, and ask it by `check(its_name)`").note(NOTE),
    }
}

/// Returns the attribute that asks for a kind of credential or for a recent login.
fn of_protected(typed: &str, arguments: Option<&Group>) -> Option<String> {
    match (typed, credential(typed), arguments) {
        ("via", _, Some(list)) => Some(format!("#[protected(via({}))]", spelled(list.stream()))),
        ("fresh", ..) => Some("#[protected(fresh = 5 min)]".to_owned()),
        (_, Some(kind), None) => Some(format!("#[protected(via({}))]", kind.name())),
        _ => None,
    }
}

/// Returns whether a near word would be the opposite: `no_role` is not `role`.
fn is_opposite(name: &Ident) -> bool {
    let word = squeezed(name);
    is_negative(&word) || word.starts_with("no") || word.starts_with("un") || word.starts_with("lacks")
}
