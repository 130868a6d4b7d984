//! Finds rules that have the same outcome for every caller.

use super::Rule;

/// The callers about whom a rule is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callers {
    /// A caller may hold any set of roles and scopes.
    Any,
    /// A caller may have any set of scopes, and has no role.
    WithoutRoles,
}

/// The maximum number of combinations that are tried. A larger search ends without a result, because a start must not
/// take seconds.
const MOST_STEPS: u32 = 1 << 14;

/// Returns whether the rule has the outcome `wanted` for some caller and some answers of checks.
///
/// Returns `true` also for a rule with an empty list, which the guard refuses on its own, and for a rule that takes
/// more than [`MOST_STEPS`] steps.
pub(crate) fn can_be(rule: &Rule, wanted: bool, callers: Callers) -> bool {
    Search { rule, wanted, callers, facts: Vec::new(), steps: 0 }.finds().unwrap_or(true)
}

/// A fact about a caller. All facts are independent of each other. A caller may hold any set of role names, and the
/// hierarchy is in the names that satisfy a requirement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Role(&'static str),
    Scope(&'static str),
    Check(usize),
}

enum Truth {
    Known(bool),
    /// The outcome depends on this fact next.
    Open(Fact),
}

struct Search<'a> {
    rule: &'a Rule,
    wanted: bool,
    callers: Callers,
    /// The facts that are assumed.
    facts: Vec<(Fact, bool)>,
    steps: u32,
}

