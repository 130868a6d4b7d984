//! The tables of foreign password hashes: each form has a release and a test, and the time of each was measured.

use std::sync::Arc;

use auth_runtime::{
    password::{Passwords, StoredHashError},
    secret::SystemEntropy,
};
use auth_tests::{read, root};

#[path = "../../../auth-runtime/benches/password_formats/forms.rs"]
mod forms;

/// The guide names the releases and a test for each form, and each test exists.
#[test]
fn each_form_of_a_foreign_hash_names_a_test_that_there_is() {
    let page = read(&root().join("auth-runtime/docs/guide/passwords.md"));
    let (_, forms) = page.split_once("| form | written by | tested with | test |\n|---|---|---|---|\n").unwrap();
    let rows: Vec<_> = forms.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 18, "{}", rows.len());
    let mut tested = String::new();
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [form, written_by, made_by, test] = cells[..] else { panic!("{row}") };
        assert!(!written_by.is_empty() && (!made_by.is_empty() || form == "one of your own"), "{row}");
        let (module, test) = test.trim_matches('`').split_once("::").unwrap_or_else(|| panic!("{row}"));
        let file = root().join(format!("auth-runtime/src/password/tests/{module}.rs"));
        let code = read(&file);
        assert!(code.contains(&format!("fn {test}(")), "there is no test `{module}::{test}`");
        tested.push_str(test);
    }
    // Conversely, the page lists every tested form.
    let code = read(&root().join("auth-runtime/src/password/tests/foreign.rs"));
    for test in code.split("async fn ").skip(1).filter(|test| test.contains("    holds(")) {
        let name = test.split('(').next().unwrap();
        assert!(name == "holds" || tested.contains(name), "`{name}` stands in no row");
    }
}

/// The benchmark measures each form at the system's usual settings and at the ceilings, and no hash is over them.
#[test]
fn each_measured_hash_is_within_the_ceilings_and_its_time_is_in_the_document() {
    let passwords = Passwords::builder(Arc::new(SystemEntropy::new())).build();
    // An import refuses some hashes of sha-crypt, because their cost depends on the password. The measured one is short
    // enough.
    let readable = |form: &str, stored: &str| match passwords.check_stored(stored) {
        Ok(()) | Err(StoredHashError::TooCostlyForLongPasswords) => {}
        Err(error) => panic!("{form}: {error}"),
    };
    let document = read(&root().join("docs/performance.md"));
    let (_, document) = document.split_once("### Hashes of other systems\n").unwrap();
    let row = |begin: &str| assert!(document.lines().any(|line| line.starts_with(begin)), "no row `{begin}`");
    for (form, by, stored) in forms::usual() {
        readable(form, &stored);
        row(&format!("| {form} | {by} | "));
    }
    for (form, _, stored) in forms::at_the_ceiling() {
        readable(form, &stored);
        row(&format!("| {form} | "));
    }
    for (form, _, stored) in forms::at_the_ceiling_for_a_long_password() {
        readable(form, &stored);
        row(&format!("| {form} | "));
    }
}
