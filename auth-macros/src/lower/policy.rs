use quote::ToTokens;

use super::access::{self, Narrowing};
use super::callers::Callers;
use super::limit::{self, Placed};
use super::names::Place;
use super::options::Options;
use super::predicate::Predicates;
use super::rule::authorize;
use super::truth::constant;
use super::{assigned, body, conflict, csp, csrf, misplaced, overlap};
use crate::attribute::Attribute;
use crate::diag::{Code, Sink, problem};
use crate::model::{Access, Limit, Policy, Protection, Rule};
use crate::syntax::{Argument, Clause};

/// Builds the policy of all clauses, in any order. Returns `None` if a problem prevents it.
pub(crate) fn policy(clauses: &[Clause], sink: &mut Sink) -> Option<Policy> {
    let mut clauses: Vec<&Clause> = clauses.iter().collect();
    clauses.sort_by_key(|clause| clause.attribute);
    let is_consistent = conflict::check(&clauses, sink);
    let assigned: Vec<_> = clauses.iter().filter(|clause| clause.is_assigned).collect();
    if !assigned.is_empty() {
        assigned.into_iter().for_each(|clause| sink.push(assigned::problem_of(clause)));
        return None;
    }
    let access = access(&clauses, sink);
    let access = csrf::exempted(access, &clauses, sink);
    let limits = limits(&clauses, access.as_ref().filter(|_| is_consistent), sink);
    let body = body::body(&clauses, sink);
    let csp = csp::csp(&clauses, sink);
    Some(Policy { access: access?, body: body?, limits: limits?, csp: csp? })
}

pub(super) fn access(clauses: &[&Clause], sink: &mut Sink) -> Option<Access> {
    let mut predicates = Predicates::default();
    let mut rules = Vec::new();
    let mut because = None;
    let mut narrowing = Narrowing::default();
    for clause in clauses {
        match clause.attribute {
            Attribute::Public => because = Some(access::public(clause, sink)),
            Attribute::Protected => narrowing = access::protected(clause, sink),
            Attribute::RequireRole => {
                let names = names(clause, sink);
                rules.push(names.and_then(|names| predicates.roles(&Place::attribute(clause), &names, sink)));
            }
            Attribute::RequireScope => {
                let names = names(clause, sink);
                rules.push(names.and_then(|names| predicates.scopes(&Place::attribute(clause), &names, sink)));
            }
            Attribute::Authorize => {
                let clause = misplaced::expression(clause, sink);
                rules.push(clause.and_then(|clause| authorize(&clause, &mut predicates, sink)));
            }
            Attribute::Body | Attribute::RateLimit | Attribute::Csp | Attribute::CsrfExempt => {}
        }
    }
    if !clauses.iter().any(|clause| clause.attribute.declares_access()) {
        return None;
    }
    if let Some(because) = because {
        return Some(Access::Public { because });
    }
    let rule = together(rules, clauses, &mut predicates, sink)?;
    let Narrowing { via, fresh, issuers } = narrowing;
    let Predicates { checks, named, apart, contingent } = predicates;
    let protection = Protection { via, issuers, fresh, rule, csrf_exempt: None, named, checks, apart, contingent };
    Some(Access::Protected(Box::new(protection)))
}

/// Returns the names in a list, or `None` where it has nothing but options, which are reported.
fn names(clause: &Clause, sink: &mut Sink) -> Option<Vec<Argument>> {
    let (_, names) = Options::read(clause, sink);
    (!names.is_empty() || clause.parts.is_empty()).then_some(names)
}

/// Joins all rules. Each rule alone may be satisfiable, and yet all together may admit no caller.
fn together(
    rules: Vec<Option<Rule>>,
    clauses: &[&Clause],
    predicates: &mut Predicates,
    sink: &mut Sink,
) -> Option<Rule> {
    let rules: Vec<Rule> = rules.into_iter().collect::<Option<_>>()?;
    let each_may_hold = rules.iter().all(|rule| constant(rule).is_none());
    let is_joined = rules.len() > 1;
    let rule = Rule::all(rules);
    let last = clauses.iter().rfind(|clause| clause.attribute == Attribute::Authorize);
    if let Some(last) = last.filter(|_| each_may_hold && is_joined) {
        let refused = |_| {
            problem(&last.name, Code::NeverHolds, "`#[authorize]` refuses everybody whom the other attributes admit")
                .advice("leave out what contradicts them")
        };
        match constant(&rule) {
            Some(false) => sink.push(refused(false)),
            _ => predicates.ask_compiler(&rule, &last.name.to_token_stream(), refused),
        }
    }
    Some(rule)
}

fn limits(clauses: &[&Clause], access: Option<&Access>, sink: &mut Sink) -> Option<Vec<Limit>> {
    let callers = Callers::of(access);
    let clauses = clauses.iter().filter(|clause| clause.attribute == Attribute::RateLimit);
    let limits: Vec<Option<Placed>> = clauses.map(|clause| limit::limit(clause, &callers, sink)).collect();
    let limits: Vec<Placed> = limits.into_iter().collect::<Option<_>>()?;
    overlap::check(&limits, sink);
    let mut limits: Vec<Limit> = limits.into_iter().map(|placed| placed.limit).collect();
    limits.sort_by_cached_key(place);
    Some(limits)
}

/// Returns the key by which limits are sorted. A counter is identified by its index among the limits, which must not
/// depend on the order of the attributes.
fn place(limit: &Limit) -> impl Ord + use<> {
    let name = limit.name.as_ref().map(syn::LitStr::value);
    let Limit { window, count, burst, cost, on_outage, shadow, counts, .. } = *limit;
    (limit.key.spelled(), window, count, burst, cost, name, on_outage, shadow, counts)
}