impl Search<'_> {
    /// Assumes one fact after the other until the outcome is known. Returns `None` where the search gives up.
    fn finds(&mut self) -> Option<bool> {
        self.steps = self.steps.saturating_add(1);
        if self.steps > MOST_STEPS {
            return None;
        }
        let fact = match self.evaluate(self.rule)? {
            Truth::Known(outcome) => return Some(outcome == self.wanted),
            Truth::Open(fact) => fact,
        };
        for assumed in [true, false] {
            self.facts.push((fact, assumed));
            let found = self.finds()?;
            self.facts.pop();
            if found {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Returns `None` for a rule with an empty list.
    fn evaluate(&self, rule: &Rule) -> Option<Truth> {
        match rule {
            Rule::Authenticated => Some(Truth::Known(true)),
            Rule::Role(_) if self.callers == Callers::WithoutRoles => Some(Truth::Known(false)),
            Rule::Role(role) => {
                let names = core::iter::once(role.name()).chain(role.implied_by().iter().copied());
                one_of(names.map(|name| Some(self.look_up(Fact::Role(name)))), true)
            }
            Rule::Scope(scope) => Some(self.look_up(Fact::Scope(scope))),
            Rule::Check(check) => Some(self.look_up(Fact::Check(check.index()))),
            Rule::All(rules) => one_of(rules.iter().map(|rule| self.evaluate(rule)), false),
            Rule::Any(rules) => one_of(rules.iter().map(|rule| self.evaluate(rule)), true),
            Rule::Not(rule) => Some(match self.evaluate(rule)? {
                Truth::Known(outcome) => Truth::Known(!outcome),
                open @ Truth::Open(_) => open,
            }),
        }
    }

    fn look_up(&self, fact: Fact) -> Truth {
        let known = self.facts.iter().find(|(known, _)| *known == fact);
        known.map_or(Truth::Open(fact), |(_, assumed)| Truth::Known(*assumed))
    }
}

/// Joins the members of a list. A single member with the outcome `decisive` decides the list; otherwise all members
/// have the opposite outcome.
fn one_of(members: impl Iterator<Item = Option<Truth>>, decisive: bool) -> Option<Truth> {
    let (mut decided, mut open, mut is_empty) = (false, None, true);
    for member in members {
        is_empty = false;
        match member? {
            Truth::Known(outcome) => decided |= outcome == decisive,
            Truth::Open(fact) => open = open.or(Some(fact)),
        }
    }
    match open {
        _ if is_empty => None,
        Some(fact) if !decided => Some(Truth::Open(fact)),
        _ => Some(Truth::Known(decided == decisive)),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{RoleRule, Rule},
        Callers::{Any, WithoutRoles},
        can_be,
    };

    const MEMBER: Rule = Rule::Role(RoleRule::new("member").with_implied_by(&["admin"]));
    const ADMIN: Rule = Rule::role("admin");

    fn outcomes(rule: &Rule) -> [bool; 2] {
        [true, false].map(|wanted| can_be(rule, wanted, Any))
    }

    #[test]
    fn most_rules_hold_for_some_callers_only() {
        const RULES: [Rule; 7] = [
            ADMIN,
            Rule::scope("notes"),
            Rule::check(0, "owns"),
            Rule::Not(&ADMIN),
            Rule::All(&[MEMBER, Rule::Not(&ADMIN)]),
            Rule::Any(&[ADMIN, Rule::Not(&MEMBER)]),
            Rule::Any(&[Rule::scope("a"), Rule::Not(&Rule::scope("b"))]),
        ];
        for rule in &RULES {
            assert_eq!(outcomes(rule), [true, true], "{rule:?}");
        }
    }

    #[test]
    fn a_contradiction_never_holds_and_its_opposite_always() {
        const NEVER: [Rule; 4] = [
            Rule::All(&[ADMIN, Rule::Not(&ADMIN)]),
            Rule::All(&[ADMIN, Rule::Not(&MEMBER)]),
            Rule::All(&[Rule::scope("a"), Rule::Any(&[ADMIN, MEMBER]), Rule::Not(&MEMBER)]),
            Rule::All(&[Rule::check(0, "owns"), Rule::Not(&Rule::check(0, "owns"))]),
        ];
        for rule in &NEVER {
            assert_eq!(outcomes(rule), [false, true], "{rule:?}");
        }
        assert_eq!(outcomes(&Rule::Not(&NEVER[1])), [true, false]);
        assert_eq!(outcomes(&Rule::Authenticated), [true, false]);
    }

    #[test]
    fn callers_without_roles_satisfy_what_asks_for_none() {
        const EXPECTED: [(Rule, bool); 7] = [
            (ADMIN, false),
            (Rule::All(&[Rule::scope("a"), MEMBER]), false),
            (Rule::All(&[Rule::scope("a"), Rule::Any(&[MEMBER, ADMIN])]), false),
            (Rule::Any(&[Rule::scope("a"), MEMBER]), true),
            (Rule::Any(&[Rule::check(0, "owns"), MEMBER]), true),
            (Rule::Not(&ADMIN), true),
            (Rule::Authenticated, true),
        ];
        for (rule, expected) in &EXPECTED {
            assert_eq!(can_be(rule, true, WithoutRoles), *expected, "{rule:?}");
        }
    }

    #[test]
    fn empty_lists_are_not_judged() {
        const RULES: [Rule; 3] = [Rule::Any(&[]), Rule::All(&[]), Rule::Any(&[Rule::Authenticated, Rule::All(&[])])];
        for rule in &RULES {
            assert_eq!(outcomes(rule), [true, true], "{rule:?}");
        }
    }

    /// Returns a contradiction behind this many pairs of scopes.
    fn contradiction_behind(pairs: usize) -> Rule {
        let scope = |number: usize| Rule::scope(number.to_string().leak());
        let pair = |number| Rule::Any(vec![scope(2 * number), scope(2 * number + 1)].leak());
        let pairs = Rule::All((0..pairs).map(pair).collect::<Vec<_>>().leak());
        Rule::All(vec![pairs, ADMIN, Rule::Not(&ADMIN)].leak())
    }

    #[test]
    fn the_work_is_bounded() {
        assert!(!can_be(&contradiction_behind(5), true, Any));
        assert!(can_be(&contradiction_behind(20), true, Any), "the search gives up");
    }
}
