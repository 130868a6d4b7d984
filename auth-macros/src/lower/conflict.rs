use super::foreign_value::shown;
use super::misplaced::says_access;
use crate::attribute::Attribute;
use crate::diag::{Code, Problem, Sink, problem};
use crate::syntax::{Clause, spelled};

/// Attributes that contradict each other: `#[public]` admits everyone, and the other attribute does not.
const CONTRADICTIONS: &[(Attribute, Attribute)] = &[
    (Attribute::Public, Attribute::Protected),
    (Attribute::Public, Attribute::RequireRole),
    (Attribute::Public, Attribute::RequireScope),
    (Attribute::Public, Attribute::Authorize),
];

/// Refuses attributes that contradict or repeat each other, and limits without an access attribute. Returns whether it
/// refused nothing.
pub(super) fn check(clauses: &[&Clause], sink: &mut Sink) -> bool {
    let problems: Vec<Problem> = contradictions(clauses)
        .chain(repetitions(clauses))
        .chain(no_access(clauses))
        .chain(two_runtimes(clauses))
        .collect();
    let is_consistent = problems.is_empty();
    problems.into_iter().for_each(|problem| sink.push(problem));
    is_consistent
}

/// Refuses `#[public] #[require_role("admin")]`.
fn contradictions(clauses: &[&Clause]) -> impl Iterator<Item = Problem> {
    CONTRADICTIONS.iter().filter_map(|(one, other)| {
        let _ = clauses.iter().find(|clause| clause.attribute == *one)?;
        let clause = clauses.iter().find(|clause| clause.attribute == *other)?;
        let message = format_args!("`{other}` contradicts `{one}` on the same handler");
        Some(
            problem(&clause.name, Code::PublicContradicted, message)
                .advice("keep one: `#[public]` for everyone, the other to keep callers out"),
        )
    })
}

/// Refuses `#[require_role("a")] #[require_role("b")]`: the user must state whether both are required or either.
fn repetitions(clauses: &[&Clause]) -> impl Iterator<Item = Problem> {
    clauses.windows(2).filter_map(|pair| match pair {
        [first, second] if first.attribute == second.attribute && first.attribute != Attribute::RateLimit => {
            Some(given_twice(first, second))
        }
        _ => None,
    })
}

fn given_twice(first: &Clause, second: &Clause) -> Problem {
    let attribute = second.attribute;
    let arguments = |clause: &Clause| {
        let parts: Vec<String> = clause.arguments().iter().map(shown).collect();
        parts.join(", ")
    };
    let (first_list, second_list) = (arguments(first), arguments(second));
    let share = |option: &str| first_list.contains(option) && second_list.contains(option);
    let at = |clause: &Clause| problem(&clause.name, Code::GivenTwice, format_args!("`{attribute}` is given twice"));
    if second_list.is_empty() || first_list == second_list {
        return at(second).remove();
    }
    if first_list.is_empty() {
        return at(first).remove();
    }
    let joined = match attribute {
        Attribute::RequireRole => format!("#[authorize(role({first_list}) && role({second_list}))]"),
        Attribute::Authorize => format!("#[authorize(({first_list}) && ({second_list}))]"),
        _ => format!("#[{}({first_list}, {second_list})]", attribute.name()),
    };
    at(second).advice(match attribute {
        Attribute::Public | Attribute::CsrfExempt => "keep one".to_owned(),
        Attribute::Body if share("max") || share("within") => "keep one".to_owned(),
        Attribute::Protected if ["via", "fresh", "issuer"].into_iter().any(share) => "keep one".to_owned(),
        _ => format!("join them: `{joined}`"),
    })
}

const FOR_EVERYONE: &str = "for everyone, add `#[public(because = \"…\")]`";

/// Refuses `#[body(..)]`, `#[rate_limit(10/min)]`, `#[csp(..)]` or `#[csrf_exempt(..)]` alone, because it does not
/// state who may call.
fn no_access(clauses: &[&Clause]) -> Option<Problem> {
    if clauses.iter().any(|clause| clause.attribute.declares_access() || says_access(clause)) {
        return None;
    }
    let first = clauses.first()?;
    let no_access = |message| problem(&first.name, Code::NoAccess, message).add("#[protected]");
    Some(match first.attribute {
        Attribute::Csp => no_access("a policy for browsers alone does not say who may call").note(FOR_EVERYONE),
        Attribute::CsrfExempt => no_access("an exemption alone does not say who may call"),
        Attribute::Body => no_access("a bound on the body alone does not say who may call").note(FOR_EVERYONE),
        _ => no_access("a limit alone does not say who may call").note(FOR_EVERYONE),
    })
}

/// Refuses `#[protected(crate = a)] #[rate_limit(1/min, crate = b)]`.
fn two_runtimes(clauses: &[&Clause]) -> Option<Problem> {
    let mut runtimes = clauses.iter().filter_map(|clause| clause.runtime.as_ref());
    let first = spelled(runtimes.next()?.clone());
    let other = runtimes.find(|other| spelled((*other).clone()) != first)?;
    let message =
        format_args!("`crate = {}` contradicts `crate = {first}` on the same handler", spelled(other.clone()));
    Some(problem(other, Code::TwoRuntimes, message).write(first))
}
