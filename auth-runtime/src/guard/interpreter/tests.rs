//! Compares the interpreter with a naive evaluator on random trees.

use core::cell::RefCell;

use axum::http::{Request, request::Parts};
use proptest::prelude::*;

use crate::{guard::CheckRejection, policy::Via};

use super::*;

const POLICY: &Policy = &Policy::protected("scripted");

const NAMES: [&str; 3] = ["a", "b", "c"];

/// A tree as proptest generates it; [`leak`] gives it the lifetime of a policy.
#[derive(Clone, Debug)]
enum Tree {
    Authenticated,
    Role(usize),
    Scope(usize),
    Check(usize),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
}

fn trees(shortest: usize) -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Authenticated),
        (0..3_usize).prop_map(Tree::Role),
        (0..3_usize).prop_map(Tree::Scope),
        (0..3_usize).prop_map(Tree::Check),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), shortest..4).prop_map(Tree::All),
            prop::collection::vec(inner.clone(), shortest..4).prop_map(Tree::Any),
            inner.prop_map(|tree| Tree::Not(Box::new(tree))),
        ]
    })
}

fn leak(tree: &Tree) -> Rule {
    let list = |trees: &[Tree]| -> &'static [Rule] { Box::leak(trees.iter().map(leak).collect()) };
    match tree {
        Tree::Authenticated => Rule::Authenticated,
        Tree::Role(i) => Rule::role(NAMES[*i]),
        Tree::Scope(i) => Rule::scope(NAMES[*i]),
        Tree::Check(i) => Rule::check(*i, NAMES[*i]),
        Tree::All(trees) => Rule::All(list(trees)),
        Tree::Any(trees) => Rule::Any(list(trees)),
        Tree::Not(tree) => Rule::Not(Box::leak(Box::new(leak(tree)))),
    }
}

#[derive(Clone, Copy, Debug)]
struct World {
    roles: [bool; 3],
    scopes: [bool; 3],
    checks: [bool; 3],
}

fn worlds() -> impl Strategy<Value = World> {
    (any::<[bool; 3]>(), any::<[bool; 3]>(), any::<[bool; 3]>()).prop_map(|(roles, scopes, checks)| World {
        roles,
        scopes,
        checks,
    })
}

fn naive(tree: &Tree, world: &World) -> bool {
    match tree {
        Tree::Authenticated => true,
        Tree::Role(i) => world.roles[*i],
        Tree::Scope(i) => world.scopes[*i],
        Tree::Check(i) => world.checks[*i],
        Tree::All(trees) => trees.iter().all(|tree| naive(tree, world)),
        Tree::Any(trees) => trees.iter().any(|tree| naive(tree, world)),
        Tree::Not(tree) => !naive(tree, world),
    }
}

fn has_empty_list(tree: &Tree) -> bool {
    match tree {
        Tree::All(trees) | Tree::Any(trees) => trees.is_empty() || trees.iter().any(has_empty_list),
        Tree::Not(tree) => has_empty_list(tree),
        _ => false,
    }
}

/// Returns whether the tree can hold and whether it can fail, when each check that has not run may give either answer.
fn possible(tree: &Tree, world: &World, ran: &[usize]) -> (bool, bool) {
    match tree {
        Tree::Check(i) if !ran.contains(i) => (true, true),
        Tree::All(trees) => {
            let each: Vec<_> = trees.iter().map(|tree| possible(tree, world, ran)).collect();
            (each.iter().all(|(can_hold, _)| *can_hold), each.iter().any(|(_, can_fail)| *can_fail))
        }
        Tree::Any(trees) => {
            let each: Vec<_> = trees.iter().map(|tree| possible(tree, world, ran)).collect();
            (each.iter().any(|(can_hold, _)| *can_hold), each.iter().all(|(_, can_fail)| *can_fail))
        }
        Tree::Not(tree) => {
            let (can_hold, can_fail) = possible(tree, world, ran);
            (can_fail, can_hold)
        }
        leaf => (naive(leaf, world), !naive(leaf, world)),
    }
}

thread_local! {
    static CHECKS: RefCell<([bool; 3], Vec<usize>)> = const { RefCell::new(([false; 3], Vec::new())) };
}

