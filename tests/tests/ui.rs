//! Code that compiles, and code that does not, with the messages that users see. `TRYBUILD=overwrite` rewrites the
//! messages for the reviewer to read.

use std::{path::PathBuf, process::Command};

use auth_tests::{
    error_pages,
    packages::{put, target},
    programs::built,
    root,
};

/// No case that compiles is among them. So trybuild checks all cases in one run of cargo, and compiles no dependency
/// to the end.
#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("ui/fail/*/*.rs");
}

#[test]
fn what_compiles_does_what_it_asserts() {
    let programs = programs();
    for program in built("ui", &programs) {
        let run = Command::new(&program).output().unwrap();
        assert!(run.status.success(), "{}: {}", program.display(), String::from_utf8_lossy(&run.stderr));
    }
}

/// Writes the corrected code of the error pages beside the cases, and returns the paths of both.
fn programs() -> Vec<PathBuf> {
    let remedies = target().join("ui/remedies.rs");
    put(&remedies, &remedies_of_pages());
    let mut programs = auth_tests::files(&root().join("tests/ui/pass"), "rs");
    programs.push(remedies);
    programs
}

/// Returns the corrected code of every page in `docs/errors`, each in its own function.
fn remedies_of_pages() -> String {
    let functions = error_pages().into_iter().map(|page| {
        let remedy = page.remedy().unwrap_or_else(|| panic!("{} shows no remedy", page.code));
        format!("fn {}() {{\n{remedy}\n}}\n", page.code.to_lowercase())
    });
    format!("#![allow(dead_code, unused_variables)]\n\nfn main() {{}}\n\n{}", functions.collect::<Vec<_>>().join("\n"))
}
