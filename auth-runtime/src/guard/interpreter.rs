use axum::http::request::Parts;

use crate::{
    identity::Identity,
    policy::{CheckRule, Policy, Rule},
};

use super::{Rejection, RunChecks, event, pending_error};

/// Returns the first check on which the answer depends, or `None` when roles and scopes alone admit the caller.
pub(super) fn first_check<S, C: RunChecks<S>>(
    rule: &'static Rule,
    caller: &Identity,
) -> Result<Option<CheckRule>, Rejection> {
    open_check(rule, caller, &Answers::of(C::COUNT))
}

/// Evaluates `rule` for this caller, from its `first` check on. Checks run only while the rest of the rule leaves the
/// answer open. Each check runs at most once.
pub(super) async fn run_checks<S, C: RunChecks<S>>(
    (policy, rule): (&'static Policy, &'static Rule),
    first: CheckRule,
    caller: &Identity,
    parts: &mut Parts,
    state: &S,
) -> Result<(), Rejection> {
    let mut answers = Answers::of(C::COUNT);
    let mut open = Some(first);
    while let Some(check) = open {
        match pending_error::run::<S, C>(check.index, parts, state).await {
            (Ok(answer), met) => {
                if let Some(error) = met {
                    event::unavailable(policy.handler(), parts, &error);
                }
                answers.learn(check, answer);
            }
            (Err(failure), met) => return Err(Rejection::CheckFailed(failure.explained(check, met))),
        }
        open = open_check(rule, caller, &answers)?;
    }
    Ok(())
}

/// Returns the next check that matters, or `None` once the caller is admitted.
fn open_check(rule: &'static Rule, caller: &Identity, answers: &Answers) -> Result<Option<CheckRule>, Rejection> {
    match evaluate(rule, caller, answers) {
        Truth::Holds => Ok(None),
        Truth::Open(check) => Ok(Some(check)),
        Truth::Fails => Err(refusal(rule, caller, answers)),
        Truth::Broken => Err(Rejection::Misconfigured("the policy's rule admits no caller by its shape")),
    }
}

/// The values of three-valued logic, and a fourth value for trees that no attribute writes. The fourth never becomes an
/// admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    Fails,
    /// The result depends on this check next.
    Open(CheckRule),
    /// The tree has an empty list or a check out of range. Not even a negation turns this into an admission.
    Broken,
}

/// The checks that have answered, by index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answers {
    /// The number of checks in the policy.
    checks: usize,
    known: u64,
    held: u64,
}

impl Answers {
    /// Makes an empty set of answers for a policy with this many checks.
    pub(super) fn of(checks: usize) -> Self {
        Self { checks, ..Self::default() }
    }

    pub(super) fn learn(&mut self, check: CheckRule, answer: bool) {
        let bit = bit(check).unwrap_or(0);
        self.known |= bit;
        if answer {
            self.held |= bit;
        }
    }

    fn look_up(self, check: CheckRule) -> Truth {
        match bit(check).filter(|_| check.index < self.checks) {
            None => Truth::Broken,
            Some(bit) if self.known & bit == 0 => Truth::Open(check),
            Some(bit) => truth(self.held & bit != 0),
        }
    }
}

fn bit(check: CheckRule) -> Option<u64> {
    u32::try_from(check.index).ok().and_then(|index| 1_u64.checked_shl(index))
}

pub(super) fn evaluate(rule: &Rule, caller: &Identity, answers: &Answers) -> Truth {
    match rule {
        Rule::Authenticated => Truth::Holds,
        Rule::Role(role) => truth(caller.roles().any(|held| role.is_satisfied_by(held))),
        Rule::Scope(scope) => truth(caller.has_scope(scope)),
        Rule::Check(check) => answers.look_up(*check),
        Rule::All(rules) => combine(rules, caller, answers, Truth::Fails),
        Rule::Any(rules) => combine(rules, caller, answers, Truth::Holds),
        Rule::Not(rule) => match evaluate(rule, caller, answers) {
            Truth::Holds => Truth::Fails,
            Truth::Fails => Truth::Holds,
            open_or_broken => open_or_broken,
        },
    }
}

/// Evaluates a list. A single member with the value `decisive` decides the list; otherwise all members have the
/// opposite value.
fn combine(rules: &[Rule], caller: &Identity, answers: &Answers, decisive: Truth) -> Truth {
    if rules.is_empty() {
        return Truth::Broken;
    }
    let mut outcome = if decisive == Truth::Holds { Truth::Fails } else { Truth::Holds };
    for rule in rules {
        match evaluate(rule, caller, answers) {
            Truth::Broken => return Truth::Broken,
            value if value == decisive => outcome = decisive,
            // The first open check is the next to run, unless a later member decides.
            Truth::Open(check) if outcome != decisive && !matches!(outcome, Truth::Open(_)) => {
                outcome = Truth::Open(check);
            }
            _ => {}
        }
    }
    outcome
}

/// Builds the refusal. It names the missing scopes when they would have admitted the caller (RFC 6750, section 3.1),
/// and nothing otherwise.
fn refusal(rule: &'static Rule, caller: &Identity, answers: &Answers) -> Rejection {
    let mut missing = rule.scopes();
    missing.retain(|scope| !caller.has_scope(scope));
    let with_all = Identity::builder(caller.subject(), caller.via())
        .roles(caller.roles())
        .scope(&caller.scopes().chain(missing.iter().copied()).collect::<Vec<_>>().join(" "))
        .build();
    if !missing.is_empty() && matches!(evaluate(rule, &with_all, answers), Truth::Holds | Truth::Open(_)) {
        return Rejection::InsufficientScope(missing);
    }
    Rejection::Forbidden
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::Holds } else { Truth::Fails }
}

#[cfg(test)]
mod tests;