/// Three checks that give the answers of the test and record that they ran.
struct Scripted;

impl RunChecks<()> for Scripted {
    const COUNT: usize = 3;

    async fn run(index: usize, _parts: &mut Parts, _state: &()) -> Result<bool, CheckRejection> {
        Ok(CHECKS.with_borrow_mut(|(answers, ran)| {
            ran.push(index);
            answers[index]
        }))
    }
}

fn ask(tree: &Tree, world: &World) -> (Result<(), Rejection>, Vec<usize>) {
    CHECKS.set((world.checks, Vec::new()));
    let held = |flags: [bool; 3]| NAMES.into_iter().zip(flags).filter(|(_, held)| *held).map(|(name, _)| name);
    let caller = Identity::builder("alice", Via::BEARER)
        .roles(held(world.roles))
        .scope(&held(world.scopes).collect::<Vec<_>>().join(" "))
        .build();
    let rule: &'static Rule = Box::leak(Box::new(leak(tree)));
    let mut parts = Request::new(()).into_parts().0;
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcome = runtime.block_on(async {
        match first_check::<(), Scripted>(rule, &caller)? {
            None => Ok(()),
            Some(first) => run_checks::<(), Scripted>((POLICY, rule), first, &caller, &mut parts, &()).await,
        }
    });
    (outcome, CHECKS.take().1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_answer_is_the_naive_one(tree in trees(1), world in worlds()) {
        let (outcome, _) = ask(&tree, &world);
        prop_assert_eq!(outcome.is_ok(), naive(&tree, &world), "{:?}", outcome);
    }

    #[test]
    fn a_check_runs_once_and_only_while_the_answer_is_open(tree in trees(1), world in worlds()) {
        let (_, ran) = ask(&tree, &world);
        for (n, check) in ran.iter().enumerate() {
            prop_assert!(!ran[..n].contains(check), "check {check} ran twice");
            let open = possible(&tree, &world, &ran[..n]) == (true, true);
            prop_assert!(open, "check {check} ran although {:?} had decided", &ran[..n]);
        }
    }

    #[test]
    fn a_tree_with_an_empty_list_admits_no_caller(tree in trees(0), world in worlds()) {
        let tree = if has_empty_list(&tree) { tree } else { Tree::Any(vec![tree, Tree::All(vec![])]) };
        prop_assert!(ask(&tree, &world).0.is_err());
    }
}

#[test]
fn a_check_out_of_range_admits_no_caller_even_negated() {
    let world = World { roles: [false; 3], scopes: [false; 3], checks: [false; 3] };
    let caller = Identity::builder("alice", Via::BEARER).build();
    let out_of_range = Rule::check(64, "x");
    let negated: &'static Rule = Box::leak(Box::new(Rule::Not(Box::leak(Box::new(out_of_range)))));
    assert_eq!(evaluate(negated, &caller, &Answers::of(65)), Truth::Broken);
    let beyond_the_last: &'static Rule = Box::leak(Box::new(Rule::Not(Box::leak(Box::new(Rule::check(1, "x"))))));
    assert_eq!(evaluate(beyond_the_last, &caller, &Answers::of(1)), Truth::Broken);
    assert!(ask(&Tree::Not(Box::new(Tree::All(vec![]))), &world).0.is_err());
}

#[test]
fn scopes_that_would_have_helped_are_named() {
    let world = World { roles: [true, false, false], scopes: [true, false, false], checks: [false; 3] };
    let all = Tree::All(vec![Tree::Role(0), Tree::Scope(0), Tree::Scope(1), Tree::Scope(2)]);
    let Err(Rejection::InsufficientScope(missing)) = ask(&all, &world).0 else { panic!("not a matter of scope") };
    assert_eq!(missing, ["b", "c"]);
}

#[test]
fn a_missing_role_is_no_matter_of_scope() {
    let world = World { roles: [false; 3], scopes: [false; 3], checks: [false; 3] };
    let all = Tree::All(vec![Tree::Role(0), Tree::Scope(0)]);
    assert!(matches!(ask(&all, &world).0, Err(Rejection::Forbidden)));
}
