use proc_macro2::Span;
use proptest::prelude::*;
use syn::LitStr;

use super::*;
use crate::model::{Role, Scope};

fn scope(index: usize) -> Rule {
    Rule::Scope(Scope::Named(LitStr::new(&format!("s{index}"), Span::call_site())))
}

/// Generates rules over at most `atoms` conditions.
fn rules(atoms: usize) -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![1 => Just(Rule::Authenticated), 9 => (0..atoms).prop_map(scope)];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Rule::All),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Rule::Any),
            inner.prop_map(|rule| Rule::Not(Box::new(rule))),
        ]
    })
}

/// Evaluates a rule where atom `i` holds if bit `i` of `row` is set.
fn answer(rule: &Rule, row: u32) -> bool {
    match rule {
        Rule::Authenticated => true,
        Rule::Scope(Scope::Named(name)) => row >> name.value()[1..].parse::<u32>().unwrap() & 1 == 1,
        Rule::All(rules) => rules.iter().all(|rule| answer(rule, row)),
        Rule::Any(rules) => rules.iter().any(|rule| answer(rule, row)),
        Rule::Not(rule) => !answer(rule, row),
        Rule::Role(_) | Rule::Scope(Scope::Constant { .. }) | Rule::Check(..) => unreachable!("not generated"),
    }
}

fn naive(rule: &Rule, atoms: u32) -> Option<bool> {
    let first = answer(rule, 0);
    (0..1 << atoms).all(|row| answer(rule, row) == first).then_some(first)
}

proptest! {
    #[test]
    fn the_table_agrees_with_asking_row_by_row(rule in rules(8)) {
        prop_assert_eq!(constant(&rule), naive(&rule, 8));
    }
}

#[test]
fn atoms_beyond_one_word_are_tabulated() {
    let all = |rules: Vec<Rule>| Rule::All(rules);
    let fourteen: Vec<Rule> = (0..14).map(scope).collect();
    assert_eq!(constant(&all(fourteen.clone())), None);
    let never = all(fourteen.iter().cloned().chain([Rule::Not(Box::new(scope(13)))]).collect());
    assert_eq!(constant(&never), Some(false));
}

#[test]
fn too_many_atoms_are_left_alone() {
    let mut rules: Vec<Rule> = (0..=MOST_ATOMS).map(scope).collect();
    rules.push(Rule::Not(Box::new(scope(0))));
    assert_eq!(constant(&Rule::All(rules)), None);
}

#[test]
fn kinds_of_conditions_with_one_name_differ() {
    let name = LitStr::new("s0", Span::call_site());
    let rule = Rule::All(vec![Rule::Role(Role::Named(name)), Rule::Not(Box::new(scope(0)))]);
    assert_eq!(constant(&rule), None);
}
