//! The pinned cases show what people see: a handler stands on a route, where errors that follow would appear.

use std::collections::BTreeMap;

use auth_tests::{files, read, root};

/// The number of cases only grows.
const AT_LEAST: usize = 400;

#[test]
fn there_are_many_cases() {
    let found = cases().len();
    assert!(found >= AT_LEAST, "{found} cases in ui/fail, expected at least {AT_LEAST}");
}

#[test]
fn a_handler_stands_on_a_route_with_a_state() {
    is_listed("off_route.txt", |case| has_handler(&case.source) && !is_on_route(&case.source));
}

#[test]
fn an_error_of_ours_stands_alone() {
    is_listed("not_alone.txt", |case| {
        let reports = case.message.split("\n\n").map(str::trim_start);
        let reports: Vec<_> =
            reports.filter(|report| report.starts_with("error") || report.starts_with("warning")).collect();
        // After a refused attribute, the missing policy of its handler is a follow-up, though it has a code.
        let is_ours = |report: &&str| report.contains("[AUTH") && !report.contains("[AUTH130]");
        reports.iter().any(is_ours) && !reports.iter().all(is_ours)
    });
}

/// Checks that the list has exactly the cases for which `is_exception` is true, each with its reason.
fn is_listed(list: &str, is_exception: impl Fn(&Case) -> bool) {
    let listed = listed(list);
    let found: Vec<_> = cases().into_iter().filter(is_exception).map(|case| case.name).collect();
    let missing: Vec<_> = found.iter().filter(|name| !listed.contains_key(*name)).collect();
    assert!(missing.is_empty(), "cases/{list} does not have {missing:#?}");
    let unused: Vec<_> = listed.keys().filter(|name| !found.contains(name)).collect();
    assert!(unused.is_empty(), "cases/{list} has {unused:#?}, which are no exceptions");
}

/// Returns the cases of a list and their reasons: `folder/case: reason`.
fn listed(list: &str) -> BTreeMap<String, String> {
    let text = read(&root().join("tests/tests/cases").join(list));
    let lines = text.lines().map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line}: no reason")));
    lines.map(|(name, reason)| (name.to_owned(), reason.to_owned())).collect()
}

fn has_handler(source: &str) -> bool {
    const ATTRIBUTES: [&str; 10] = [
        "public",
        "protected",
        "require_role",
        "require_scope",
        "authorize",
        "body",
        "rate_limit",
        "csp",
        "csrf_exempt",
        "check",
    ];
    let is_attribute = |name: &str| [")]", "]", "("].iter().any(|next| source.contains(&format!("#[{name}{next}")));
    ATTRIBUTES.iter().any(|name| is_attribute(name)) && source.contains("fn ")
}

/// Returns whether the source puts a handler on a route, or takes it as the fallback, of a router with a state.
fn is_on_route(source: &str) -> bool {
    let is_routed = [".route(", ".fallback("].iter().any(|call| source.contains(call));
    is_routed && source.contains("GuardedRouter") && !source.contains("GuardedRouter<()>")
}

struct Case {
    name: String,
    source: String,
    message: String,
}

fn cases() -> Vec<Case> {
    let folder = root().join("tests/ui/fail");
    let read = |path: std::path::PathBuf| Case {
        name: path.strip_prefix(&folder).unwrap().with_extension("").display().to_string(),
        source: read(&path.with_extension("rs")),
        message: read(&path),
    };
    files(&folder, "stderr").into_iter().map(read).collect()
}
